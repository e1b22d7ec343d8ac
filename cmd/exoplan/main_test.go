package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/exoplan/exoplan/output/dnscheck/dnstest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/store"
)

var update = flag.Bool("update-scripts", false, "rewrite the outputs that test scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"exoplan": main})
}

// TestScripts runs the program as a program: flags, exit codes, what is written and what is not.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup:               copies,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "journal": journalOf, "nameserver": nameserver},
	})
}

// copies puts a profile NAME.yaml beside every script for each example, under the name NAME-copy.
func copies(env *testscript.Env) error {
	c, ps, err := profiles.Load()
	if err != nil {
		return err
	}
	for _, name := range profiles.Examples() {
		p, err := profiles.Example(name)
		if err != nil {
			return err
		}
		p.Name = name + "-copy"
		if err := store.Create(filepath.Join(env.WorkDir, name+".yaml"), c, ps).Save(p); err != nil {
			return err
		}
	}
	return nil
}

// exits N COMMAND... runs a command and wants its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit %s, want %s", got, args[0])
	}
}

// nameserver VARIABLE ORIGIN ZONE runs a name server for a zone, and sets a variable to its address.
func nameserver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: nameserver VARIABLE ORIGIN ZONE")
	}
	address, stop, err := dnstest.Start(args[1], ts.ReadFile(args[2]))
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv(args[0], address)
}

// journal PACK FROM TO puts the fingerprint of a pack in the place of PLAN in the lines of a journal.
func journalOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: journal PACK FROM TO")
	}
	p, err := readPlanned(ts.MkAbs(args[0]))
	ts.Check(err)
	to := ts.MkAbs(args[2])
	ts.Check(os.MkdirAll(filepath.Dir(to), 0o755))
	ts.Check(os.WriteFile(to, []byte(strings.ReplaceAll(ts.ReadFile(args[1]), "PLAN", p.fingerprint)), 0o600))
}
