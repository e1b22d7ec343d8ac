//go:build !unix

package wizard

import tea "charm.land/bubbletea/v2"

// watch does nothing: no shell stops a program here.
func watch(*Model, *tea.Program) (over func()) { return func() {} }
