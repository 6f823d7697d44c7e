package nomad

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// secrets judges where the secrets that containers read live: under a key of a Nomad
// variable, or of a Vault secret.
func secrets(c *check) {
	places, diags := provider.Secrets(c.plan, c.ext.Secrets)
	c.List = append(c.List, diags...)
	for name, s := range plan.Sorted(places) {
		if !anyWorkload(c.plan, func(w plan.Workload) bool { return readsSecret(w, name) }) {
			continue
		}
		if s.Key == "" {
			d := c.Errorf(diag.MissingField, diag.At("secrets", name, "key"), "secret %q has no key, and %s keeps values under keys", name, c.store())
			d.Help = "add a key, as in {path: \"acme/db\", key: \"password\"}"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/variables"
		}
		if c.ext.Vault == nil && !variablePath(s.Path) {
			path := diag.At("secrets", name, "path")
			if c.ext.Secrets[name].Path != "" {
				path = diag.At("extensions", "nomad", "secrets", name, "path")
			}
			d := c.Errorf(diag.BadFormat, path, "%q is not the path of a nomad variable", s.Path)
			d.Help = "a path has letters, digits, `-`, `_`, `~` and `/`, at most 128, and below nomad/ only jobs/…, sentinel/… and job-templates/NAME"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/variables"
		}
	}
}

func (c *check) store() string {
	if c.ext.Vault != nil {
		return "vault"
	}
	return "nomad"
}

var variableChars = lazyregexp.New(`^[a-zA-Z0-9_~/-]{1,128}$`)

// variablePath reports whether Nomad takes a path for a variable (structs.ValidatePath).
func variablePath(path string) bool {
	if !variableChars.MatchString(path) {
		return false
	}
	parts := strings.Split(path, "/")
	if parts[0] != "nomad" {
		return true
	}
	switch {
	case len(parts) == 1:
		return false
	case parts[1] == "job-templates":
		return len(parts) == 3
	}
	return parts[1] == "jobs" || parts[1] == "sentinel"
}

// anyWorkload reports whether some workload of the plan has a property.
func anyWorkload(p *plan.Plan, has func(plan.Workload) bool) bool {
	for _, w := range p.Workloads {
		if has(w) {
			return true
		}
	}
	return false
}

// readsSecret reports whether a container of the workload reads a secret.
func readsSecret(w plan.Workload, name string) bool {
	return w.Reads(func(e plan.EnvValue) bool { return e.Secret == name }, func(m plan.Mount) bool { return m.Secret == name })
}
