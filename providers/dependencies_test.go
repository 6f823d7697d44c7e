package providers_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// dependenciesTable is what stands in the table of containers that wait for others.
const dependenciesTable = "testdata/dependencies.txt"

// dependency is a container of a workload that waits for another one of it.
type dependency struct {
	kind        plan.Kind
	role, other plan.Role
	state       string
}

// dependencies are all of them, in the table's order.
func dependencies() []dependency {
	var all []dependency
	roles := []plan.Role{plan.Main, plan.Init, plan.Sidecar}
	for _, kind := range []plan.Kind{plan.Service, plan.Job, plan.Cron} {
		for _, role := range roles {
			for _, other := range roles {
				for _, state := range []string{"started", "healthy", "completed"} {
					all = append(all, dependency{kind, role, other, state})
				}
			}
		}
	}
	return all
}

// tenant is a spec of nothing else; where neither of the two is a main container there is one
// beside them. What has to be healthy has a check that the platform makes.
func (d dependency) tenant(id, platform string) string {
	check := "health: {tcp: {port: 8080}}, ports: {http: 8080}, "
	if platform == "ecs" || platform == "compose" {
		check = "health: {exec: {command: [ok]}}, "
	}
	if d.state != "healthy" {
		check = ""
	}
	spec := fmt.Sprintf("id: %s\nprovider: %s\nworkloads:\n  w:\n    kind: %s\n", id, platform, d.kind)
	if d.kind == plan.Cron {
		spec += "    schedule: \"0 3 * * *\"\n"
	}
	spec += "    containers:\n"
	const resources = "resources: {cpu: 100m, memory: 64Mi, memoryMax: 64Mi}"
	spec += fmt.Sprintf("      waits: {image: \"acme/waits:1\", role: %s, dependsOn: {other: %s}, %s}\n", d.role, d.state, resources)
	spec += fmt.Sprintf("      other: {image: \"acme/other:1\", role: %s, %s%s}\n", d.other, check, resources)
	if d.role != plan.Main && d.other != plan.Main {
		spec += fmt.Sprintf("      app: {image: \"acme/app:1\", %s}\n", resources)
	}
	return spec
}

// dependents are the specs of all dependencies, by their numbers.
func dependents(platform string) compile.Input {
	var docs []string
	for i, d := range dependencies() {
		docs = append(docs, d.tenant(fmt.Sprintf("t%d", i), platform))
	}
	return compile.Input{
		Paths: []string{"-"}, Stdin: strings.NewReader(strings.Join(docs, "---\n")), Lang: "yaml", Every: true,
		Providers: []string{platform},
	}
}

// TestDependencies holds which container may wait for which, on every platform, to
// testdata/dependencies.txt. Where vet passes one, all the containers are rendered.
func TestDependencies(t *testing.T) {
	all := dependencies()
	verdicts := make([][]string, len(all))
	for _, p := range providers.All() {
		reg, err := provider.NewRegistry(providers.All()...)
		if err != nil {
			t.Fatal(err)
		}
		in := dependents(p.Info().Name)
		opts := compile.Options{Policies: landlord, Evaluation: compile.Evaluation{Unbounded: true}}
		plans, diags, err := compile.Compile(t.Context(), reg, opts, in)
		if err != nil {
			t.Fatal(err)
		}
		found, lacks := map[string]diag.Severity{}, map[string]bool{}
		for _, d := range diags {
			lacks[d.Tenant] = lacks[d.Tenant] || d.Severity == diag.Error && d.Path.Within("workloads.*.kind")
			if strings.Contains(d.Path.String(), "dependsOn") || d.Severity == diag.Error {
				found[d.Tenant] = worst(found[d.Tenant], d.Severity)
			}
		}
		for i := range all {
			verdict, id := "yes", fmt.Sprintf("t%d", i)
			switch {
			case lacks[id]:
				verdict = "-"
			case found[id] == diag.Error:
				verdict = "no"
			case found[id] == diag.Warning:
				verdict = "nearly"
			}
			verdicts[i] = append(verdicts[i], verdict)
		}
		for _, compiled := range plans {
			files, err := p.(provider.Renderer).Render(t.Context(), compiled)
			if err != nil {
				t.Fatal(err)
			}
			for name, c := range compiled.Workloads["w"].Containers {
				if n := count(files, c.Image); n != 1 {
					t.Errorf("%s: %+v: container %q is rendered %d times", p.Info().Name, compiled.ID, name, n)
				}
			}
		}
	}
	var text strings.Builder
	text.WriteString("Which container of a workload may wait for which: yes, nearly (a warning), no, or - where the platform lacks the kind.\nWhy, and the source, stand at the rules of providers/* and in pkg/internal/relations.\n\n")
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "kind\trole\twaits for\tto be")
	for _, p := range providers.All() {
		fmt.Fprintf(table, "\t%s", p.Info().Name)
	}
	fmt.Fprintln(table)
	for i, d := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", d.kind, d.role, d.other, d.state, strings.Join(verdicts[i], "\t"))
	}
	table.Flush()
	if *update {
		if err := os.WriteFile(dependenciesTable, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(dependenciesTable)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("the table differs (-want +got); -update rewrites it:\n%s", diff)
	}
}

func worst(a, b diag.Severity) diag.Severity {
	for _, s := range []diag.Severity{diag.Error, diag.Warning} {
		if a == s || b == s {
			return s
		}
	}
	return b
}

// count is how often documents have an image.
func count(files []provider.File, image string) int {
	n := 0
	for _, f := range files {
		n += bytes.Count(f.Data, []byte(image))
	}
	return n
}

// TestDependenciesAreAdmitted gives the engines what vet passes of them.
func TestDependenciesAreAdmitted(t *testing.T) {
	for _, e := range engines(t) {
		var m matrix
		compiled(t, e, dependents(e.Info().Name), landlord, func(j judged) {
			if j.diags.HasErrors() {
				return
			}
			a := e.admit(t, j.Plan)
			m.count(true, len(a.Errors) == 0)
			if len(a.Errors) > 0 {
				t.Errorf("%s: %+v passes vet, and is refused: %v", e.Info().Name, j.Workloads["w"].Containers, a.Errors)
			}
			if got, want := len(a.Processes), len(j.Workloads["w"].Containers); got != want {
				t.Errorf("%s: %s: %d processes of %d containers", e.Info().Name, j.ID, got, want)
			}
		})
		t.Logf("%s: %s", e.Info().Name, m)
	}
}
