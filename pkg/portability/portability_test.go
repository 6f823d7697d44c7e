package portability_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/portability"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// harmlessValues has values that every platform accepts, in fields that some restrict.
const harmlessValues = `id: harmless
provider: ecs
workloads:
  web:
    containers: {app: {image: "x:1", ports: {http: 8080}}}
    ingress: {web: {host: web.example.com, port: http, tls: true}}
    rollout: {rollback: false}
`

// TestAsVet compares the table of each unit of testdata/tenants with vet: a field is
// unsupported on a platform if and only if vet refuses it there, or refuses a sibling of it.
func TestAsVet(t *testing.T) {
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	var infos []provider.Info
	for _, name := range reg.Names() {
		p, err := reg.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, p.Info())
	}
	units, cells := 0, 0
	harmless := filepath.Join(t.TempDir(), "harmless.yaml")
	if err := os.WriteFile(harmless, []byte(harmlessValues), 0o600); err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{harmless, "../../testdata/tenants/..."}, Providers: reg.Names(), Accepted: true}
	err = compile.Each(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, in, func(u compile.Unit) error {
		if len(u.Tenants) == 0 {
			return nil
		}
		units++
		b := portability.NewBuilder(infos)
		b.Add(u)
		table := b.Table()
		for _, p := range infos {
			refused, besides := map[string]string{}, map[string]bool{}
			failed := ""
			for _, d := range u.Diagnostics {
				if d.Provider != "" && !slices.Contains(strings.Split(d.Provider, ","), p.Name) {
					continue
				}
				if d.Code == diag.Unsupported {
					if said := p.SupportOf(provider.FieldOf(d.Path)); len(said) > 0 {
						refused[said[0].Field] = d.Message
						besides[above(said[0].Field)] = true
					}
				} else if d.Severity == diag.Error {
					failed = d.Message
				}
			}
			for _, row := range table.Rows {
				cells++
				said := p.SupportOf(row.Field)
				message, no := "", false
				if len(said) > 0 {
					message, no = refused[said[0].Field]
				}
				switch level := row.Cells[p.Name].Level; {
				case no && level != provider.Unsupported, level == provider.Unsupported && !no && failed == "" && !besides[above(row.Field)]:
					t.Errorf("%s on %s: %s is %s, and vet says %q", u.Tenants[0].ID, p.Name, row.Field, level, message)
				case level == portability.Depends && failed == "":
					t.Errorf("%s on %s: %s depends, and vet passes", u.Tenants[0].ID, p.Name, row.Field)
				}
			}
		}
		return nil
	})
	if err != nil || units < 30 || cells < 1000 {
		t.Errorf("%d units, %d cells: %v", units, cells, err)
	}
}

// TestUnstated: a field without a row is not exact, and one with rows only below it has the
// worst level of those that tenants use.
func TestUnstated(t *testing.T) {
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := reg.Get("nomad")
	if err != nil {
		t.Fatal(err)
	}
	whole := p.Info()
	bare := whole
	bare.Name = "bare"
	bare.Support = []provider.Support{
		{Field: "workloads.containers.resources.cpu", Level: provider.Approximated, How: "nearly"},
		{Field: "workloads.containers.resources.memory", Level: provider.Exact, How: "so"},
	}
	b := portability.NewBuilder([]provider.Info{whole, bare})
	spec := `{id: acme, provider: nomad, labels: {a: b}, workloads: {web: {containers: {app: {image: "x:1", resources: {cpu: 1, memory: 1Gi}}}}}}`
	in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(spec), Lang: "yaml", Accepted: true}
	err = compile.Each(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, in, func(u compile.Unit) error { b.Add(u); return nil })
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]provider.Level{}
	for _, row := range b.Table().Rows {
		got[row.Field] = row.Cells["bare"].Level
	}
	for field, want := range map[string]provider.Level{
		"labels":                                portability.Unstated,
		"workloads.containers.image":            portability.Unstated,
		"workloads.containers.resources":        provider.Approximated,
		"workloads.containers.resources.memory": provider.Exact,
	} {
		if got[field] != want {
			t.Errorf("%s is %s, not %s", field, got[field], want)
		}
	}
}

func above(field string) string { return field[:max(0, strings.LastIndexByte(field, '.'))] }
