package baseline_test

import (
	"fmt"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/baseline"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

func problem(tenant string, line int, message string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: diag.Policy, Tenant: tenant, Message: message, Path: diag.At("labels"), Range: diag.Range{File: "a.cue", Line: line}}
}

// TestNew: a problem is known by tenant, code, path and message, as often as it was there, and
// not by its lines.
func TestNew(t *testing.T) {
	known := new(baseline.Known)
	known.Add(diag.List{problem("acme", 1, "taken at a.cue:3:1"), problem("acme,globex", 2, "too many"), problem("", 1, "unreadable")}, nil)
	for _, c := range []struct {
		now  diag.Diagnostic
		want string // tenants of a new one
		old  int
	}{
		{problem("acme", 9, "taken at b.cue:7:2"), "", 1},
		{problem("acme", 9, "taken at b.cue:7:2"), "acme", 0}, // twice now, once before
		{problem("acme,globex,initech", 5, "too many"), "initech", 0},
		{problem("globex", 5, "too many"), "globex", 0}, // which the one before used up
		{problem("globex", 1, "taken at a.cue:3:1"), "globex", 0},
		{problem("", 4, "unreadable"), "", 1},
	} {
		fresh, old := known.New(diag.List{c.now}, nil)
		got := ""
		if len(fresh) > 0 {
			got = fresh[0].Tenant
		}
		if got != c.want || old != c.old {
			t.Errorf("%s of %s: new for %q and %d old, want %q and %d", c.now.Message, c.now.Tenant, got, old, c.want, c.old)
		}
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"version": 1, "diagnostics": []}`: "",
		`{"version": 2, "diagnostics": []}`: "no report of vet --format json: version 2, not 1",
		`{"version": 1}`:                    "no report of vet --format json: it has no diagnostics",
		`# a report`:                        "no report of vet --format json: invalid character '#' looking for beginning of value",
	} {
		_, err := baseline.Read([]byte(text), nil)
		if got := fmt.Sprint(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func Example() {
	known, err := baseline.Read([]byte(`{"version": 1, "diagnostics": [
		{"severity": "error", "code": "policy", "message": "replicas is 5, and must be at most 3", "tenant": "acme", "path": "workloads.web.replicas", "line": 3}
	]}`), nil)
	if err != nil {
		panic(err)
	}
	var now diag.List
	now.Errorf(diag.Policy, diag.At("workloads", "web", "replicas"), "replicas is 5, and must be at most 3").Tenant = "acme"
	now.Errorf(diag.Policy, diag.At("workloads", "api", "replicas"), "replicas is 9, and must be at most 3").Tenant = "acme"
	fresh, old := known.New(now, nil)
	fmt.Println(fresh[0].Path, old)
	// Output: workloads.api.replicas 1
}
