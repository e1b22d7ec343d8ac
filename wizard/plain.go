package wizard

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/exoplan/exoplan/profiles"
)

// RunPlain asks the questions line by line, until the user is done, a signal comes or ctx is
// done. It writes plain lines and nothing else: no colour, nothing that moves a cursor, no line
// broken to a width. What it reads may be a pipe; an end of the input before the user is done is
// a bare *EndOfInputError. However it ends, answers that were taken are saved before it returns.
func RunPlain(ctx context.Context, o Options, in io.Reader, out io.Writer) (Result, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	p := &prompts{work: newWork(o), out: out, lines: readLines(in), signals: signals, done: ctx.Done()}
	err := p.session()
	if p.unsaved != nil {
		p.save() // once more, before what was answered is given up
	}
	if left, is := errors.AsType[leftError](err); is {
		p.result.End, err = left.end, nil
	}
	if p.unsaved != nil {
		err = errors.Join(err, p.unsaved)
	}
	return p.result, err
}

// EndOfInputError says that the input of plain prompts ended before the user was done. All
// that was answered before is saved.
type EndOfInputError struct {
	Asking string // what was asked when it ended
}

func (e *EndOfInputError) Error() string { return "the input ended at: " + e.Asking }

// prompts is a session line by line.
type prompts struct {
	work
	out     io.Writer
	lines   <-chan input
	signals <-chan os.Signal
	done    <-chan struct{}
	asking  string // what waits for a line
	heard   string // the words that were named last
	unsaved error  // of the last save
	result  Result
}

// An input is one line as it was read, or the end.
type input struct {
	text string
	err  error
}

// readLines reads with one buffer for the whole session, so that no question swallows the lines
// of the next. It is ahead by one line at most.
func readLines(in io.Reader) <-chan input {
	lines := make(chan input)
	go func() {
		r := bufio.NewReader(in)
		for first := true; ; first = false {
			text, err := r.ReadString('\n')
			if first {
				text = strings.TrimPrefix(text, "\ufeff")
			}
			if err == nil || text != "" {
				lines <- input{text: strings.TrimRight(text, "\r\n")}
			}
			if err != nil {
				lines <- input{err: err}
				return
			}
		}
	}()
	return lines
}

// leftError ends the session on purpose.
type leftError struct{ end End }

func (e leftError) Error() string { return string(e.end) }

// A place is where the session goes on.
type place struct {
	kind placeKind
	ref  profiles.Ref // of a question
	back bool         // a question that was opened from the review returns there
}

type placeKind int

const (
	atQuestion placeKind = iota
	atBeginning
	atReview
)

// session goes from place to place until an error says why it ends: that somebody left, too.
func (p *prompts) session() error {
	p.say("Answers are saved to " + p.o.SavedTo + ". /help says which words you can type.")
	at := p.start()
	for {
		var err error
		switch at.kind {
		case atBeginning:
			at, err = p.beginning()
		case atReview:
			at, err = p.review()
		case atQuestion:
			at, err = p.question(at)
		}
		if err != nil {
			return err
		}
	}
}

// start is the first question without an answer, or, where there is none, the review.
func (p *prompts) start() place {
	if p.isNew() {
		return place{kind: atBeginning}
	}
	return p.resume()
}

func (p *prompts) resume() place {
	if ref, found := p.unanswered(); found {
		return place{ref: ref}
	}
	return place{kind: atReview}
}

// say writes one line. A line end within a text would end it.
func (p *prompts) say(text string) { fmt.Fprintln(p.out, lineEnds.Replace(text)) }

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func (p *prompts) sayAll(err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		p.say("Error: " + line)
	}
}

// changed is called after every change of the profile: it works out what follows, says what
// became of other answers, and saves.
func (p *prompts) changed() {
	for _, text := range p.resolve() {
		p.say(text)
	}
	p.saved()
}

func (p *prompts) save() { p.unsaved = p.o.Save(p.o.Session.Profile()) }

// saved saves, and says so where it cannot be done.
func (p *prompts) saved() bool {
	p.save()
	if p.unsaved != nil {
		p.say("Error: not saved: " + p.unsaved.Error())
	}
	return p.unsaved == nil
}

// A word is what can be typed in place of an answer.
type word struct{ name, does string }

