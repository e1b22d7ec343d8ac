package output

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	driveLetter = regexp.MustCompile(`^[A-Za-z]:`)

	// Windows reserves these for devices, in every folder and before any extension.
	// The superscript digits are no slip: COM² is a port as well.
	deviceName = regexp.MustCompile(`^(?i:con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])$`)
)

// checkPaths reports every path that has no place in a pack, sorted by path.
func checkPaths(paths []string) []error {
	var errs []error
	taken := names{}
	for _, p := range slices.Sorted(slices.Values(paths)) {
		why := badPath(p)
		if why == "" {
			why = taken.add(p)
		}
		if why != "" {
			errs = append(errs, fmt.Errorf("path %q %s", p, why))
		}
	}
	return errs
}

// badPath says why a path may not stand in a pack, whatever else stands there, or
// returns "". A pack goes to machines of every kind, so Windows' rules hold on all.
func badPath(p string) string {
	switch {
	case p == "":
		return "is empty"
	case !utf8.ValidString(p):
		return "is not UTF-8"
	case strings.Contains(p, `\`):
		return "has a backslash: paths of a pack have slashes"
	case strings.HasPrefix(p, "/"), driveLetter.MatchString(p):
		return "is absolute: paths are relative to the pack"
	}
	for elem := range strings.SplitSeq(p, "/") {
		if why := badElement(elem); why != "" {
			return why
		}
	}
	return ""
}

func badElement(elem string) string {
	stem, _, _ := strings.Cut(elem, ".")
	switch {
	case elem == "":
		return "has an empty element"
	case elem == ".", elem == "..":
		return fmt.Sprintf("has the element %q", elem)
	case strings.ContainsAny(elem, `<>:"|?*`):
		return fmt.Sprintf("has a character that Windows forbids: %q", elem[strings.IndexAny(elem, `<>:"|?*`)])
	case strings.ContainsFunc(elem, unicode.IsControl):
		return "has a control character"
	case strings.HasSuffix(elem, "."), strings.HasSuffix(elem, " "):
		return fmt.Sprintf("has the element %q: Windows drops a full stop or blank at the end", elem)
	case deviceName.MatchString(strings.TrimRight(stem, " ")):
		return fmt.Sprintf("has the element %q, which Windows reserves", elem)
	}
	return ""
}

// names are the paths of a set of files and of the folders these stand in, each by
// its folded form, so that two spellings of one name meet.
type names map[string]spelling

type spelling struct {
	path   string
	folder bool
}

// namesOf expects paths that [checkPaths] has passed.
func namesOf(files []File) names {
	n := names{}
	for _, f := range files {
		n.add(f.Path)
	}
	return n
}

// add takes the file at p and its folders into the set, or says why they cannot be.
func (n names) add(p string) string {
	for folder := range foldersOf(p) {
		if why := n.addOne(folder, true); why != "" {
			return why
		}
	}
	return n.addOne(p, false)
}

func (n names) addOne(p string, folder bool) string {
	other, taken := n[fold(p)]
	switch {
	case !taken:
		n[fold(p)] = spelling{p, folder}
		return ""
	case folder != other.folder:
		return fmt.Sprintf("needs a file and a folder of one name: %q", other.path)
	case folder && p == other.path:
		return ""
	case p == other.path:
		return "is given twice"
	default:
		return fmt.Sprintf("differs from %q only in case: Windows takes both for one", other.path)
	}
}

// clash reports whether p, put beside the set, would be in the way of one of its
// files: as the same file, as a file where a folder is needed, or below a file.
func (n names) clash(p string) bool {
	if _, taken := n[fold(p)]; taken {
		return true
	}
	for folder := range foldersOf(p) {
		if s, taken := n[fold(folder)]; taken && !s.folder {
			return true
		}
	}
	return false
}

// file returns the path of the file that p is a spelling of.
func (n names) file(p string) (string, bool) {
	s, taken := n[fold(p)]
	return s.path, taken && !s.folder
}

// foldersOf yields the folders that p stands in, the innermost first.
func foldersOf(p string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := strings.LastIndexByte(p, '/'); i > 0; i = strings.LastIndexByte(p, '/') {
			p = p[:i]
			if !yield(p) {
				return
			}
		}
	}
}

// fold maps all spellings of a name that a file system blind to case takes for one
// to one. Going up and then down also joins letters with more than two cases.
func fold(p string) string { return strings.ToLower(strings.ToUpper(p)) }
