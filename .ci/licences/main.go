// Command licences lists the licence of each module that is linked into a command, on any
// system that it is built for, by the texts that the modules carry. It fails on a licence
// that is not allowed, and with -check on a list that is not the one of a file.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

// allowed are the licences under which a binary may be passed on with what it links: those
// that ask for a notice alone, and MPL-2.0, which asks for the source of its own files.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense"}

// systems are what the command is built for.
var systems = []string{"linux", "darwin", "windows"}

func main() {
	check := flag.String("check", "", "compare with the list in this `file`")
	dir := flag.String("C", ".", "the module's `directory`")
	flag.Parse()
	text, err := list(*dir, flag.Args())
	if err == nil && *check != "" {
		err = compare(*check, text)
	} else if err == nil {
		_, err = os.Stdout.Write(text)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "licences: %v\n", err)
		os.Exit(1)
	}
}

func compare(file string, text []byte) error {
	listed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(listed, text) {
		return fmt.Errorf("%s is not up to date: run make licences, and look at the difference", file)
	}
	return nil
}

// list writes a line for each module: its path, and its licences.
func list(dir string, packages []string) ([]byte, error) {
	known, err := assets.DefaultClassifier()
	if err != nil {
		return nil, err
	}
	dirs := map[string]string{}
	for _, system := range systems {
		if err := linked(dirs, dir, system, packages); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	var errs []error
	for _, module := range slices.Sorted(maps.Keys(dirs)) {
		found, err := licences(known, dirs[module])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", module, err))
		}
		fmt.Fprintf(&out, "%s %s\n", module, strings.Join(found, " "))
	}
	return out.Bytes(), errors.Join(errs...)
}

// linked adds the modules that packages are built of on a system, and where they are.
func linked(dirs map[string]string, dir, system string, packages []string) error {
	c := exec.Command("go", append([]string{"list", "-deps", "-json=Module"}, packages...)...)
	c.Dir, c.Stderr = dir, os.Stderr
	c.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	text, err := c.Output()
	if err != nil {
		return err
	}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p struct {
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if p.Module != nil && !p.Module.Main {
			dirs[p.Module.Path] = p.Module.Dir
		}
	}
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicen[cs]e)`)

// licences returns those that a module's files are of, by their SPDX names.
func licences(known *classifier.Classifier, dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for _, match := range known.Match(text).Matches {
			if match.MatchType == "License" || match.MatchType == "Header" {
				found = append(found, match.Name)
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) == 0 {
		return nil, errors.New("no licence that is known")
	}
	for _, id := range found {
		if !slices.Contains(allowed, id) {
			return found, fmt.Errorf("the licence %s is not allowed", id)
		}
	}
	return found, nil
}
