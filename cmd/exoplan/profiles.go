package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/store"
)

func profileCommand(env environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "List, show, make and change profiles, and compare their revisions",
		Long: `A profile is the answers of one tenant. New ones are kept in the folder exoplan/profiles of your
configuration folder; PROFILE is a file, or the name of one of those.

A profile has revisions. Begin the next one when a pack of this one may have been approved: the
profile as it is then is kept beside it, that of agency.yaml in agency.revisions, and nowhere
else. Who raises the number by hand keeps the earlier file himself.`,
	}
	cmd.AddCommand(listProfiles(env), showProfile(env), newProfile(env), setProfile(env), reviseProfile(env), diffProfile(env))
	return cmd
}

// stored is one row of a list of profiles.
type stored struct {
	Name         string `json:"name"`
	File         string `json:"file"`
	ID           string `json:"id,omitempty"`
	Organisation string `json:"organisation,omitempty"`
	Revision     int    `json:"revision,omitempty"`
	Date         string `json:"date,omitempty"`
	Kept         []int  `json:"kept,omitempty"`    // earlier revisions
	Ready        bool   `json:"ready"`             // a pack can be rendered
	Unanswered   int    `json:"unanswered"`        // questions that nobody owns
	Undecided    int    `json:"undecided"`         // questions that somebody owes
	Problem      string `json:"problem,omitempty"` // why it cannot be read
}

