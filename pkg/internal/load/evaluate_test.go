package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
)

// TestBreaks: if the evaluator panics on the second of two tenants, neither is returned, and
// the evaluator's state is discarded.
func TestBreaks(t *testing.T) {
	e := &evaluation{Loader: &Loader{cue: &cueState{}}, out: &Loaded{}}
	e.attempt(find.Unit{Path: "a.cue"}, func() {
		e.out.tenant(&data.Node{Kind: data.Struct}, 1)
		panic("no such label")
	})
	want := diag.List{{
		Severity: diag.Error, Code: diag.Limit, Range: diag.Range{File: "a.cue"},
		Message: "CUE's evaluator breaks on this: no such label", Help: "write it another way",
	}}
	if diff := cmp.Diff(want, e.out.Diagnostics); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if e.out.Tenants != 1 || len(e.out.Documents) != 0 || e.cue != nil {
		t.Errorf("%d tenants, %d documents and %v are left", e.out.Tenants, len(e.out.Documents), e.cue)
	}
}
