package providers_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// matrix counts vet's verdicts against an engine's.
type matrix struct{ passAdmit, passRefuse, refuseAdmit, refuseRefuse int }

func (m *matrix) count(passes, admits bool) {
	switch {
	case passes && admits:
		m.passAdmit++
	case passes:
		m.passRefuse++
	case admits:
		m.refuseAdmit++
	default:
		m.refuseRefuse++
	}
}

func (m matrix) String() string {
	return fmt.Sprintf("vet passes: %d admitted, %d refused; vet refuses: %d admitted, %d refused", m.passAdmit, m.passRefuse, m.refuseAdmit, m.refuseRefuse)
}

// refused returns what Validate refuses as nothing that the engine would take. That a
// platform has no such thing is no rule of its engine's.
func refused(diags diag.List) (rules diag.List, unsupported bool) {
	for _, d := range diags {
		switch {
		case d.Severity != diag.Error:
		case d.Code == diag.Unsupported:
			unsupported = true
		default:
			rules = append(rules, d)
		}
	}
	return rules, unsupported
}

// landlord supplies what platforms ask for before they take a tenant.
var landlord = compile.Policies{Files: []string{"../testdata/policies/platforms.cue"}}

// TestTenantsAreAdmitted renders every real tenant for each platform that takes it: the
// engine admits all of them, and every process sees what its author wrote.
func TestTenantsAreAdmitted(t *testing.T) {
	for _, e := range engines(t) {
		tenants, documents := 0, 0
		compiled(t, e, compile.Input{Paths: []string{"../testdata/tenants/..."}}, landlord, func(j judged) {
			if j.diags.HasErrors() {
				return
			}
			a := e.admit(t, j.Plan)
			for _, err := range a.Errors {
				t.Errorf("%s on %s: %s: %s", j.ID, j.Provider, err.Document, err.Message)
			}
			sees(t, j.Plan, a.Processes)
			files, err := e.Render(t.Context(), j.Plan)
			if err != nil {
				t.Fatal(err)
			}
			tenants, documents = tenants+1, documents+len(files)
		})
		t.Logf("%s admits %d documents of %d tenants", e.Info().Name, documents, tenants)
		if tenants < 10 {
			t.Errorf("%s takes only %d tenants", e.Info().Name, tenants)
		}
	}
}

// TestRulesAreTheEngines holds each rule of Validate, by its own cases, to the engine:
// what passes is admitted, and what is refused, rendered all the same, is refused too,
// but for the cases that testdata/stricter.txt of the provider lists, each with the
// reason.
func TestRulesAreTheEngines(t *testing.T) {
	for _, e := range engines(t) {
		name := e.Info().Name
		stricter := reasons(t, filepath.Join(name, "testdata", "stricter.txt"))
		archives, err := filepath.Glob(filepath.Join(name, "testdata", "*.txtar"))
		if err != nil || len(archives) == 0 {
			t.Fatalf("no cases of %s (%v)", name, err)
		}
		var m matrix
		for _, path := range archives {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files {
				label := strings.TrimSuffix(filepath.Base(path), ".txtar") + "/" + f.Name
				file := filepath.Join(t.TempDir(), f.Name)
				if err := os.WriteFile(file, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
				compiled(t, e, compile.Input{Paths: []string{file}}, compile.Policies{}, func(j judged) {
					rules, unsupported := refused(j.diags)
					if unsupported {
						return
					}
					errors := e.admit(t, j.Plan).Errors
					m.count(len(rules) == 0, len(errors) == 0)
					switch {
					case len(rules) == 0 && len(errors) > 0:
						t.Errorf("%s: %s passes vet, and %s refuses it: %v", name, label, name, errors)
					case len(rules) > 0 && len(errors) == 0 && stricter[label] == "":
						t.Errorf("%s: %s is refused by vet and admitted by %s: %s", name, label, name, rules[0].Message)
					case len(rules) > 0 && len(errors) > 0 && stricter[label] != "":
						t.Errorf("%s: %s is said to be stricter than %s, and is not", name, label, name)
					}
					delete(stricter, label)
				})
			}
		}
		for label := range stricter {
			t.Errorf("%s: testdata/stricter.txt lists %s, which is no case that reaches the engine", name, label)
		}
		t.Logf("%s: %s", name, m)
	}
}

// reasons reads a list of cases and why vet is stricter than the engine there: CASE:
// REASON in a line, # begins a comment.
func reasons(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		label, reason, ok := strings.Cut(line, ": ")
		if !ok || reason == "" || all[label] != "" {
			t.Fatalf("%s: cannot read %q, or it stands twice", path, line)
		}
		all[label] = reason
	}
	return all
}

// TestEditsAreAdmitted changes real tenants at random, one to four times: whatever vet
// passes, the engine admits. EDITS and SEED ask for a longer run.
func TestEditsAreAdmitted(t *testing.T) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	edits, seed := number("EDITS", 1500), number("SEED", 20261123)
	for _, e := range engines(t) {
		name := e.Info().Name
		dir := t.TempDir()
		tenants := real(t, e)
		for i := range edits {
			r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			n := tenants[r.IntN(len(tenants))]
			for range 1 + r.IntN(4) {
				n = datatest.Recombine(r, n, tenants)
			}
			n.Set("id", datatest.Pos{}, datatest.Text(fmt.Sprintf("t%d", i)))
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("t%05d.yaml", i)), datatest.Write("yaml", n), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var m matrix
		stricter := map[string]int{}
		compiled(t, e, compile.Input{Paths: []string{dir}}, landlord, func(j judged) {
			rules, unsupported := refused(j.diags)
			if unsupported {
				return
			}
			a := e.admit(t, j.Plan)
			m.count(len(rules) == 0, len(a.Errors) == 0)
			if len(rules) == 0 && len(a.Errors) > 0 {
				t.Errorf("%s: %s of seed %d passes vet, and is refused: %v", name, j.ID, seed, a.Errors)
			}
			if len(rules) == 0 {
				sees(t, j.Plan, a.Processes)
			}
			if len(rules) > 0 && len(a.Errors) == 0 {
				stricter[string(rules[0].Code)+": "+rules[0].Message]++
			}
		})
		t.Logf("%s: of %d edits: %s", name, edits, m)
		for _, message := range slices.Sorted(maps.Keys(stricter)) {
			t.Logf("%s: stricter %d times: %s", name, stricter[message], message)
		}
		if m.passAdmit < edits/10 {
			t.Errorf("%s: only %d of %d edits pass", name, m.passAdmit, edits)
		}
	}
}

// real are the real tenants that a provider takes, as their authors wrote them.
func real(t *testing.T, p provider.Provider) []*datatest.Node {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	var all []*datatest.Node
	in := compile.Input{Paths: []string{"../testdata/tenants/..."}, Providers: []string{p.Info().Name}}
	opts := compile.Options{Policies: landlord, Evaluation: compile.Evaluation{Unbounded: true}}
	err = compile.Each(t.Context(), reg, opts, in, func(u compile.Unit) error {
		for _, tenant := range u.Tenants {
			if len(tenant.Plans) > 0 {
				all = append(all, tenant.For("").(*datatest.Node))
			}
		}
		return nil
	})
	if err != nil || len(all) < 10 {
		t.Fatalf("only %d tenants (%v)", len(all), err)
	}
	return all
}
