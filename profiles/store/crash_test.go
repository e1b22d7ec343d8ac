package store

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/profiles"
)

// savesForEver names the profile that the test binary is to save without end, and be no test.
const savesForEver = "EXOPLAN_STORE_SAVES"

func TestMain(m *testing.M) {
	if path := os.Getenv(savesForEver); path != "" {
		fmt.Fprintln(os.Stderr, saveForEver(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// counted is the answer that changes with every save.
var counted = profiles.Ref{Question: "engagement.system"}

// saveForEver is the process that is killed: it says every number that is saved.
func saveForEver(path string) error {
	c, ps, err := profiles.Load()
	if err != nil {
		return err
	}
	f, p, err := Open(path, c, ps)
	for n := 1; err == nil; n++ {
		p.Answers[counted] = profiles.Answer{Value: strconv.Itoa(n)}
		if err = f.Save(p); err == nil {
			_, err = fmt.Fprintln(os.Stdout, n)
		}
	}
	return err
}

// TestKilledWhileSaving: at whatever moment a process is killed, the profile is whole, with the
// number that it said last or the next, and the next session finds nothing in its way.
func TestKilledWhileSaving(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.yaml")
	if err := Create(path, c, ps).Save(example(t)); err != nil {
		t.Fatal(err)
	}
	for i := range 15 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), savesForEver+"="+path)
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 1)
		if _, err := io.ReadFull(out, first); err != nil {
			t.Fatalf("nothing was saved: %v\n%s", err, complaints.String())
		}
		time.AfterFunc(time.Duration(i)*1700*time.Microsecond, func() { _ = cmd.Process.Kill() }) // that it ended is seen below
		said, _ := io.ReadAll(out)
		_ = cmd.Wait()
		lines := strings.Fields(string(first) + string(said))
		f, p, err := Open(path, c, ps)
		if err != nil {
			t.Fatalf("after kill %d: %v\n%s", i, err, complaints.String())
		}
		last, err := strconv.Atoi(lines[len(lines)-1])
		if got := p.Answers[counted].Value; err != nil || got != strconv.Itoa(last) && got != strconv.Itoa(last+1) {
			t.Errorf("after kill %d there is %v; %d was saved last: %v", i, got, last, err)
		}
		if err := f.Release(); err != nil {
			t.Fatal(err)
		}
		if left := leftovers(t, dir, "p.yaml"); left != nil {
			t.Fatalf("after kill %d the next session leaves %v", i, left)
		}
	}
}
