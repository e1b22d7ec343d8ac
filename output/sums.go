package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// The form of GNU sha256sum for text and (with the star) binary files. A checked
// path has no character that sha256sum would escape.
var sumLine = regexp.MustCompile(`^([0-9a-f]{64}) [ *](.+)$`)

type digest [sha256.Size]byte

func digestOf(data []byte) digest { return sha256.Sum256(data) }

func (d digest) String() string { return hex.EncodeToString(d[:]) }

// formatSums lists files, which are sorted and checked, as SHA256SUMS does.
func formatSums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", digestOf(f.Data), f.Path)
	}
	return b.Bytes()
}

// parseSums reads the SHA256SUMS of a pack. It is as strict as a file that decides
// what may be removed has to be: paths that could lead out of the pack are errors,
// and so is a list without a manifest, which some other program has made.
func parseSums(data []byte) (map[string]digest, error) {
	sums := map[string]digest{}
	var paths []string
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		m := sumLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("%s: line %d is not a SHA-256 sum and a path", SumsPath, i+1)
		}
		var d digest
		if _, err := hex.Decode(d[:], []byte(m[1])); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", SumsPath, i+1, err)
		}
		sums[m[2]] = d
		paths = append(paths, m[2])
	}
	if err := errors.Join(checkPaths(append(paths, SumsPath))...); err != nil {
		return nil, fmt.Errorf("%s: %w", SumsPath, err)
	}
	if _, ok := sums[ManifestPath]; !ok {
		return nil, fmt.Errorf("%s does not list %s", SumsPath, ManifestPath)
	}
	return sums, nil
}