// The words. All begin with a slash, so that no answer can be taken for one.
var (
	wordBack   = word{"/back", "goes to the question before"}
	wordWhy    = word{"/why", "says why this is asked, what each answer brings and what the sources say"}
	wordAhead  = word{"/preview", "says what the answer puts in the pack, or what another would change: /preview 2"}
	wordOwed   = word{"/undecided", "leaves the answer to an owner, with a date and an assumption"}
	wordSettle = word{"/settle", "makes the assumption the answer"}
	wordSkip   = word{"/skip", "goes to the next question and leaves this one as it is"}
	wordClear  = word{"/clear", "takes your answer back, so that preset or default count again"}
	wordNone   = word{"/none", "answers that there is none"}
	wordRemove = word{"/remove", "takes one out of the list, by number or value: /remove 2"}
	wordRename = word{"/rename", "changes one of the list and keeps its answers: /rename 2 new.example"}
	wordMove   = word{"/move", "moves one of the list to another place: /move 3 1"}
	wordList   = word{"/list", "reads the list again"}
	wordReview = word{"/review", "goes to the review, the one place that writes the pack"}
	wordJump   = word{"/jump", "goes to another question: /jump dmarc, or /jump alone to hear the sections"}
	wordWrite  = word{"/write", "writes the pack"}
	wordDryRun = word{"/dry-run", "says what would be written, and writes nothing"}
	wordAll    = word{"/answers", "reads all answers"}
	wordDiffer = word{"/differs", "reads the answers that are not as preset and default say"}
	wordSince  = word{"/since", "reads what differs from the revision before"}
	wordRevise = word{"/revise", "keeps this revision as it is and begins the next"}
	wordSave   = word{"/save", "saves; that is done after every answer anyway"}
	wordQuit   = word{"/quit", "saves and ends the session"}
	wordHelp   = word{"/help", "lists these words"}
)

// everywhere are the words that hold at every prompt.
var everywhere = []word{wordSave, wordQuit, wordHelp}

// A reply is what was typed: a word with what follows it, or a text.
type reply struct{ word, text string }

// ask says what is expected and reads until somebody answers or types one of the words. The words
// are named where they are not those that were named last.
func (p *prompts) ask(prompt string, words ...word) (reply, error) {
	words = append(words, everywhere...)
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = w.name
	}
	if all := strings.Join(names, " "); all != p.heard {
		p.heard = all
		p.say(prompt + " Words: " + all + ":")
	} else {
		p.say(prompt + " Words: " + wordHelp.name + ":")
	}
	for {
		line, err := p.read()
		if err != nil {
			return reply{}, err
		}
		r, isWord := parseReply(line)
		switch {
		case !isWord:
			return r, nil
		case r.word == wordHelp.name:
			for _, w := range words {
				p.say(w.name + " " + w.does + ".")
			}
			p.say("An answer that begins with a slash is typed with two.")
		case r.word == wordSave.name:
			if p.saved() {
				p.say("Saved to " + p.o.SavedTo + ".")
			}
		case r.word == wordQuit.name:
			return reply{}, leftError{Finished}
		case slices.Contains(names, r.word):
			return r, nil
		default:
			p.say("Error: there is no word " + r.word + " here. /help lists those that there are; an answer that begins with a slash is typed with two.")
		}
	}
}

// parseReply tells words from answers.
func parseReply(line string) (r reply, isWord bool) {
	line = strings.TrimSpace(line)
	if answer, escaped := strings.CutPrefix(line, "//"); escaped {
		return reply{text: "/" + answer}, false
	}
	if !strings.HasPrefix(line, "/") {
		return reply{text: line}, false
	}
	name, rest, _ := strings.Cut(line, " ")
	return reply{strings.ToLower(name), strings.TrimSpace(rest)}, true
}

// read waits for a line. What cannot be text is refused and read again.
func (p *prompts) read() (string, error) {
	for {
		select {
		case s := <-p.signals:
			return "", leftError{endOf(s)}
		case <-p.done:
			return "", leftError{whenDone(p.signals)}
		case in := <-p.lines:
			switch {
			case errors.Is(in.err, io.EOF):
				return "", &EndOfInputError{p.asking}
			case in.err != nil:
				return "", fmt.Errorf("input: %w", in.err)
			case !utf8.ValidString(in.text):
				p.say("Error: that line is not UTF-8 text. Type it again.")
			default:
				return in.text, nil
			}
		}
	}
}
