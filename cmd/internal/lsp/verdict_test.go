package lsp

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// vetted returns what vet says of a folder whose files have these texts, as lines as
// [client.lines] has them.
func vetted(t *testing.T, c *client, texts map[string]string) []string {
	t.Helper()
	compiler, err := compilers()
	if err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{c.folder + "/..."}, Overlay: map[string][]byte{}, PolicyNotes: true}
	open := map[string]*document{}
	for name, text := range texts {
		in.Overlay[c.path(name)] = []byte(text)
		open[c.path(name)] = &document{uri: c.uri(name), path: c.path(name), text: text}
	}
	var all diag.List
	if err := compiler.Each(t.Context(), in, func(u compile.Unit) error {
		all = append(all, u.Diagnostics...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	places := placesIn(open)
	said := client{folder: c.folder, published: map[string]publishParams{}}
	for _, d := range report.Merge(all) {
		for _, path := range shownIn(d, open) {
			p := said.published[uriOf(path)]
			p.Diagnostics = append(p.Diagnostics, places.diagnostic(d))
			said.published[uriOf(path)] = p
		}
	}
	return said.lines()
}

func same(t *testing.T, reason string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: the editor shows\n%s\nand vet says\n%s", reason, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestVerdictOfTestdata opens every file of testdata, a folder after another, and holds what is
// shown to what vet says. An archive is a folder of a folder.
func TestVerdictOfTestdata(t *testing.T) {
	for _, folder := range []string{"tenants", "broken", "policies", "mistakes", "templates"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			c := connect(t, unpacked(t, filepath.Join("../../../testdata", folder)), Options{})
			texts := map[string]string{}
			err := filepath.WalkDir(c.folder, func(path string, e os.DirEntry, err error) error {
				if err != nil || !e.Type().IsRegular() || !isSpec(path) {
					return err
				}
				text, err := os.ReadFile(path)
				name := c.name(uriOf(path))
				texts[name] = strings.ToValidUTF8(string(text), "\uFFFD") // as a client sends it
				c.open(name, texts[name])
				return err
			})
			if err != nil || len(texts) == 0 {
				t.Fatalf("%d files: %v", len(texts), err)
			}
			c.settled()
			same(t, folder, c.lines(), vetted(t, c, texts))
		})
	}
}

// unpacked returns a copy of a folder in which archives are folders.
func unpacked(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(to + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			path := filepath.Join(strings.TrimSuffix(name, ".txtar"), filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return to
}

// TestVerdictOfEdits makes random edits of tenants, some of which are CUE with templates, and
// holds what is shown after each to what vet says. EDITS is how many: 100 where it is not set.
func TestVerdictOfEdits(t *testing.T) {
	edits, seed := 100, rand.Uint64()
	if text := os.Getenv("EDITS"); text != "" {
		var err error
		if edits, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/workspace")); err != nil {
		t.Fatal(err)
	}
	c := connect(t, folder, Options{})
	r := rand.New(rand.NewPCG(seed, 0))
	original, texts := map[string]string{}, map[string]string{}
	names, err := filepath.Glob(folder + "/*/*.*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no specs: %v", err)
	}
	for i, path := range names {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names[i] = c.name(uriOf(path))
		original[names[i]] = string(text)
	}
	for i := range edits {
		name := names[r.IntN(len(names))]
		switch text, open := texts[name]; {
		case !open:
			texts[name] = original[name]
			c.open(name, original[name])
		case r.IntN(20) == 0:
			delete(texts, name)
			c.another()
			c.close(name)
		case r.IntN(8) == 0:
			texts[name] = original[name]
			c.change(name, original[name])
		default:
			at, length, with := randomEdit(r, text)
			l := newLines(text)
			texts[name] = text[:at] + with + text[at+length:]
			c.edit(name, map[string]any{"range": l.span(at, at+length), "text": with})
		}
		c.settled()
		same(t, fmt.Sprintf("seed %d, edit %d, of %s:\n%s", seed, i, name, texts[name]), c.lines(), vetted(t, c, texts))
	}
}

// randomEdit is what replaces so many bytes of a text.
func randomEdit(r *rand.Rand, text string) (at, length int, with string) {
	begins := []int{0}
	for i := range text {
		begins = append(begins, i)
	}
	i := r.IntN(len(begins))
	at = begins[i]
	switch r.IntN(4) {
	case 0: // a few characters less
		length = begins[min(i+r.IntN(5), len(begins)-1)] - at
	case 1: // a line twice
		rest, _, _ := strings.Cut(text[at:], "\n")
		with = "\n" + rest
	case 2:
		with = []string{"x", ":", "\n", " ", "\"", "{", "}", "-", "é", "😀", "0", "\t", "#", "]", "&", "*"}[r.IntN(16)]
	case 3: // a word from elsewhere
		words := strings.Fields(text)
		if len(words) > 0 {
			with = words[r.IntN(len(words))]
		}
	}
	return at, length, with
}
