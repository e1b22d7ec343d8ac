package dns

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
)

// ServedPath is where the file lies in the pack that a web server must answer with before the
// record is published: dns/mta-sts/P2/agency.example/.well-known/mta-sts.txt for
// https://mta-sts.agency.example/.well-known/mta-sts.txt.
func ServedPath(r design.Record) (string, error) {
	u, err := url.Parse(r.Serves.URL)
	if err != nil || u.Scheme != "https" || u.Path == "" {
		return "", fmt.Errorf("%s: %q is not the address of a file on the web", r.ID, r.Serves.URL)
	}
	name, domain, _ := strings.Cut(u.Hostname(), ".")
	if device.MatchString(domain + ".") {
		domain = "_" + domain
	}
	return "dns/" + name + "/" + r.Phase + "/" + domain + u.Path, nil
}

// served returns the files that web servers must answer with.
func served(d *design.Design) ([]output.File, error) {
	var files []output.File
	for _, r := range d.Records {
		if r.Serves == nil || r.Held() {
			continue
		}
		path, err := ServedPath(r)
		if err != nil {
			return nil, err
		}
		files = append(files, output.File{Path: path, Data: []byte(r.Serves.Text), Role: role})
	}
	return files, nil
}
