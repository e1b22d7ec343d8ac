package design

import (
	"slices"
	"strings"
	"time"

	"github.com/exoplan/exoplan/profiles"
)

var changeChecks = namedChecks{
	"badly-timed": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		cutover, planned := day(words("change.cutover"))
		retired, ends := day(words("change.old-path"))
		lockdown, locked := day(words("change.lockdown"))
		return planned && (cutover.Weekday() == time.Friday || slices.Contains(words("change.holiday"), "yes")) ||
			planned && locked && lockdown.Before(cutover.AddDate(0, 0, 7)) ||
			ends && locked && lockdown.Before(retired)
	},
}

// day reads a date, if there is one.
func day(words []string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, strings.Join(words, ""))
	return t, err == nil
}
