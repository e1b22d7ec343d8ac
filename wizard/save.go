package wizard

import (
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
)

// saver keeps the profile after every change: one save at a time, the latest wins. What is
// below the line is for the goroutines that save.
type saver struct {
	version int // of the profile; it grows with every change
	saved   int // the version that is on disk
	running bool
	err     error // of the last save

	// ----
	keep func(*profiles.Profile) error
	mu   sync.Mutex
	kept int
}

// A savedMsg says that a save has ended.
type savedMsg struct {
	version int
	err     error
}

// changed says that the profile is not what it was.
func (s *saver) changed() { s.version++ }

// clean says that everything is on disk.
func (s *saver) clean() bool { return s.saved == s.version }

// start saves the profile unless that is under way: then ended starts it again.
func (s *saver) start(p *profiles.Profile) tea.Cmd {
	if s.running || s.clean() {
		return nil
	}
	s.running = true
	version := s.version
	return func() tea.Msg { return savedMsg{version, s.run(p, version)} }
}

// ended takes the outcome of a save. After an error nothing is tried again before the next
// change, or before somebody asks for it.
func (s *saver) ended(msg savedMsg, p *profiles.Profile) tea.Cmd {
	s.running, s.err = false, msg.err
	if msg.err == nil {
		s.saved = max(s.saved, msg.version)
	}
	if msg.version == s.version {
		return nil
	}
	return s.start(p)
}

func (s *saver) run(p *profiles.Profile, version int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version <= s.kept {
		return nil
	}
	err := s.keep(p)
	if err == nil {
		s.kept = version
	}
	return err
}

// settle waits for a save that is under way and saves what is not on disk after it. It is for
// the time when no message arrives any more.
func (s *saver) settle(p *profiles.Profile) error { return s.run(p, s.version) }
