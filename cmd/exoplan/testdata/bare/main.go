// Command bare is a yardstick: it executes the templates of a folder and writes what they yield
// into another. It knows nothing, checks nothing and reads nothing back.
package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

func main() {
	from, to := os.Args[1], os.Args[2]
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		return render(path, target)
	})
	if err != nil {
		panic(err)
	}
}

func render(path, target string) error {
	t, err := template.ParseFiles(path)
	if err != nil {
		return err
	}
	out, err := os.Create(target)
	if err != nil {
		return err
	}
	err = t.Execute(out, map[string]string{"Organisation": "Department of Harbours and Shipwrights' Affairs"})
	return errors.Join(err, out.Sync(), out.Close())
}
