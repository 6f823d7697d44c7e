package library_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"
	"github.com/distribution/reference"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/providers"
	"github.com/cuecompute/cuecompute/schema"
)

// undocumented are fields that a provider repeats only to narrow what is in them. The core documents
// them, and the provider's own name below extensions needs no comment.
var undocumented = map[string]bool{
	"provider": true, "workloads": true, "containers": true, "extensions": true, "restart": true,
}

// TestEachFieldIsDocumented: every field of the schema and of the providers' extensions has a
// comment with its meaning, and a default or an example.
func TestEachFieldIsDocumented(t *testing.T) {
	files, err := filepath.Glob("../../../schema/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	extensions, err := filepath.Glob("../../../providers/*/*.cue")
	if err != nil || len(extensions) == 0 {
		t.Fatal("no providers", err)
	}
	fields := 0
	for _, name := range append(files, extensions...) {
		f, err := parser.ParseFile(name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Walk(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok {
				return true
			}
			label, isIdent, err := ast.LabelName(field.Label)
			doc := docOf(field)
			if err != nil || doc == "" && (undocumented[label] || label == filepath.Base(filepath.Dir(name))) {
				return true
			}
			fields++
			switch {
			case doc == "":
				t.Errorf("%s: %s has no comment", field.Pos(), label)
			case !isIdent || strings.HasPrefix(label, "#"):
			case !strings.HasPrefix(doc, label):
				t.Errorf("%s: the comment of %s does not begin with its name", field.Pos(), label)
			case !strings.Contains(doc, "Default:") && !strings.Contains(doc, "Example:") && label != "readOnly":
				t.Errorf("%s: %s has neither a default nor an example", field.Pos(), label)
			}
			return true
		}, nil)
	}
	if fields < 150 {
		t.Errorf("only %d fields were seen", fields)
	}
}

func docOf(f *ast.Field) string {
	var doc string
	for _, c := range ast.Comments(f) {
		if c.Doc {
			doc += c.Text()
		}
	}
	return strings.TrimSpace(doc)
}

// buildPackage evaluates a CUE package of the binary.
func buildPackage(t *testing.T, importPath string) cue.Value {
	t.Helper()
	lib, err := library.Of(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	ctx := build.NewContext()
	v := cuecontext.New().BuildInstance(lib.Load(ctx, lib.Loader(ctx), importPath))
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPackagesAreWellFormed evaluates the core schema, and each provider's.
func TestPackagesAreWellFormed(t *testing.T) {
	paths := []string{schema.ImportPath}
	for _, p := range providers.All() {
		paths = append(paths, p.Info().Schema.ImportPath)
	}
	for _, path := range paths {
		v := buildPackage(t, path)
		if err := v.Validate(cue.Definitions(true)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if !v.LookupPath(cue.ParsePath("#Tenant")).Exists() {
			t.Errorf("%s has no #Tenant", path)
		}
	}
}

// TestImageGrammar compares #Image with the reference grammar's own parser, over random texts
// made of parts of references.
func TestImageGrammar(t *testing.T) {
	image := buildPackage(t, schema.ImportPath).LookupPath(cue.ParsePath("#Image"))
	hex := strings.Repeat("0123456789abcdef", 4)
	parts := []string{
		"nginx", "acme", "web-api", "a__b", "a..b", "Acme", "ghcr.io", "localhost", "10.0.0.1", "[::1]", "x-", "_x",
		"/", "/", "/", ":", ":", "@", "5000", "1.29", "v1_2", "-bad", "latest", "sha256:" + hex, "sha256:" + hex[1:],
		"sha512:" + hex + hex, "sha1:" + hex, "", " ", "é",
	}
	ctx := cuecontext.New()
	r := rand.New(rand.NewPCG(1, 2))
	admitted := 0
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		ref, err := reference.Parse(text)
		_, named := ref.(reference.Named)
		_, tagged := ref.(reference.Tagged)
		_, digested := ref.(reference.Digested)
		want := err == nil && named && (tagged || digested)
		got := image.Unify(ctx.Encode(text)).Err() == nil
		if got != want {
			t.Errorf("%q: admitted is %v, and by the grammar %v (%v)", text, got, want, err)
		}
		if got {
			admitted++
		}
	}
	if admitted < 200 {
		t.Errorf("only %d were admitted: the texts do not test the grammar", admitted)
	}
}
