// Package output knows what a change pack is on disk: which files it holds, how
// they are listed and summed, how a pack is written, and how one is read back.
//
// [Seal] adds the two files that make a set of files a pack: manifest.json, for
// programs and people, and SHA256SUMS, which `sha256sum -c` checks. [Write] puts
// a sealed set into a folder, and is the only writer of packs. [Read] reads one
// and says what has happened to it since.
//
// Three things are promised. The same files and the same [Meta] give the same
// bytes: nothing here asks for the time or the name of the machine. A pack is
// written whole or not at all: it is built beside its place and moved there when
// it is complete. And what a person wrote is not lost by accident: the sums of
// the last run tell an edited file from one that only grew old, and a file that
// no run has made is left where it is.
//
// A pack names gateways, rules and connectors, so its folders are made with mode
// 0700 and its files with 0600 (less what the umask takes); sharing one is for a
// person to decide. Windows has no such modes: there a pack inherits the
// access rights of the folder it is written into.
//
// What a file says is no business of this package, with one exception: the
// customer may sign the scripts, and a signed script counts as what it was
// before the signature was appended.
package output

// The files that [Seal] adds to a pack, and that no other file may be named for.
const (
	ManifestPath = "manifest.json"
	SumsPath     = "SHA256SUMS"
)

// Format is the version of the layout of packs that this package writes. It
// grows when an older exoplan could no longer read what a newer one wrote.
const Format = 1

// File is one file of a pack.
type File struct {
	Path string // relative to the pack, with slashes
	Data []byte
	Role string // what it is for, in a few words for the manifest: "change script", "DNS records"
}

// Meta is what the manifest says of the pack as a whole.
type Meta struct {
	Format       int      `json:"format"`    // set by Seal; zero before
	Generator    string   `json:"generator"` // name and version of the program
	Title        string   `json:"title"`
	Organisation string   `json:"organisation"`
	Marking      string   `json:"marking"` // protective marking, of the pack and of every file in it
	Profile      string   `json:"profile"`
	Revision     int      `json:"revision"`
	Presets      []string `json:"presets"`
	Date         string   `json:"date"` // YYYY-MM-DD
	Draft        bool     `json:"draft"`
	Plan         string   `json:"plan"` // plan fingerprint: 64 lower-case hexadecimal digits, none in a draft
}
