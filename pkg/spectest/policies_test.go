package spectest_test

import (
	"bytes"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/spectest"
	"github.com/cuecompute/cuecompute/providers"
)

func policies(t *testing.T, jobs int) (*provider.Registry, spectest.Options) {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	return reg, spectest.Options{Paths: []string{"../../testdata/policies"}, Root: "../..", Jobs: jobs}
}

// TestPolicies holds the table tests of the project's own policies to notice each change of one:
// a rule without a test is found here.
func TestPolicies(t *testing.T) {
	reg, o := policies(t, 2)
	report, mutations, err := spectest.Mutate(t.Context(), reg, o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Fatal(text.String())
	}
	if err := spectest.WriteMutations(&text, mutations); err != nil {
		t.Fatal(err)
	}
	mutants, survived := 0, 0
	for _, m := range mutations {
		mutants, survived = mutants+m.Mutants, survived+len(m.Survived)
	}
	if survived > 0 || mutants < 38 {
		t.Errorf("%d changes, of which %d are not noticed:\n%s", mutants, survived, text.String())
	}
}

// TestSameReport: what is reported does not depend on how many tests run at once.
func TestSameReport(t *testing.T) {
	var first []byte
	for _, jobs := range []int{1, 3, 16} {
		reg, o := policies(t, jobs)
		report, err := spectest.Run(t.Context(), reg, o)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := report.WriteJUnit(&text); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text.Bytes()
		} else if !bytes.Equal(first, text.Bytes()) {
			t.Errorf("with %d jobs:\n%s\nwith 1:\n%s", jobs, text.Bytes(), first)
		}
	}
}
