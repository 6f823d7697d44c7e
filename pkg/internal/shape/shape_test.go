package shape_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/providers"
)

func newLibrary(t testing.TB) *library.Library {
	t.Helper()
	lib, err := library.Of(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestEverySchemaCompiles: no official schema uses an unsupported construct.
func TestEverySchemaCompiles(t *testing.T) {
	lib := newLibrary(t)
	for _, p := range providers.All() {
		s, err := shape.Compile(lib, p.Info().Schema.ImportPath)
		if err != nil {
			t.Errorf("%s: %v", p.Info().Name, err)
		} else if len(s.Tenant) == 0 {
			t.Errorf("%s has an empty shape", p.Info().Name)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	lib := newLibrary(b)
	for b.Loop() {
		if _, err := shape.Compile(lib, providers.All()[1].Info().Schema.ImportPath); err != nil {
			b.Fatal(err)
		}
	}
}
