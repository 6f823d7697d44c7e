package providers_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/datatest"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// sees compares what the processes of a plan's containers see with what it says.
func sees(t *testing.T, p *plan.Plan, processes []process) {
	t.Helper()
	for w, workload := range p.Workloads {
		for c, container := range workload.Containers {
			got := find(processes, p.ID, w, c)
			at := fmt.Sprintf("%s on %s: %s.%s", p.ID, p.Provider, w, c)
			if got == nil {
				t.Errorf("%s: no such process", at)
				continue
			}
			compare := func(what string, want, got any) {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s (-author +process):\n%s", at, what, diff)
				}
			}
			if len(container.Command) > 0 {
				compare("command", container.Command, got.Command)
			}
			if len(container.Args) > 0 {
				compare("args", container.Args, got.Args)
			}
			for name, e := range container.Env {
				value, ok := got.Env[name]
				switch {
				case !ok:
					t.Errorf("%s: no env %s", at, name)
				case e.Value != nil:
					compare("env "+name, *e.Value, value)
				case e.Config != "":
					compare("env "+name, p.Config[e.Config][e.File], value)
				case e.Secret != "" && !strings.HasPrefix(value, "secret:"):
					t.Errorf("%s: env %s is %q, not a secret's", at, name, value)
				case e.Endpoint != nil && strings.Contains(e.Format, "{host}") && !strings.Contains(value, e.Endpoint.Workload):
					t.Errorf("%s: env %s is %q, which does not lead to %s", at, name, value, e.Endpoint.Workload)
				}
			}
			for target, m := range container.Mounts {
				for name, text := range mounted(p, target, m) {
					compare("file "+name, text, got.Files[name])
				}
			}
		}
	}
}

func find(processes []process, tenant, workload, container string) *process {
	for i := range processes {
		p := &processes[i]
		if p.Container == container && (p.Workload == workload || p.Workload == tenant+"-"+workload) {
			return p
		}
	}
	return nil
}

// mounted are the configuration files that stand at a path, or below it.
func mounted(p *plan.Plan, target string, m plan.Mount) map[string]string {
	if m.File != "" {
		return map[string]string{target: p.Config[m.Config][m.File]}
	}
	all := map[string]string{}
	for name, text := range p.Config[m.Config] {
		all[path.Join(target, name)] = text
	}
	return all
}

// pieces are what texts are made of that platforms, shells and templates read in ways
// of their own.
var pieces = []string{
	"$", "$$", "$(", ")", "$(HOME)", "$$(HOME)", "${", "}", "${HOME}", "$${HOME}", "${node.unique.name}", "${env[\"HOME\"]}", "%", "%%", "%{", "%{if true}",
	"{{", "}}", "{{ env \"HOME\" }}", "{{`x`}}", "`", "'", "\"", "\\", "\\n", "\n", "\r\n", "\t", " ", "  ", "#", "=", ":", "- ", "é", "🙂", "\u2028", "a", "HOME", "0", "~", "!", "&", "|", ";", "*", "EOF", "<<", "null", "true", "@",
}

func hostile(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(8) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// TestEveryByteReachesTheProcess writes texts of all kinds of escapes into commands,
// arguments, variables and configuration: after the platform's own expansion, each
// process sees just what stands in the spec.
func TestEveryByteReachesTheProcess(t *testing.T) {
	text := func(s string) *datatest.Node { return datatest.Text(s) }
	for _, e := range engines(t) {
		passed := 0
		for i := range 300 {
			r := rand.New(rand.NewPCG(7, uint64(i)))
			container := &datatest.Node{Kind: datatest.Struct}
			set := func(n *datatest.Node, name string, v *datatest.Node) { n.Set(name, datatest.Pos{}, v) }
			list := func() *datatest.Node {
				l := &datatest.Node{Kind: datatest.List}
				for range 1 + r.IntN(4) {
					l.Elems = append(l.Elems, text("x"+hostile(r)))
				}
				return l
			}
			env, mounts, files := &datatest.Node{Kind: datatest.Struct}, &datatest.Node{Kind: datatest.Struct}, &datatest.Node{Kind: datatest.Struct}
			for j := range 3 {
				set(env, fmt.Sprintf("V%d", j), text(hostile(r)))
			}
			set(files, "app.conf", text(hostile(r)))
			set(files, "other.conf", text(hostile(r)))
			fromConfig := &datatest.Node{Kind: datatest.Struct}
			set(fromConfig, "config", text("app"))
			set(fromConfig, "file", text("app.conf"))
			set(env, "CONF", fromConfig)
			directory := &datatest.Node{Kind: datatest.Struct}
			set(directory, "config", text("app"))
			set(mounts, "/etc/app", directory)
			set(container, "image", text("nginx:1.29"))
			set(container, "command", list())
			set(container, "args", list())
			set(container, "env", env)
			set(container, "mounts", mounts)
			tenant := tree(map[string]any{
				"id": "acme", "provider": e.Info().Name, "config": map[string]any{"app": files},
				"workloads": map[string]any{"web": map[string]any{"containers": map[string]any{"app": container}}},
			})
			in := compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(string(datatest.Write("json", tenant))), Lang: "json"}
			compiled(t, e, in, landlord, func(j judged) {
				if j.diags.HasErrors() {
					return // an engine that refuses a text is reported as a rule
				}
				a := e.admit(t, j.Plan)
				for _, err := range a.Errors {
					t.Errorf("%s, text %d: %s: %s", e.Info().Name, i, err.Document, err.Message)
				}
				sees(t, j.Plan, a.Processes)
				passed++
			})
		}
		if passed < 200 {
			t.Errorf("%s: only %d of 300 texts pass", e.Info().Name, passed)
		}
	}
}

// tree makes data of plain values and of data.
func tree(v any) *datatest.Node {
	switch v := v.(type) {
	case *datatest.Node:
		return v
	case string:
		return datatest.Text(v)
	case []string:
		n := &datatest.Node{Kind: datatest.List}
		for _, s := range v {
			n.Elems = append(n.Elems, tree(s))
		}
		return n
	case map[string]any:
		n := &datatest.Node{Kind: datatest.Struct}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			n.Set(k, datatest.Pos{}, tree(v[k]))
		}
		return n
	}
	panic(fmt.Sprintf("%T", v))
}
