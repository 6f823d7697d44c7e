package compose

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// A secret's value comes from an environment variable of docker compose, or from the file .env
// next to the Compose file (docker/docs,
// content/manuals/compose/how-tos/environment-variables/variable-interpolation.md).

var (
	// variableName matches the names that Compose replaces (compose-go,
	// template.DefaultPattern).
	variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

	notInNames = lazyregexp.New(`[^A-Z0-9]+`)
)

// variable returns the name of a secret's variable: its path, if that is a valid name, and
// otherwise the words of its path and key, such as ACME_DB_PASSWORD.
func variable(t *tenant, name string) string {
	s := t.Plan.Secrets[name]
	if own := t.Ext.Secrets[name]; own.Path != "" {
		s = own // the tenant's key belongs to the tenant's path
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

func secretVariables(c *check) {
	first := map[string]string{}
	for name, s := range plan.Sorted(c.Plan.Secrets) {
		v := variable(c.tenant, name)
		other, taken := first[v]
		if !taken {
			first[v] = name
			continue
		}
		if c.Plan.Secrets[other] == s && c.Ext.Secrets[other] == c.Ext.Secrets[name] {
			continue // two names of one secret
		}
		path := diag.At("secrets", name)
		if _, ok := c.Ext.Secrets[name]; ok {
			path = c.AtExtension("secrets", name)
		}
		d := c.Errorf(diag.Duplicate, path, "variable %s would hold both secret %q and secret %q", v, other, name)
		d.Help = `name another one for it: extensions.compose.secrets.` + name + `.path`
		d.Docs = docs + "interpolation/"
	}
}

func labels(c *check) {
	for name := range plan.Sorted(c.Plan.Labels) {
		if strings.HasPrefix(name, "com.docker.compose.") || name == configLabel {
			d := c.Errorf(diag.Conflict, diag.At("labels", name), "label %q is compose's own", name)
			d.Help = "give it another name"
			d.Docs = docs + "services/#labels"
		}
	}
}

// tenantRows are the rows of the tenant itself.
var tenantRows = provider.Table{
	{Field: "id", Level: exact, How: "the project's name"},
	{Field: "labels", Level: exact, How: "labels of every container", Effect: replacement},
	{Field: "secrets", Level: exact, How: "a variable of the environment that docker compose runs in, or of the file .env", Effect: provider.OnReaders(replacement)},
	{Field: "secrets.path", Level: exact, How: "the variable: a name as it is, else its words in capitals, as in ACME_DB"},
	{Field: "secrets.key", Level: exact, How: "further words of the variable, as in ACME_DB_PASSWORD"},
	{Field: "config", Level: exact, How: "`configs` with their `content`; a change replaces the containers that mount it", Effect: provider.OnReaders(replacement)},
	{Field: "volumes", Level: exact, How: "a volume of the project, which docker compose down leaves", Effect: none},
	{Field: "volumes.size", Level: approximated, How: "it grows as far as the disk"},
	{Field: "volumes.class", Level: approximated, How: "the local driver, on the machine's disk"},
	{Field: "config", When: "an empty file that is mounted", Level: unsupported, How: "no file is made of an empty text", Instead: "write a comment or the end of a line into it"},
}
