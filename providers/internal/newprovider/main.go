// Command newprovider lays the folder of a new provider: a copy of
// providers/internal/acmecloud under another name, which compiles and passes its tests.
//
//	go run ./providers/internal/newprovider NAME
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// template is the name of the provider that is copied, which is nothing else's.
const template = "acmecloud"

func main() {
	if len(os.Args) != 2 {
		fail(errors.New("a name, please: make provider NAME=mycloud"))
	}
	name := os.Args[1]
	if err := lay(os.DirFS("providers/internal/"+template), "providers", name); err != nil {
		fail(err)
	}
	fmt.Printf(`providers/%[1]s is laid, and passes go test ./providers/%[1]s.
Put %[1]s.New() into All() of providers/providers.go when it is to be found.
providers/README.md says how to go on.
`, name)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "newprovider:", err)
	os.Exit(2)
}

var word = regexp.MustCompile(`^[a-z][a-z0-9]{0,29}$`)

// lay copies the template into a folder of the name, whole or not at all.
func lay(from fs.FS, dir, name string) error {
	if err := check(name); err != nil {
		return err
	}
	to := filepath.Join(dir, name)
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s is there already", to)
	}
	made, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	err = fs.WalkDir(from, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		renamed := filepath.Join(made, strings.ReplaceAll(filepath.FromSlash(path), template, name))
		if d.IsDir() {
			return os.MkdirAll(renamed, 0o755)
		}
		text, err := fs.ReadFile(from, path)
		if err != nil {
			return err
		}
		if text, err = rename(path, text, name); err != nil {
			return err
		}
		return os.WriteFile(renamed, text, 0o644)
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	return os.Rename(made, to)
}

// check refuses a name that is no Go package's, or another's in providers.
func check(name string) error {
	switch {
	case !word.MatchString(name) || token.IsKeyword(name):
		return fmt.Errorf("%q is no name of a provider and of its Go package: lower-case letters and digits, beginning with a letter, at most 30", name)
	case name == template || taken[name]:
		return fmt.Errorf("%q is taken", name)
	}
	return nil
}

// taken are the names that mean something else to Go, to --provider, or in providers.go.
var taken = map[string]bool{
	"internal": true, "main": true, "testdata": true, "vendor": true, "all": true, "provider": true, "providers": true,
}

// rename puts a name in the template's place.
func rename(path string, text []byte, name string) ([]byte, error) {
	for _, r := range [][2]string{
		{"providers/internal/" + template, "providers/" + name},
		{template, name},
		{title(template), title(name)},
	} {
		text = bytes.ReplaceAll(text, []byte(r[0]), []byte(r[1]))
	}
	if filepath.Ext(path) != ".go" {
		return text, nil
	}
	return format.Source(text)
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
