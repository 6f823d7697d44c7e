package load

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/parser"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// BenchmarkYAML, BenchmarkJSON and BenchmarkCUE compare loading located data with the
// language's parser alone, over the same tenants of about 2 KB.
func BenchmarkYAML(b *testing.B) {
	compare(b, "yaml", func(r io.Reader) error {
		var n yaml.Node
		return yaml.NewDecoder(r).Decode(&n)
	})
}

func BenchmarkJSON(b *testing.B) {
	compare(b, "json", func(r io.Reader) error {
		var v any
		return json.NewDecoder(r).Decode(&v)
	})
}

func BenchmarkCUE(b *testing.B) {
	compare(b, "cue", func(r io.Reader) error {
		_, err := parser.ParseFile("-", r)
		return err
	})
}

// compare reports the time of a read, and its ratio to that of the parser. An operation is one
// of each, of the same text.
func compare(b *testing.B, lang string, parse func(io.Reader) error) {
	l := loader(b, nil)
	all := texts(b, lang)
	var whole, alone time.Duration
	read := func(text []byte) {
		start := time.Now()
		out := &Loaded{Sources: cuedata.Sources{}}
		_ = l.inLanguage(b.Context(), find.Unit{Path: "-"}, out, lang, out.source("-", text))
		whole += time.Since(start)
		if len(out.Documents) != 1 {
			b.Fatal(out.Diagnostics)
		}
	}
	justParse := func(text []byte) {
		start := time.Now()
		err := parse(bytes.NewReader(text))
		alone += time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		text := all[i%len(all)]
		if i/len(all)%2 == 0 { // the second finds its text in the processor's cache
			read(text)
			justParse(text)
		} else {
			justParse(text)
			read(text)
		}
	}
	b.ReportMetric(float64(whole.Nanoseconds())/float64(b.N), "read-ns")
	b.ReportMetric(float64(whole)/float64(alone), "of-parser")
}

// loader needs no library: plain data imports nothing.
func loader(b testing.TB, limits limit.Limits) *Loader {
	b.Helper()
	tags, err := NewTags(nil)
	if err != nil {
		b.Fatal(err)
	}
	return New(nil, Options{Tags: tags, Limits: limits})
}

// texts returns the real YAML tenants of 1.5 to 3 KB, written in a language.
func texts(b *testing.B, lang string) [][]byte {
	b.Helper()
	paths, err := filepath.Glob("../../../testdata/tenants/*/*.yaml")
	if err != nil {
		b.Fatal(err)
	}
	l := loader(b, nil)
	var all [][]byte
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		loaded, err := l.Load(b.Context(), find.Unit{Path: path, Files: []string{path}})
		if err != nil || len(loaded.Diagnostics) > 0 {
			b.Fatal(err, loaded.Diagnostics)
		}
		if len(text) < 1500 || len(loaded.Documents) != 1 {
			continue
		}
		switch lang {
		case "cue":
			x := cuedata.Expr(loaded.Documents[0].Root).(*ast.StructLit)
			text, err = format.Node(&ast.File{Decls: x.Elts})
		case "json":
			var v any
			if err = yaml.Unmarshal(text, &v); err == nil {
				text, err = json.MarshalIndent(v, "", "  ")
			}
		}
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, text)
	}
	if len(all) < 5 {
		b.Fatalf("only %d tenants", len(all))
	}
	return all
}
