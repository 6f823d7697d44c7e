package load_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
)

func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		lib, err := library.New(schemas()...)
		if err != nil {
			panic(err)
		}
		load.Serve(lib)
	}
	os.Exit(m.Run())
}

// maxSeed is the size limit of seeds: mutations of a larger file find nothing more.
const maxSeed = 16 << 10

// seeds adds the files of testdata with these extensions to a fuzzer's corpus.
func seeds(f *testing.F, exts ...string) {
	f.Helper()
	err := filepath.WalkDir("../../../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(exts, filepath.Ext(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		if len(text) <= maxSeed {
			f.Add(text)
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

func FuzzLoadYAML(f *testing.F) {
	seeds(f, ".yaml", ".yml", ".json")
	f.Add([]byte("x: [0., 1e3, 1.0]"))
	f.Add([]byte("!%C0%80"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sameAsJSON(t, loadTwice(t, "yaml", text, load.Evaluator{}))
	})
}

func FuzzLoadJSON(f *testing.F) {
	seeds(f, ".json")
	f.Fuzz(func(t *testing.T, text []byte) {
		sameAsJSON(t, loadTwice(t, "json", text, load.Evaluator{}))
	})
}

// FuzzLoadCUE evaluates in a child what is more than data; a slow evaluation is stopped.
func FuzzLoadCUE(f *testing.F) {
	seeds(f, ".cue", ".json")
	f.Add([]byte("or"))
	program, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	limits := sandbox.Limits{Time: time.Second, Memory: 256 << 20}
	pool := sandbox.NewPool(sandbox.Options{Children: 1})
	f.Cleanup(pool.Close)
	f.Fuzz(func(t *testing.T, text []byte) {
		loadTwice(t, "cue", text, load.Evaluator{Pool: pool, Command: sandbox.Command{Program: program, Args: os.Args[:1], Limits: limits}})
	})
}

// loadTwice loads a text twice: both results are equal, and positions are inside the text.
func loadTwice(t *testing.T, lang string, text []byte, e load.Evaluator) *load.Loaded {
	t.Helper()
	first := loadText(t, lang, text, e)
	if first.Tenants < len(first.Documents) || first.Tenants == 0 || len(first.Documents)+len(first.Diagnostics) == 0 {
		t.Errorf("%d tenants, %d of them read, and %d diagnostics", first.Tenants, len(first.Documents), len(first.Diagnostics))
	}
	src := data.NewSource("-", bytes.TrimPrefix(text, []byte("\ufeff")))
	if err := datatest.DiagnosticsInside(src, first.Diagnostics); err != nil {
		t.Error(err)
	}
	for _, d := range first.Diagnostics {
		if !utf8.ValidString(d.Message) || !utf8.ValidString(d.Help) || d.Message == "" || d.File != "-" {
			t.Errorf("%+v is no diagnostic of the text", d)
		}
	}
	for _, doc := range first.Documents {
		if err := datatest.TreeInside(src, doc.Root); err != nil {
			t.Error(err)
		}
	}
	again := loadText(t, lang, text, e)
	if stopped(first) || stopped(again) {
		return first
	}
	if diff := cmp.Diff(first.Diagnostics, again.Diagnostics); diff != "" {
		t.Errorf("other diagnostics the second time:\n%s", diff)
	}
	if first.Tenants != again.Tenants || len(first.Documents) != len(again.Documents) {
		t.Fatalf("%d tenants, and %d the second time", first.Tenants, again.Tenants)
	}
	for i, doc := range first.Documents {
		if diff := datatest.Diff(doc.Root, again.Documents[i].Root); diff != "" {
			t.Errorf("other data the second time:\n%s", diff)
		}
	}
	return first
}

// stopped reports whether a child was stopped, which depends on the machine's speed.
func stopped(l *load.Loaded) bool {
	return slices.ContainsFunc(l.Diagnostics, func(d diag.Diagnostic) bool { return d.Code == diag.Limit })
}

func loadText(t *testing.T, lang string, text []byte, e load.Evaluator) *load.Loaded {
	t.Helper()
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := load.New(nil, load.Options{Tags: tags, Stdin: bytes.NewReader(text), Lang: lang, Evaluator: e})
	loaded, err := l.Load(t.Context(), find.Unit{Path: "-"})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// sameAsJSON writes loaded data as JSON, and loads the same data from that.
func sameAsJSON(t *testing.T, loaded *load.Loaded) {
	t.Helper()
	for _, doc := range loaded.Documents {
		text := datatest.Write("json", doc.Root)
		if bytes.Contains(text, []byte("@@")) || !hasJSON(doc.Root) { // @@ is a placeholder
			continue
		}
		again := loadText(t, "json", text, load.Evaluator{})
		if len(again.Documents) != 1 {
			t.Fatalf("as JSON it is refused: %v\n%s", again.Diagnostics, text)
		}
		if diff := cmp.Diff(doc.Root, again.Documents[0].Root, cmpopts.EquateEmpty(), cmpopts.IgnoreTypes(data.Pos{})); diff != "" {
			t.Errorf("as JSON it is another:\n%s", diff)
		}
	}
}

// hasJSON reports whether JSON can represent a value: it has no bytes, and no notation that
// sets a float such as 1e3 or 0. apart from an integer.
func hasJSON(n *data.Node) bool {
	return n.Kind != data.Bytes && (n.Kind != data.Float || strings.Contains(n.Text, ".")) &&
		!slices.ContainsFunc(n.Elems, func(e *data.Node) bool { return !hasJSON(e) }) &&
		!slices.ContainsFunc(n.Fields, func(f data.Field) bool { return !hasJSON(f.Value) })
}
