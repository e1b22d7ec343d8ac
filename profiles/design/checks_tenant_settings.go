package design

import "github.com/exoplan/exoplan/profiles"

var tenantSettingsDerived = namedDerived{
	"calendar-sharing.entries": func(s *profiles.State, scope profiles.Scope) any {
		entries := []string{}
		for _, domain := range s.Words(scope)("calendar-sharing.with") {
			entries = append(entries, domain+":CalendarSharingFreeBusySimple")
		}
		return entries
	},
}
