package formats_test

import (
	"os"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/providers"
)

func TestMain(m *testing.M) {
	compile.ChildMain(providers.All()...)
	os.Exit(m.Run())
}
