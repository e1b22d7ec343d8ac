package templates

import (
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/design"
)

func change(id string, what design.What, title string, parts ...design.Part) design.Change {
	return design.Change{ID: id, What: what, Title: title, Parts: parts}
}

// Every form in which something can differ, in the words that people read.
func TestChangesInWords(t *testing.T) {
	c := design.Changes{
		Was:   design.Version{Read: "r1", Profile: "coast", ID: "coast-1", Revision: 1, Marking: "OFFICIAL", Plan: strings.Repeat("a", 64)},
		Is:    design.Version{Read: "r2", Profile: "coast", ID: "coast-1", Revision: 2, Marking: "PROTECTED", Presets: []string{"asd"}},
		Notes: []string{"A note about r2 | and a pipe."},
		Answers: []design.Change{
			change("a.one", design.Changed, "One", design.Part{Name: "answer", What: design.Changed, Was: []string{"No"}, Is: []string{"Yes", "*stars*"}}),
			change("a.two", design.Added, "Two", design.Part{Name: "answer", What: design.Added, Is: []string{"2"}}),
			change("a.three", design.Added, "Three"),
			change("a.four", design.Removed, "Four", design.Part{Name: "answer", What: design.Removed, Was: []string{"4"}}),
		},
		Decisions: []design.Change{
			change("DD-900", design.Added, "New", design.Part{Name: "decision", Is: []string{"It is so"}}, design.Part{Name: "reason", Is: []string{"Because."}}),
			change("DD-901", design.Removed, "Old", design.Part{Name: "decision", Was: []string{"It was so"}}),
		},
		Findings: []design.Change{
			change("GW-90", design.Added, "A warning", design.Part{Name: "person who takes it on", Is: []string{"Jo, CISO: known"}}),
			change("GW-91", design.Removed, "Another"),
		},
		Objects: []design.Change{
			change("X a", design.Added, "connector a"),
			change("X b", design.Removed, "connector b"),
			change("X c", design.Changed, "connector c",
				design.Part{Name: "Hosts", What: design.Changed, Literal: true, Was: []string{"a", "b"}, Is: []string{"a", "`"}, Gains: []string{"`"}, Loses: []string{"b"}},
				design.Part{Name: "Flag", What: design.Changed, Literal: true, Was: []string{"true"}},
				design.Part{Name: "More", What: design.Added, When: "until its own step", Says: "what there is", Literal: true, Is: []string{"1"}},
				design.Part{Name: "Less", What: design.Removed, Literal: true, Was: []string{"2"}},
			),
		},
		Steps: []design.Change{
			change("STEP-900", design.Added, "Do", design.Part{Name: "phase", Is: []string{"P9"}}),
			change("STEP-901", design.Removed, "Did", design.Part{Name: "phase", Was: []string{"P9"}}),
			change("HOLD-902", design.Changed, "Wait", design.Part{Name: "instruction", What: design.Changed, Was: []string{"Look."}, Is: []string{"Look again."}}),
		},
		Records: []design.Change{
			change("REC-900", design.Added, "TXT a.example", design.Part{Name: "P5", Literal: true, Is: []string{"v=spf1 -all"}}),
			change("REC-901", design.Removed, "MX a.example", design.Part{Name: "P5", Literal: true, Was: []string{"10 mx.example"}}),
			change("REC-902", design.Changed, "TXT b.example", design.Part{Name: "value from P5 on", What: design.Changed, Literal: true, Was: []string{"x"}, Is: []string{"y"}}),
		},
	}
	got, err := Changes(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `**OFFICIAL and PROTECTED**

# What changes from coast revision 1 to coast revision 2

| Entry | From | To |
| --- | --- | --- |
| Read | 'r1' | 'r2' |
| Organisation |  |  |
| Tenant |  |  |
| Profile | 'coast-1', revision 1 | 'coast-1', revision 2 |
| Date |  |  |
| Presets |  | asd |
| Plan fingerprint | '` + strings.Repeat("a", 64) + `' | none: the plan is not ready |

Note: A note about r2 \| and a pipe.

What differs: 4 answers, 2 decisions, 2 findings, 3 objects, 3 steps and holds, 3 DNS records.

## Answers

- **One** ('a.one') is answered in another way.
  - The answer now: Yes; \*stars\*
  - The answer before: No
- **Two** ('a.two') is asked now: 2
- **Three** ('a.three') is asked now, and not answered
- **Four** ('a.four') is not asked any more; it was: 4

## Decisions

- **New** (DD-900) is decided now.
  - The decision: It is so
  - The reason: Because.
- **Old** (DD-901) is not decided any more.
  - The decision was: It was so

## Findings

- **A warning** (GW-90) is found now, and taken on by Jo, CISO: known
- **Another** (GW-91) is not found any more.

## Objects in the tenant

As the last phase leaves them.

- The connector a is new in the plan.
- The connector b is not in the plan any more: no script changes it, and none takes it away.
- The connector c changes.
  - 'Hosts' gains '' ' '' and loses 'b'.
  - 'Flag' is now empty; it was 'true'.
  - 'More' until its own step, what there is, is now '1'; the plan did not speak of it before.
  - 'Less' is not spoken of any more; it was '2'.

## Steps and holds

- **Do** (STEP-900) is new, in P9.
- **Did** (STEP-901) is gone; it stood in P9.
- **Wait** (HOLD-902) changes.
  - The instruction now: Look again.
  - The instruction before: Look.

## DNS records

- **TXT a.example** (REC-900) is new.
  - From P5 on: 'v=spf1 -all'.
- **MX a.example** (REC-901) is not in the plan any more.
  - From P5 on it was: '10 mx.example'.
- **TXT b.example** (REC-902) changes.
  - The value from P5 on is now 'y'; it was 'x'.

**OFFICIAL and PROTECTED**
`
	if want = strings.ReplaceAll(want, "'", "`"); string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
