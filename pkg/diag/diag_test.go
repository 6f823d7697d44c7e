package diag_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

func TestPathString(t *testing.T) {
	tests := []struct {
		path diag.Path
		want string
	}{
		{nil, ""},
		{diag.At("workloads", "web-api", "replicas"), "workloads.web-api.replicas"},
		{diag.At("ingress", 0, "port"), "ingress[0].port"},
		{diag.At("mounts", "/etc/app.toml", "file"), `mounts."/etc/app.toml".file`},
		{diag.At("config", "", "[x]"), `config.""."[x]"`},
	}
	for _, tt := range tests {
		if got := tt.path.String(); got != tt.want {
			t.Errorf("%#v: %s, not %s", tt.path, got, tt.want)
		}
		if len(tt.path) == 0 {
			continue
		}
		if got, err := diag.ParsePath(tt.want); err != nil || !slices.Equal(got, tt.path) {
			t.Errorf("parsed from %s: %#v (%v), not %#v", tt.want, got, err, tt.path)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, text := range []string{"", ".a", "a.", "a..b", "a b", `a."b`, "a[x]", `"\q"`} {
		if p, err := diag.ParsePath(text); err == nil {
			t.Errorf("%q is read as %#v", text, p)
		}
	}
}

func TestPathIsNotShared(t *testing.T) {
	base := diag.At("workloads", "web")
	a, b := base.To("image"), base.To("ports")
	if a.String() != "workloads.web.image" || b.String() != "workloads.web.ports" {
		t.Errorf("%s, %s", a, b)
	}
}

func TestPathWithin(t *testing.T) {
	path := diag.At("containers", "app", "ports", "http")
	tests := map[string]bool{
		"":                          true,
		"containers":                true,
		"containers.*.ports":        true,
		"containers.*.ports.*":      true,
		"containers.*.ports.*.port": false,
		"containers.*.env":          false,
		"container":                 false,
	}
	for pattern, want := range tests {
		if got := path.Within(pattern); got != want {
			t.Errorf("%s within %q: %t", path, pattern, got)
		}
	}
}

func TestNearest(t *testing.T) {
	fields := []string{"replicas", "restart", "rollout", "containers", "image", "args", "env"}
	tests := map[string]string{
		"replicsa":   "replicas",
		"Replicas":   "replicas",
		"container":  "containers",
		"imge":       "image",
		"arsg":       "args",
		"evn":        "env",
		"x":          "",
		"schedule":   "",
		"entrypoint": "",
	}
	for name, want := range tests {
		if got := diag.Nearest(name, fields); got != want {
			t.Errorf("near %q: %q, not %q", name, got, want)
		}
	}
}

func TestSurely(t *testing.T) {
	tests := []struct {
		name       string
		candidates []string
		want       string
	}{
		{"replicsa", []string{"replicas", "restart"}, "replicas"},
		{"Replicas", []string{"replicas", "replica"}, "replicas"},
		{"wib", []string{"web", "wab"}, ""},   // ambiguous
		{"db3", []string{"db1"}, ""},          // a different number
		{"db-3", []string{"db3", "x"}, "db3"}, // the same number
		{"x", []string{"replicas"}, ""},
	}
	for _, tt := range tests {
		if got := diag.Misspelt(tt.name, tt.candidates); got != tt.want {
			t.Errorf("surely %q of %q: %q, not %q", tt.name, tt.candidates, got, tt.want)
		}
	}
}

func TestDiagnosticJSON(t *testing.T) {
	var l diag.List
	d := l.Errorf(diag.UnknownName, diag.At("workloads", "web"), "no secret %q", "db")
	d.Range = diag.Range{File: "a.yaml", Line: 1, Column: 2, EndLine: 1, EndColumn: 4}
	d.Source = "not for programs"
	b, err := json.Marshal(l[0])
	want := `{"severity":"error","code":"unknown-name","message":"no secret \"db\"","path":"workloads.web",` +
		`"file":"a.yaml","line":1,"column":2,"endLine":1,"endColumn":4}`
	if diff := cmp.Diff(want, string(b)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
