package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/graph"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// hostile are names that would end a text, begin another construct, or collide. A plan may
// contain any of them, whatever the schema allows today.
var hostile = []string{
	"end", "a b", "a_b", "a-b", "a_2db", `"]; x`, "#quot;", "%%{init: {}}%%", "`*b*`", "<script>&amp;", "a\nb\x1b[2J", "$$x$$",
	`\n`, "1. é日", "", "__", "click a",
}

func hostilePlan() *plan.Plan {
	p := &plan.Plan{ID: `t"]`, Provider: "p", Secrets: map[string]plan.Secret{}, Workloads: map[string]plan.Workload{}}
	for _, name := range hostile {
		p.Secrets[name] = plan.Secret{}
		p.Workloads[name] = plan.Workload{
			Kind: plan.Service, Replicas: 2,
			Volumes: map[string]plan.Volume{name: {Ephemeral: &plan.Ephemeral{}}},
			Ingress: []plan.Ingress{{Host: name, Path: "/", Port: name, TLSSecret: name}},
			Containers: map[string]plan.Container{
				name: {
					Image: name, Role: plan.Main,
					Ports:     map[string]plan.Port{name: {Number: 1, Protocol: "tcp", Expose: "public"}},
					Env:       map[string]plan.EnvValue{name: {Secret: name}, "E": {Endpoint: &plan.Endpoint{Workload: name, Port: name}}},
					Mounts:    map[string]plan.Mount{name: {Volume: name}, "/s": {Secret: name}},
					DependsOn: map[string]string{"other": "healthy"},
				},
				"other": {Image: "i", Role: plan.Sidecar, Ports: map[string]plan.Port{"hidden": {Number: 2, Protocol: "tcp", Expose: "none"}}},
			},
		}
	}
	return p
}

func drawn(t *testing.T, format string, plans ...*plan.Plan) string {
	t.Helper()
	var b strings.Builder
	w, err := graph.New(format, &b)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		if err := w.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostileNames: each name is drawn literally, and different things stay different.
func TestHostileNames(t *testing.T) {
	line := map[string]*regexp.Regexp{
		"mermaid": regexp.MustCompile(`^ *(flowchart LR|end|(subgraph )?\w+(\["|\(\["|\[/"|\{\{"|\[\(")[^"\x60*_$%&\\]*("\]|"\]\)|"/\]|"\}\}|"\)\])|` +
			`\w+ (-->|-- "[^"\x60*_$%&\\]*" -->|-\. "[^"\x60*_$%&\\]*" \.->) \w+)$`),
		"dot": regexp.MustCompile(`^ *(digraph \{|rankdir=LR|\}|subgraph \w+ \{|label="([^"\\]|\\.)*"|` +
			`\w+( -> \w+)? \[label="([^"\\]|\\.)*", (shape|style)=\w+\])$`),
	}
	for _, format := range graph.Formats() {
		text := drawn(t, format, hostilePlan())
		defined := map[string]bool{}
		for l := range strings.Lines(text) {
			l = strings.TrimSuffix(l, "\n")
			if !line[format].MatchString(l) {
				t.Errorf("%s: not a line of its grammar: %s", format, l)
			}
			name, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(l), "subgraph "), map[string]string{"mermaid": "\"", "dot": " "}[format])
			if name = strings.TrimRight(name, "([{/"); strings.Contains(l, "->") || rest == "" || strings.HasPrefix(name, "label") || name == "digraph" {
				continue
			}
			if defined[name] {
				t.Errorf("%s: two things are called %s", format, name)
			}
			defined[name] = true
		}
		// The tenant, its secrets, and for each workload: itself, two containers, an endpoint,
		// a volume and an entry.
		if want := 1 + 7*len(hostile); len(defined) != want {
			t.Errorf("%s: %d things are drawn, not %d", format, len(defined), want)
		}
	}
}

// TestTexts checks how names are written.
func TestTexts(t *testing.T) {
	tests := []struct{ name, mermaid, dot string }{
		{"db", "db", "db"},
		{"a_b", "a#95;b", "a_b"},
		{`"]; x`, "#34;#93;#59; x", `\"]; x`},
		{"#quot;", "#35;quot#59;", "#quot;"},
		{"%%{init}", "#37;#37;#123;init#125;", "%%{init}"},
		{"`*b*`", "#96;#42;b#42;#96;", "`*b*`"},
		{"<b>&amp;", "#60;b#62;#38;amp#59;", "<b>&amp;amp;"},
		{"a\n\x1b", "a#92;u#123;a#125;#92;u#123;1b#125;", `a\\u{a}\\u{1b}`},
		{`\n`, "#92;n", `\\n`},
		{"é日", "é日", "é日"},
		{"1. a - b-c", "1#46; a #45; b-c", "1. a - b-c"},
		{"", " ", ""},
	}
	for _, tt := range tests {
		p := &plan.Plan{ID: "t", Provider: "p", Secrets: map[string]plan.Secret{tt.name: {}}}
		if got := drawn(t, "mermaid", p); !strings.Contains(got, `{{"`+tt.mermaid+`"}}`) {
			t.Errorf("%q is not %s in\n%s", tt.name, tt.mermaid, got)
		}
		if got := drawn(t, "dot", p); !strings.Contains(got, `[label="`+tt.dot+`", shape=hexagon]`) {
			t.Errorf("%q is not %s in\n%s", tt.name, tt.dot, got)
		}
	}
}

// TestNothing: without tenants, the graph is empty.
func TestNothing(t *testing.T) {
	for format, want := range map[string]string{"mermaid": "flowchart LR\n", "dot": "digraph {\n  rankdir=LR\n}\n"} {
		if got := drawn(t, format); got != want {
			t.Errorf("%s: %q", format, got)
		}
	}
}
