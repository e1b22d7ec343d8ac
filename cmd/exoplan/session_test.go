package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
	"github.com/exoplan/exoplan/profiles/store"
)

// TestKeep: a profile that somebody else wrote meanwhile stays theirs, and the answers go beside it.
func TestKeep(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := store.Create(path, c, ps).Save(profilestest.Example(t, "cloud")); err != nil {
		t.Fatal(err)
	}
	file, p, err := store.Load(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	save := keep(file, c, ps)
	for _, system := range []string{"First", "Second"} {
		p.Answers[profiles.Ref{Question: "engagement.system"}] = profiles.Answer{Value: system}
		if err := save(p); err == nil || !strings.Contains(err.Error(), "p-kept.yaml") {
			t.Fatalf("%v does not name the copy", err)
		}
		_, kept, err := store.Load(filepath.Join(filepath.Dir(path), "p-kept.yaml"), c, ps)
		if err != nil || kept.Answers[profiles.Ref{Question: "engagement.system"}].Value != system {
			t.Errorf("the copy does not hold the last answers: %v", err)
		}
	}
	if theirs, _ := os.ReadFile(path); string(theirs) != "theirs" {
		t.Errorf("their file was replaced: %s", theirs)
	}
}
