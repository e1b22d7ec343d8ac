package design

import (
	"regexp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var contentChecks = namedChecks{
	"content-pattern-unfit": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.ContainsFunc(append(words("content.patterns"), words("content.rights-patterns")...), unfitPattern)
	},
	"disclaimer-mark-not-in-text": func(s *profiles.State, scope profiles.Scope) bool {
		text, mark := s.Words(scope)("content.disclaimer-text"), s.Words(scope)("content.disclaimer-mark")
		return len(text) == 1 && len(mark) == 1 && !strings.Contains(strings.ToLower(text[0]), strings.ToLower(mark[0]))
	},
	"subject-tag-reads-as-marking": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("content.subject-tag"), marking.MatchString)
	},
}

// marking finds what reads as a protective marking.
var marking = regexp.MustCompile(`(?i)SEC=|OFFICIAL|PROTECTED|SECRET`)

// unfitPattern says of a pattern that it cannot be read, or that it fits a text with nothing in it
// and so every text.
func unfitPattern(text string) bool {
	x, err := regexp.Compile("(?i)" + text)
	return err != nil || x.MatchString("")
}

var contentDerived = namedDerived{
	"content.encrypt-patterns": func(s *profiles.State, scope profiles.Scope) any {
		return listed(s.Words(scope)("content.patterns"))
	},
	"content.rights-asked": func(s *profiles.State, scope profiles.Scope) any {
		return listed(s.Words(scope)("content.rights-patterns"))
	},
	"content.tag-there": func(s *profiles.State, scope profiles.Scope) any {
		return regexp.QuoteMeta(strings.Join(s.Words(scope)("content.subject-tag"), ""))
	},
}

// listed is a list for a condition of a rule: with nothing in it there is no condition, and not an
// empty one.
func listed(words []string) any {
	if len(words) == 0 {
		return nil
	}
	return words
}
