package jsonschema_test

import (
	"os"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/providers"
)

func TestMain(m *testing.M) {
	compile.ChildMain(providers.All()...) // so that these tests' CUE is evaluated as the command's is
	os.Exit(m.Run())
}
