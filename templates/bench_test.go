package templates

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// nobody is shown what happens.
type nobody struct{}

func (nobody) Begin(int, trial.Scene) {}
func (nobody) End(int, trial.Run)     {}

// played plays scenes of a pack and returns what came of them.
func played(b *testing.B, p pack, scenes func(trial.Director) []trial.Scene) trial.Result {
	b.Helper()
	d := trial.Director{Pack: p.tried, Log: filepath.Join(b.TempDir(), "records"), Mode: rehearsal.Constrained}
	tenant := p.tried.Tenant("new")
	tenant.Objects = p.tried.Made()
	result, err := trial.Play(b.Context(), pwshtest.Engine(b), tenant, p.tried, scenes(d), time.Now, nobody{})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range result.Runs {
		if len(r.Problems) > 0 {
			b.Fatalf("%s: %q", r.Name, r.Problems)
		}
	}
	return result
}

// BenchmarkRehearsal carries out an example, once more, and takes it back.
func BenchmarkRehearsal(b *testing.B) {
	for _, name := range []string{"third-party", "protected"} {
		b.Run(name, func(b *testing.B) {
			p := write(b, profilestest.Example(b, name))
			for b.Loop() {
				played(b, p, func(d trial.Director) []trial.Scene { return d.Lifecycle(p.phases(), published(p)...) })
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(p.Steps)), "ms/step")
		})
	}
}

// BenchmarkUnchanged carries out a plan with more than a hundred objects, and measures the run after it,
// which finds nothing to do.
func BenchmarkUnchanged(b *testing.B) {
	const partners = 48
	answers := []string{"partners="}
	for i := range partners {
		name := fmt.Sprintf("partner%02d.example", i)
		answers = append(answers, "partners="+name, "partner.outbound/"+name+"=connector", "partner.inbound/"+name+"=tls", "partner.validation/"+name+"=name",
			"partner.issuer/"+name+"=public", "partner.certificate/"+name+"=mx."+name)
	}
	p := write(b, with(b, profilestest.Example(b, "cloud"), answers...))
	objects := map[string]bool{}
	for _, s := range p.Steps {
		if s.Kind == design.KindStep {
			objects[s.Noun+"/"+s.Name] = true
		}
	}
	if len(objects) < 100 {
		b.Fatalf("only %d objects", len(objects))
	}
	var seconds float64
	var reads, runs int
	for b.Loop() {
		result := played(b, p, func(d trial.Director) []trial.Scene {
			scenes := []trial.Scene{trial.ByHand(published(p)...)}
			for _, phase := range p.phases() {
				scenes = append(scenes, d.Run("apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold)))
			}
			for _, phase := range p.phases() {
				scenes = append(scenes, d.Again(phase))
			}
			return scenes
		})
		for _, r := range slices.DeleteFunc(result.Runs, func(r trial.Run) bool { return !strings.HasPrefix(r.Part, "second") }) {
			seconds, reads, runs = seconds+r.Seconds, reads+r.Reads, runs+1
		}
	}
	n := float64(b.N)
	b.ReportMetric(seconds*1000/n, "ms/unchanged")
	b.ReportMetric(float64(reads)/n, "reads/unchanged")
	b.ReportMetric(float64(runs)/n, "phases")
	b.ReportMetric(float64(len(objects)), "objects")
}
