package compose

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// A secret's value comes from a variable of the environment that docker compose is run
// in, or of the file .env beside the Compose file (docker/docs,
// content/manuals/compose/how-tos/environment-variables/variable-interpolation.md).

var (
	// variableName is what Compose replaces (compose-go, template.DefaultPattern).
	variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

	notInNames = lazyregexp.New(`[^A-Z0-9]+`)
)

// variable is the variable that holds a secret: its path, if that is a variable's name,
// and otherwise the words of its path and key, such as ACME_DB_PASSWORD.
func variable(p *plan.Plan, ext tenantExtension, name string) string {
	s := p.Secrets[name]
	if own := ext.Secrets[name]; own.Path != "" {
		s = own // a key of the tenant's belongs to the path of the tenant's
	} else if own.Key != "" {
		s.Key = own.Key
	}
	if s.Key == "" && variableName.MatchString(s.Path) {
		return s.Path
	}
	words := strings.Trim(notInNames.ReplaceAllString(strings.ToUpper(s.Path+"_"+s.Key), "_"), "_")
	if !variableName.MatchString(words) {
		words = "_" + words
	}
	return words
}

// secrets: one variable cannot hold two secrets.
func secrets(c *check) {
	_, diags := provider.Secrets(c.plan, c.ext.Secrets)
	c.List = append(c.List, diags...)
	first := map[string]string{}
	for name, s := range plan.Sorted(c.plan.Secrets) {
		v := variable(c.plan, c.ext, name)
		other, taken := first[v]
		if !taken {
			first[v] = name
			continue
		}
		if c.plan.Secrets[other] == s && c.ext.Secrets[other] == c.ext.Secrets[name] {
			continue // two names of one secret
		}
		path := diag.At("secrets", name)
		if _, ok := c.ext.Secrets[name]; ok {
			path = diag.At("extensions", "compose", "secrets", name)
		}
		d := c.Errorf(diag.Duplicate, path, "variable %s would hold both secret %q and secret %q", v, other, name)
		d.Help = `name another one for it: extensions.compose.secrets.` + name + `.path`
		d.Docs = docs + "interpolation/"
	}
}

// labels: Compose finds its containers by labels of its own, which it overwrites
// (docker/compose, pkg/api/labels.go).
func labels(c *check) {
	for name := range plan.Sorted(c.plan.Labels) {
		if strings.HasPrefix(name, "com.docker.compose.") || name == configLabel {
			d := c.Errorf(diag.Conflict, diag.At("labels", name), "label %q is compose's own", name)
			d.Help = "give it another name"
			d.Docs = docs + "services/#labels"
		}
	}
}
