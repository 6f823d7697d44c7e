package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// answers are what the engine says of each line.
func answers(t *testing.T, lines ...string) []response {
	t.Helper()
	var out bytes.Buffer
	if err := serve(strings.NewReader(strings.Join(lines, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	var all []response
	for line := range strings.Lines(out.String()) {
		var r response
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if len(all) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(all), len(lines))
	}
	return all
}

func tenant(t *testing.T, documents ...string) string {
	t.Helper()
	r := request{Tenant: "acme"}
	for _, d := range documents {
		r.Documents = append(r.Documents, document{"doc.yaml", d})
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRefuses(t *testing.T) {
	const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: acme-app}\n"
	tests := []struct{ name, line, want string }{
		{"no JSON", "{", "request: "},
		{"another JSON", "[]", "request: "},
		{"no YAML", tenant(t, "a: ["), "yaml: "},
		{"nothing", tenant(t, ""), "Object 'Kind' is missing"},
		{"an unknown field", tenant(t, config+"date: {}\n"), `unknown field "date"`},
		{"a field twice", tenant(t, config+"data: {}\ndata: {}\n"), "already set"},
		{"an unknown kind", tenant(t, "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n"), "no strategy"},
		{"a name twice", tenant(t, config, config), "is that of doc.yaml too"},
		{"an invalid name", tenant(t, strings.Replace(config, "acme-app", "Acme", 1)), "metadata.name: Invalid value"},
		{"a field that the server drops", tenant(t, web("")+"status: {replicas: 3}\n"), "the server keeps <nil> of 3 at .status.replicas"},
		{"an absent ConfigMap", tenant(t, web(`{name: A, valueFrom: {configMapKeyRef: {name: acme-app, key: a}}}`)), "no key a in ConfigMap acme-app"},
	}
	for _, test := range tests {
		errs := answers(t, test.line)[0].Errors
		if len(errs) == 0 || !strings.Contains(errs[0].Message, test.want) {
			t.Errorf("%s: %v, want %q", test.name, errs, test.want)
		}
	}
}

func web(env string) string {
	return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: acme-web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: ghcr.io/acme/web:1
        command: [/bin/sh, -c, "$(A) $$(A) $(B)"]
        env: [` + env + `]
        livenessProbe: {exec: {command: [echo, $(A)]}}
`
}

// TestProcesses: the kubelet's expander has run.
func TestProcesses(t *testing.T) {
	got := answers(t, tenant(t, web(`{name: A, value: "1"}, {name: S, valueFrom: {secretKeyRef: {name: db, key: k}}}, {name: C, value: "$(A)$$(A)"}`)))[0]
	if len(got.Errors) > 0 || len(got.Processes) != 1 {
		t.Fatalf("%+v", got)
	}
	p := got.Processes[0]
	for name, pair := range map[string][2]string{
		"workload":  {p.Workload, "acme-web"},
		"container": {p.Container, "app"},
		"command":   {strings.Join(p.Command, "|"), "/bin/sh|-c|1 $(A) $(B)"},
		"a secret":  {p.Env["S"], "secret:db/k"},
		"a value":   {p.Env["C"], "1$(A)"},
		"a check":   {strings.Join(p.Checks["health"], "|"), "echo|1"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, not %q", name, pair[0], pair[1])
		}
	}
}
