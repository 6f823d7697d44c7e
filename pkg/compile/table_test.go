package compile_test

import (
	"fmt"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// TestTable is the table test in README.md.
func TestTable(t *testing.T) {
	for path, want := range map[string]string{
		"tenants/fleet/...":           "",
		"broken/own-definition.cue":   "7: unknown field \"gpu\"\n",
		"broken/dangling-secret.yaml": "7: no secret \"database\"\n",
	} {
		t.Run(path, func(t *testing.T) {
			in := compile.Input{Paths: []string{"../../testdata/" + path}}
			_, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, in)
			if err != nil {
				t.Fatal(err) // a failure of the test or the machine
			}
			got := ""
			for _, d := range diags {
				if d.Severity == diag.Error {
					got += fmt.Sprintf("%d: %s\n", d.Line, d.Message)
				}
			}
			if got != want {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}
