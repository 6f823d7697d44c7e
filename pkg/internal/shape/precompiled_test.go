package shape_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestPrecompiledIsTheSame: a precompiled schema decodes to the schema that it was encoded
// from.
func TestPrecompiledIsTheSame(t *testing.T) {
	lib := newLibrary(t)
	for _, p := range providers.All() {
		s := p.Info().Schema
		now, err := shape.Compile(lib, s.ImportPath)
		if err != nil {
			t.Fatal(err)
		}
		if s.Compiled, err = shape.Precompile(lib, s.ImportPath); err != nil {
			t.Fatal(err)
		}
		precompiled, err := shape.Of(lib, s.ImportPath, s.Compiled)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written(now), written(precompiled)); diff != "" {
			t.Errorf("%s (-now +precompiled):\n%s", p.Info().Name, diff)
		}
	}
}

// written formats a whole shape, each definition once: it is a graph.
func written(s *shape.Shape) string {
	w := &strings.Builder{}
	number := map[any]int{}
	var write func(v reflect.Value)
	write = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() {
				fmt.Fprintln(w, "nil")
				return
			}
			n, known := number[v.Interface()]
			if !known {
				n = len(number)
				number[v.Interface()] = n
			}
			fmt.Fprintf(w, "#%d\n", n)
			if !known {
				write(v.Elem())
			}
		case reflect.Slice:
			fmt.Fprintf(w, "%d of %s\n", v.Len(), v.Type())
			for i := range v.Len() {
				write(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					fmt.Fprintf(w, "%s.%s ", v.Type(), v.Type().Field(i).Name)
					write(v.Field(i))
				}
			}
		default:
			fmt.Fprintln(w, v.Interface())
		}
	}
	write(reflect.ValueOf(s))
	return w.String()
}

// TestAheadOfOtherFiles: a precompiled schema that is out of date or damaged is not used.
func TestAheadOfOtherFiles(t *testing.T) {
	schemaOf := func(bound, compiled string) (*library.Library, provider.Schema) {
		s := provider.Schema{
			ImportPath: "example.com/mine",
			Files:      fstest.MapFS{"mine.cue": {Data: []byte("package mine\n#Tenant: {n?: <=" + bound + "}\n")}},
			Compiled:   compiled,
		}
		lib, err := library.New(s)
		if err != nil {
			t.Fatal(err)
		}
		return lib, s
	}
	lib, s := schemaOf("5", "")
	five, err := shape.Precompile(lib, s.ImportPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, bound, compiled string
		stale                 bool
	}{
		{"of these files", "5", five, false},
		{"none", "6", "", false},
		{"of other files", "6", five, true},
		{"cut", "5", five[:len(five)-3], true},
		{"changed", "5", strings.Replace(five, "<=\x00", "<=\x01", 1) + " ", true},
		{"only a line", "5", "shape-1\n", true},
		{"of another format", "5", strings.Replace(five, "shape-1", "shape-0", 1), true},
	} {
		lib, s := schemaOf(tt.bound, tt.compiled)
		if err := shape.Stale(lib, s.ImportPath, s.Compiled); (err != nil) != tt.stale {
			t.Errorf("%s: stale: %v", tt.name, err)
		}
		got, err := shape.Of(lib, s.ImportPath, s.Compiled)
		if err != nil {
			t.Fatal(err)
		}
		if limit := got.Tenant[0].Struct.Field("n").Types[0].Bounds[0].Limit; limit != tt.bound {
			t.Errorf("%s: judged by %s instead of %s", tt.name, limit, tt.bound)
		}
	}
}

func BenchmarkAhead(b *testing.B) {
	lib := newLibrary(b)
	s := providers.All()[1].Info().Schema
	var err error
	if s.Compiled, err = shape.Precompile(lib, s.ImportPath); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shape.Of(lib, s.ImportPath, s.Compiled); err != nil {
			b.Fatal(err)
		}
	}
}