func listProfiles(env environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:               "list [FOLDER]",
		Short:             "List the profiles of a folder, by default of your own",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeFolder,
		RunE: func(_ *cobra.Command, args []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			dir, err := folderOf(args)
			if err != nil {
				return err
			}
			rows, err := storedIn(dir, c, ps)
			if err != nil {
				return &failure{code: exitUsage, err: err}
			}
			if asJSON {
				return printJSON(env.out, rows)
			}
			if len(rows) == 0 {
				fmt.Fprintln(env.out, "No profile in "+dir)
			}
			for _, r := range rows {
				r.print(env.out)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document: an array of objects with name and file")
	return cmd
}

// folderOf is the folder that is named, or the user's own.
func folderOf(args []string) (string, error) {
	if len(args) == 1 {
		_, err := os.Stat(args[0])
		if err != nil {
			err = &failure{code: exitUsage, err: err}
		}
		return args[0], err
	}
	config, err := os.UserConfigDir()
	return filepath.Dir(store.Path(config, "x")), err
}

// storedIn reads every profile of a folder. One that cannot be read is a row too.
func storedIn(dir string, c *catalog.Catalog, ps profiles.Presets) ([]stored, error) {
	files, err := profilesIn(dir)
	if err != nil {
		return nil, err
	}
	rows := []stored{}
	for _, file := range files {
		row := stored{Name: nameOf(file), File: file}
		_, p, err := store.Load(row.File, c, ps)
		if err != nil {
			row.Problem, _, _ = strings.Cut(err.Error(), "\n")
		} else {
			row.about(p, c, ps)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// profilesIn returns the files of a folder that are called like profiles. A folder that is not
// there has none.
func profilesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) == ".yaml" && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

// nameOf is what a profile is called by its file.
func nameOf(file string) string { return strings.TrimSuffix(filepath.Base(file), ".yaml") }

func (r *stored) about(p *profiles.Profile, c *catalog.Catalog, ps profiles.Presets) {
	d := design.Resolve(profiles.Evaluate(c, ps, p), ps)
	r.ID, r.Organisation, r.Revision, r.Date = p.ID, d.Cover.Organisation, p.Revision, p.Date
	r.Ready, r.Unanswered, r.Undecided = d.Ready(), len(d.Missing), len(d.Open)
	r.Kept = keptNumbers(r.File)
}

// keptNumbers are the numbers of the revisions that are kept of a profile.
func keptNumbers(path string) []int {
	all, err := store.Revisions(path)
	if err != nil {
		return nil // a list of profiles does not fail over the past of one
	}
	var numbers []int
	for _, r := range all {
		numbers = append(numbers, r.Number)
	}
	return slices.Compact(numbers)
}

func (r stored) print(w io.Writer) {
	if r.Problem != "" {
		fmt.Fprintf(w, "%-30s  cannot be read: %s\n", r.Name, r.Problem)
		return
	}
	state := []string{"not ready"}
	switch {
	case r.Ready:
		state[0] = "ready"
	case r.Unanswered > 0:
		state[0] = catalog.Count(r.Unanswered, "question unanswered", "questions unanswered")
	}
	if r.Undecided > 0 {
		state = append(state, fmt.Sprintf("%d undecided", r.Undecided))
	}
	if len(r.Kept) > 0 {
		state = append(state, "kept: "+revisionsInWords(r.Kept))
	}
	fmt.Fprintf(w, "%-30s  r%-3d  %-10s  %s  (%s)\n", r.Name, r.Revision, r.Date, cmp.Or(r.Organisation, "organisation not named"), strings.Join(state, ", "))
}

func revisionsInWords(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = "r" + strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// profileShown is what show says of a profile for machines.
type profileShown struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	File     string           `json:"file"`
	Revision int              `json:"revision"`
	Date     string           `json:"date,omitempty"`
	Presets  []string         `json:"presets"`
	Kept     []store.Revision `json:"kept"`
	Answers  []answerShown    `json:"answers"`
}

type answerShown struct {
	ID     string   `json:"id"`
	Topic  string   `json:"topic"`
	Asking string   `json:"asking"`
	Values []string `json:"values"`
	From   string   `json:"from,omitempty"`
	Open   string   `json:"open,omitempty"` // who owes it
}

func showProfile(env environment) *cobra.Command {
	var asJSON bool
	var revision string
	cmd := &cobra.Command{
		Use:               "show PROFILE|example:NAME",
		Short:             "Show the answers of a profile, and where each comes from",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeSession,
		RunE: func(_ *cobra.Command, args []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			file := args[0]
			if !strings.HasPrefix(file, "example:") {
				if file, err = revisionOf(file, revision, c, ps); err != nil {
					return err
				}
			}
			p, err := load(file, c, ps)
			if err != nil {
				return err
			}
			x := shownOf(p, file, design.Resolve(profiles.Evaluate(c, ps, p), ps))
			if asJSON {
				return printJSON(env.out, x)
			}
			x.print(env.out)
			return nil
		},
	}
	cmd.Flags().StringVar(&revision, "revision", "", "show this earlier revision instead")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// revisionOf finds the file of a profile, or of an earlier revision of it where one is named.
func revisionOf(name, revision string, c *catalog.Catalog, ps profiles.Presets) (string, error) {
	file, p, err := find(store.Load, name, c, ps)
	if err != nil {
		return "", &failure{code: exitUsage, err: err}
	}
	if revision == "" || revision == strconv.Itoa(p.Revision) {
		return file.Path(), nil
	}
	r, err := keptRevision(file.Path(), func(n int) bool { return strconv.Itoa(n) == strings.TrimPrefix(revision, "r") })
	if err != nil {
		return "", err
	}
	return r.Path, nil
}

// keptRevision finds the latest of the revisions that are kept of a profile and are wanted.
func keptRevision(path string, wanted func(number int) bool) (store.Revision, error) {
	all, err := store.Revisions(path)
	if err != nil {
		return store.Revision{}, &failure{code: exitFailed, err: err}
	}
	for _, r := range slices.Backward(all) {
		if wanted(r.Number) {
			return r, nil
		}
	}
	hint := "a revision is kept when the next one begins: exoplan profile revise; exoplan diff compares any two files or packs"
	if numbers := keptNumbers(path); len(numbers) > 0 {
		hint = "there are " + revisionsInWords(numbers)
	}
	return store.Revision{}, &failure{code: exitUsage, err: fmt.Errorf("%s: no such earlier revision is kept", path), hint: hint}
}

func shownOf(p *profiles.Profile, file string, d *design.Design) profileShown {
	x := profileShown{ID: p.ID, Name: p.Name, File: file, Revision: p.Revision, Date: p.Date, Presets: append([]string{}, p.Presets...), Kept: []store.Revision{}, Answers: []answerShown{}}
	if all, err := store.Revisions(file); err == nil {
		x.Kept = append(x.Kept, all...)
	}
	for _, s := range d.Sections {
		for _, a := range s.Answers {
			row := answerShown{ID: a.Ref, Topic: s.Title, Asking: a.Asking, Values: append([]string{}, a.Values...), From: a.Origin}
			if a.Open != nil {
				row.Open = owes(*a.Open)
			}
			x.Answers = append(x.Answers, row)
		}
	}
	return x
}

func (x profileShown) print(w io.Writer) {
	fmt.Fprintf(w, "%s revision %d\n", x.Name, x.Revision)
	var kept []string
	for _, r := range x.Kept {
		kept = append(kept, r.Path)
	}
	printNamed(w, facts("ID", x.ID, "File", x.File, "Date", x.Date, "Presets", strings.Join(x.Presets, ", "), "Earlier revisions", strings.Join(kept, ", ")))
	topic := ""
	for _, a := range x.Answers {
		if a.Topic != topic {
			topic = a.Topic
			fmt.Fprintln(w, "\n"+topic)
		}
		fmt.Fprintf(w, "  %s\n      %s  (%s)\n", a.Asking, a.text(), a.ID)
	}
}

// text is an answer in words, with where it comes from.
func (a answerShown) text() string {
	switch {
	case a.Open != "":
		return "undecided: " + a.Open
	case len(a.Values) == 0 && a.From == "":
		return "not answered"
	case a.From == "":
		return strings.Join(a.Values, ", ")
	}
	return cmp.Or(strings.Join(a.Values, ", "), "nothing") + ", from " + a.From
}

type newFlags struct {
	from, file string
	presets    []string
	asJSON     bool
}

// made is what new says for machines.
type made struct {
	File    string         `json:"file"`
	ID      string         `json:"id"`
	Kept    []answerShown  `json:"kept"`
	Emptied []emptied      `json:"emptied"`
	Dropped []string       `json:"acknowledgementsDropped"`
	Missing []answerNeeded `json:"toAnswer"`
}

// emptied is a question whose answers do not pass to another tenant.
type emptied struct {
	ID      string `json:"id"`
	Asking  string `json:"asking"`
	Answers int    `json:"answers"`
}

type answerNeeded struct {
	ID     string `json:"id"`
	Asking string `json:"asking"`
}

func newProfile(env environment) *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new NAME [--from PROFILE|example:NAME]",
		Short: "Make a profile, empty or from another tenant's",
		Long: `new makes a profile: with --preset an empty one over presets, with --from one for another tenant.
What was chosen there is kept, and listed. Everything that tells the other tenant is emptied, and
listed by question: texts, names, addresses, lists, what was said of single items, choices that
state what is there, answers that somebody owes, acknowledgements. Then it lists what must be
answered.`,
		Example:           "  exoplan profile new coastal-works --preset asd-protected-gateway\n  exoplan profile new harbour-board --from coastal-works",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			x, err := f.make(env, args[0])
			if err != nil {
				return err
			}
			if f.asJSON {
				return printJSON(env.out, x)
			}
			x.print(env.out)
			return nil
		},
	}
	cmd.Flags().StringVar(&f.from, "from", "", "take over what was chosen in this profile or example")
	cmd.Flags().StringArrayVar(&f.presets, "preset", nil, "preset to start from; a later one overrides (see list presets)")
	cmd.Flags().StringVarP(&f.file, "output", "o", "", "file to write (default: NAME among your own)")
	completes(cmd, "from", completeProfiles)
	completes(cmd, "preset", completePreset)
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON document")
	return cmd
}

// make makes the profile and says what became of the one that it was made from.
func (f newFlags) make(env environment, name string) (made, error) {
	c, ps, err := knowledge()
	if err != nil {
		return made{}, err
	}
	from := &profiles.Profile{Presets: f.presets}
	if f.from != "" {
		if len(f.presets) > 0 {
			return made{}, &failure{code: exitUsage, err: errors.New("--from brings its presets along: leave --preset out")}
		}
		if from, err = load(f.from, c, ps); err != nil {
			return made{}, err
		}
	}
	p, err := store.New(name, env.today, from.Presets, c, ps)
	if err != nil {
		return made{}, &failure{code: exitUsage, err: err}
	}
	reused := profiles.Reuse(from, c, ps)
	p.Answers = reused.Answers
	path, err := f.path(name)
	if err != nil {
		return made{}, err
	}
	if err := store.Create(path, c, ps).Save(p); errors.Is(err, fs.ErrExist) {
		return made{}, &failure{code: exitUsage, err: err, hint: "choose another name, or another file with -o"}
	} else if err != nil {
		return made{}, &failure{code: exitFailed, err: err}
	}
	return madeOf(path, p, reused, c, ps), nil
}

func (f newFlags) path(name string) (string, error) {
	if f.file != "" {
		return f.file, nil
	}
	config, err := os.UserConfigDir()
	return store.Path(config, name), err
}

func madeOf(path string, p *profiles.Profile, r profiles.Reused, c *catalog.Catalog, ps profiles.Presets) made {
	x := made{File: path, ID: p.ID, Kept: []answerShown{}, Emptied: []emptied{}, Dropped: []string{}, Missing: []answerNeeded{}}
	for _, a := range r.KeptAnswers(c) {
		x.Kept = append(x.Kept, answerShown{ID: a.Question.ID, Asking: a.Question.Asking(), Values: a.Shown()})
	}
	for _, e := range r.EmptiedQuestions(c) {
		x.Emptied = append(x.Emptied, emptied{e.Question.ID, c.AskingOfEach(e.Question), e.Answers})
	}
	for _, a := range r.Dropped {
		x.Dropped = append(x.Dropped, a.Rule)
	}
	for _, o := range design.Resolve(profiles.Evaluate(c, ps, p), ps).Missing {
		x.Missing = append(x.Missing, answerNeeded{o.Ref, o.Asking})
	}
	return x
}

func (x made) print(w io.Writer) {
	fmt.Fprintf(w, "Made: %s   %s\n", x.File, x.ID)
	section := func(title string, n int, row func(i int) string) {
		if n > 0 {
			fmt.Fprintf(w, "\n%s (%d)\n", title, n)
		}
		for i := range n {
			fmt.Fprintln(w, "  "+row(i))
		}
	}
	section("Kept, look whether each is right here", len(x.Kept), func(i int) string {
		return fmt.Sprintf("%s: %s  (%s)", x.Kept[i].Asking, strings.Join(x.Kept[i].Values, ", "), x.Kept[i].ID)
	})
	section("Emptied", len(x.Emptied), func(i int) string {
		text := x.Emptied[i].Asking + "  (" + x.Emptied[i].ID
		if x.Emptied[i].Answers > 1 {
			text += fmt.Sprintf(", %d answers", x.Emptied[i].Answers)
		}
		return text + ")"
	})
	section("Acknowledgements that do not pass to another tenant", len(x.Dropped), func(i int) string { return x.Dropped[i] })
	section("To answer, with what these lead to", len(x.Missing), func(i int) string {
		return fmt.Sprintf("%s  (%s)", x.Missing[i].Asking, x.Missing[i].ID)
	})
}

func setProfile(env environment) *cobra.Command {
	var date string
	var takeBack, acknowledge, withdraw []string
	cmd := &cobra.Command{
		Use:   "set PROFILE [ID=VALUE...]",
		Short: "Change answers of a profile, and acknowledge warnings",
		Long: `set answers questions in a profile: ID=VALUE, or ID/ITEM=VALUE for one item, repeated for lists.
It writes all or nothing, keeps comments, and says which answers changed. --acknowledge records who
takes on a warning that the answers then raise; it lapses when they change.`,
		Example:           "  exoplan profile set agency.yaml gateway.lockdown=address gateway.shared-addresses=no\n  exoplan profile set agency.yaml --take-back dmarc.target/agency.example\n  exoplan profile set agency.yaml --acknowledge 'GW-20=Jo Citizen; CISO; the provider checks from March'",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completeChange,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && len(takeBack)+len(acknowledge)+len(withdraw) == 0 && date == "" {
				return &failure{code: exitUsage, err: errors.New("nothing to set: write ID=VALUE"), hint: "exoplan list questions names the IDs"}
			}
			return change(env, args[0], func(s *profiles.Session) error {
				if err := s.Set(args[1:]); err != nil {
					return err
				}
				for _, id := range takeBack {
					if _, answered := s.Profile().Answers[profiles.ParseRef(id)]; !answered {
						return fmt.Errorf("%s: the profile has no answer of its own to take back", id)
					}
					s.Clear(profiles.ParseRef(id))
				}
				if err := takeOn(s, acknowledge, withdraw, env.today); err != nil {
					return err
				}
				return redate(s, date)
			})
		},
	}
	cmd.Flags().StringArrayVar(&takeBack, "take-back", nil, "take an answer of the profile back: what preset or default say holds again")
	cmd.Flags().StringArrayVar(&acknowledge, "acknowledge", nil, "take a warning on: 'RULE=name; role; reason', or 'RULE/ITEM=...'")
	cmd.Flags().StringArrayVar(&withdraw, "withdraw", nil, "take an acknowledgement back: RULE or RULE/ITEM")
	cmd.Flags().StringVar(&date, "date", "", "date that the pack bears, YYYY-MM-DD")
	return cmd
}

// takeOn records and withdraws acknowledgements, each named by its rule and item.
func takeOn(s *profiles.Session, acknowledge, withdraw []string, today string) error {
	for _, at := range withdraw {
		ref := profiles.ParseRef(at)
		if !slices.ContainsFunc(s.Profile().Acknowledged, func(a profiles.Acknowledgement) bool { return a.Rule == ref.Question && a.Item == ref.Key }) {
			return fmt.Errorf("--withdraw %s: nobody has acknowledged it", at)
		}
		s.Withdraw(ref.Question, ref.Key)
	}
	var findings []design.Finding
	if len(acknowledge) > 0 {
		findings = resolve(s).Findings
	}
	for _, text := range acknowledge {
		at, said, _ := strings.Cut(text, "=")
		parts := append(strings.SplitN(said, ";", 3), "", "")
		i := slices.IndexFunc(findings, func(f design.Finding) bool { return f.At() == at })
		if i < 0 {
			return fmt.Errorf("--acknowledge %s: the answers raise no such finding", at)
		}
		a := profiles.Acknowledgement{By: strings.TrimSpace(parts[0]), Role: strings.TrimSpace(parts[1]), Reason: strings.TrimSpace(parts[2]), Date: today}
		if err := s.Acknowledge(findings[i].Rule, findings[i].Scope, a); err != nil {
			return fmt.Errorf("--acknowledge %s: %w; write '%s=name; role; reason'", at, err, at)
		}
	}
	return nil
}

// redate changes the date of a profile, if one is given.
func redate(s *profiles.Session, date string) error {
	if date == "" {
		return nil
	}
	if _, err := (catalog.Question{Kind: catalog.Date}).Parse(date); err != nil {
		return fmt.Errorf("--date: %w", err)
	}
	s.Update(func(p *profiles.Profile) { p.Date = date })
	return nil
}

// change changes a profile on disk, and says what that did to the answers.
func change(env environment, name string, act func(*profiles.Session) error) (err error) {
	c, ps, err := knowledge()
	if err != nil {
		return err
	}
	file, p, err := find(store.Open, name, c, ps)
	if err != nil {
		return &failure{code: exitUsage, err: err, hint: wayIn(err)}
	}
	defer func() { err = errors.Join(err, file.Release()) }()
	s := profiles.NewSession(c, ps, p)
	was := resolve(s)
	if err := act(s); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	if err := file.Save(s.Profile()); err != nil {
		return &failure{code: exitFailed, err: err}
	}
	x, err := design.Compare(was, resolve(s), c.Contract)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	fmt.Fprintf(env.out, "Saved: %s   revision %d\n", file.Path(), s.Profile().Revision)
	for _, a := range x.Answers {
		fmt.Fprintf(env.out, "  %s  (%s)\n", a.Line(), a.ID)
	}
	for _, f := range resolve(s).Findings {
		if a := f.Acknowledged; a != nil && !slices.Contains(p.Acknowledged, *a) {
			fmt.Fprintf(env.out, "  %s is acknowledged by %s, %s\n", f.At(), a.By, a.Role)
		}
	}
	return nil
}

func reviseProfile(env environment) *cobra.Command {
	var date string
	cmd := &cobra.Command{
		Use:   "revise PROFILE",
		Short: "Keep this revision of a profile, and begin the next",
		Long: `revise keeps the profile as it is beside it, and raises its revision: for changes after a pack of
it may have been approved. Its date becomes today's, or that of --date.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeSession,
		RunE: func(_ *cobra.Command, args []string) error {
			return change(env, args[0], func(s *profiles.Session) error {
				s.Update(func(p *profiles.Profile) { p.Revision++ })
				return redate(s, cmp.Or(date, env.today))
			})
		},
	}
	cmd.Flags().StringVar(&date, "date", "", "date that the packs of the next revision bear, YYYY-MM-DD (default today)")
	return cmd
}

func diffProfile(env environment) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff PROFILE [REVISION]",
		Short: "Say what changes from an earlier revision of a profile, by default the last",
		Long: `diff says what changes from an earlier revision that is kept of a profile to the profile as it is,
as exoplan diff does for any two profiles or packs.`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: completeSession,
		RunE: func(_ *cobra.Command, args []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			file, p, err := find(store.Load, args[0], c, ps)
			if err != nil {
				return &failure{code: exitUsage, err: err}
			}
			earlier, err := keptRevision(file.Path(), func(n int) bool {
				return len(args) == 1 && n < p.Revision || len(args) == 2 && strconv.Itoa(n) == strings.TrimPrefix(args[1], "r")
			})
			if err != nil {
				return err
			}
			was, err := load(earlier.Path, c, ps)
			if err != nil {
				return err
			}
			return tellChanges(env, sideOf(earlier.Path, was, c, ps), sideOf(file.Path(), p, c, ps), c, f)
		},
	}
	f.add(cmd)
	return cmd
}
