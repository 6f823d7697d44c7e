package cli_test

import (
	"os"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/providers"
)

func TestMain(m *testing.M) {
	compile.ChildMain(providers.All()...) // so that CUE is evaluated as in the command
	os.Exit(m.Run())
}
