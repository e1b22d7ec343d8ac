package dns

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles/design"
)

// The sizes of RFC 1035, 2.3.4, and of RFC 2181, 8.
const (
	longestName   = 253 // as written, without the final dot
	longestLabel  = 63
	longestString = 255
	longestData   = math.MaxUint16
	longestTTL    = math.MaxInt32
)

// check reports what DNS forbids in the records that are published. Of held ones nothing is
// published yet.
func check(records []design.Record) error {
	var errs []error
	sets := map[string]design.Record{} // what a name, type and view holds in a phase
	names := map[string]design.Record{}
	for _, r := range records {
		if r.Held() {
			continue
		}
		for _, err := range append(checkRecord(r), beside(names, r), sameTTL(sets, r)) {
			if err != nil {
				errs = append(errs, fmt.Errorf("%s in %s: %w", r.ID, r.When(), err))
			}
		}
	}
	return errors.Join(errs...)
}

func checkRecord(r design.Record) []error {
	value, known := values[r.Type]
	if !known {
		return []error{fmt.Errorf("%q is not a type of record that is encoded here", r.Type)}
	}
	errs := []error{checkName(r.Zone), checkName(r.Name), checkTTL(r)}
	if !Apex(r) && !strings.HasSuffix(r.Name, "."+r.Zone) {
		errs = append(errs, fmt.Errorf("%q does not lie in the zone %q", r.Name, r.Zone))
	}
	if r.Type == "CNAME" && (Apex(r) || len(r.Values) > 1) {
		errs = append(errs, errors.New("a CNAME stands alone: one target, and never at the name of the zone"))
	}
	if len(r.Values) == 0 {
		errs = append(errs, errors.New("there is no value"))
	}
	seen := map[string]bool{}
	for _, v := range r.Values {
		target := Target(r, v)
		if seen[strings.ToLower(target)] && r.Type != "TXT" || seen[target] {
			errs = append(errs, fmt.Errorf("%q stands in the set twice", target))
		}
		seen[target], seen[strings.ToLower(target)] = true, true
		errs = append(errs, checkText(v), value(r, v))
	}
	return errs
}

func checkTTL(r design.Record) error {
	if r.TTL < 0 || r.TTL > longestTTL {
		return fmt.Errorf("the time to live %d is not between 0 and %d seconds", r.TTL, longestTTL)
	}
	return nil
}

// values check one value of each type of record.
var values = map[string]func(r design.Record, v string) error{
	"A":     func(_ design.Record, v string) error { return checkAddress(v, netip.Addr.Is4) },
	"AAAA":  func(_ design.Record, v string) error { return checkAddress(v, netip.Addr.Is6) },
	"CNAME": func(_ design.Record, v string) error { return checkTarget(v) },
	"MX": func(r design.Record, v string) error {
		preference, host := Preference(r, v), Target(r, v)
		if n, err := strconv.ParseUint(preference, 10, 16); err != nil || strconv.FormatUint(n, 10) != preference {
			return fmt.Errorf("%q does not begin with a preference between 0 and %d", v, math.MaxUint16)
		}
		if host == "." { // RFC 7505
			if preference != "0" || len(r.Values) > 1 {
				return errors.New("a null MX stands alone, with the preference 0")
			}
			return nil
		}
		return checkTarget(host)
	},
	"TXT": func(_ design.Record, v string) error {
		if n := len(v) + (len(v)+longestString-1)/longestString; n > longestData {
			return fmt.Errorf("a text of %d characters does not fit into a record", len(v))
		}
		return nil
	},
}

// A label of the names that mail needs: no other character has to be escaped anywhere.
var label = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$`)

// checkName takes a name as it stands in the design: in full, without the final dot. An
// asterisk is the whole first label or none.
func checkName(name string) error {
	if len(name) > longestName {
		return fmt.Errorf("%q is longer than %d characters", name, longestName)
	}
	for i, l := range strings.Split(name, ".") {
		switch {
		case i == 0 && l == "*":
		case len(l) > longestLabel:
			return fmt.Errorf("%q has a label of more than %d characters", name, longestLabel)
		case !label.MatchString(l):
			return fmt.Errorf("%q is not a name in full: %q is not a label", name, l)
		}
	}
	return nil
}

func checkTarget(name string) error {
	if _, err := netip.ParseAddr(name); err == nil {
		return fmt.Errorf("the target %q is an address, and has to be a name", name)
	}
	if strings.HasPrefix(name, "*") {
		return fmt.Errorf("the target %q is a wildcard", name)
	}
	return checkName(name)
}

func checkAddress(v string, family func(netip.Addr) bool) error {
	a, err := netip.ParseAddr(v)
	if err != nil || !family(a) || a.Zone() != "" || a.Is4In6() {
		return fmt.Errorf("%q is not an address of this type of record", v)
	}
	return nil
}

// checkText refuses what would need escapes by number: every portal reads those differently.
func checkText(v string) error {
	if v == "" {
		return errors.New("a value is empty")
	}
	for _, r := range v {
		if r < ' ' || r > '~' {
			return fmt.Errorf("%q has a character, %q, that is not printable ASCII", v, r)
		}
	}
	return nil
}

// beside refuses a CNAME beside other data, also of another phase: records stay published.
func beside(names map[string]design.Record, r design.Record) error {
	key := strings.ToLower(r.View + " " + r.Name)
	other, taken := names[key]
	if !taken || other.Type != "CNAME" {
		names[key] = r
	}
	if taken && other.ID != r.ID && (other.Type == "CNAME" || r.Type == "CNAME") {
		return fmt.Errorf("%s stands at %s as well, and a CNAME stands alone", other.ID, r.Name)
	}
	return nil
}

// sameTTL refuses two times to live in one set (RFC 2181, 5.2).
func sameTTL(sets map[string]design.Record, r design.Record) error {
	key := strings.ToLower(fmt.Sprint(r.View, r.Phase, r.Moment(), r.Name, r.Type))
	other, taken := sets[key]
	if !taken {
		sets[key] = r
	}
	if taken && other.TTL != r.TTL {
		return fmt.Errorf("its time to live is %d, that of %s is %d: one name and type has one", r.TTL, other.ID, other.TTL)
	}
	return nil
}
