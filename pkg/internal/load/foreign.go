package load

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// tool is what a file of another tool is.
type tool struct {
	what   string                     // in words
	taker  string                     // what takes it, for help
	wrote  func(root *data.Node) bool // nil: none can be read
	fields []string                   // the regular fields that it may have; empty: any

	// text matches a file of it whose tags and templates cannot be read as plain data; nil
	// where there are none.
	text *lazyregexp.Regexp
}

// tools are those whose files lie beside specs, each known by its own required fields
// (the page beside each). The first that knows a file names it.
var tools = []tool{
	{
		what: "a landlord's policy", taker: "vet --policy FILE takes it",
		wrote:  func(root *data.Node) bool { return len(root.Fields) > 0 },
		fields: []string{"tenant", "plan"},
	},
	{
		what: "a file of a landlord's waivers", taker: "vet --waivers FILE takes it",
		wrote:  func(root *data.Node) bool { return len(root.Fields) > 0 },
		fields: []string{"waivers"},
	},
	{
		what: "a report of vet", taker: "it says what vet found",
		wrote: func(root *data.Node) bool { return hasAll(root, "version", "diagnostics", "summary") },
	},
	{ // https://helm.sh/docs/chart_template_guide/
		what: "a template of a Helm chart", taker: "helm takes it",
		text: lazyregexp.New(`\{\{-?[^}\n]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|define|template) ")`),
	},
	{ // https://pkg.go.dev/text/template and https://jinja.palletsprojects.com/en/stable/templates/
		what: "a template of a file", taker: "what renders it takes it",
		text: lazyregexp.New(`(?m)^[ \t]*(?:\{\{-|\{%)`),
	},
	{ // https://docs.score.dev/docs/score-specification/
		what: "a Score file", taker: "score-compose and score-k8s take it",
		wrote: func(root *data.Node) bool { return strings.HasPrefix(textAt(root, "apiVersion"), "score.dev/") },
	},
	{ // https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields
		what: "a Kubernetes object", taker: "kubectl apply takes it",
		wrote: func(root *data.Node) bool { return textAt(root, "apiVersion") != "" && textAt(root, "kind") != "" },
		text:  lazyregexp.New(`(?ms)^apiVersion[ \t]*:.*^kind[ \t]*:|^kind[ \t]*:.*^apiVersion[ \t]*:`),
	},
	{ // https://helm.sh/docs/topics/charts/#the-chartyaml-file
		what: "a Helm chart", taker: "helm takes it",
		wrote: func(root *data.Node) bool { return hasAll(root, "apiVersion", "name", "version") },
	},
	{ // https://developer.hashicorp.com/nomad/api-docs/json-jobs and /docs/job-specification
		what: "a Nomad job", taker: "nomad job run takes it",
		wrote: func(root *data.Node) bool {
			job := root.Get("Job")
			return hasAll(root, "TaskGroups") || job != nil && hasAll(job, "TaskGroups") || len(root.Fields) == 1 && root.Get("job") != nil
		},
	},
	{ // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
		what: "an ECS task definition", taker: "aws ecs register-task-definition takes it",
		wrote: func(root *data.Node) bool {
			return hasAll(root, "containerDefinitions") || root.Get("taskDefinition", "containerDefinitions") != nil
		},
	},
	{ // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
		what: "a CloudFormation template", taker: "aws cloudformation deploy takes it",
		wrote: func(root *data.Node) bool { return hasAll(root, "AWSTemplateFormatVersion") },
		text:  lazyregexp.New(`(?m)^AWSTemplateFormatVersion[ \t]*:|^[ \t]+Type[ \t]*:[ \t]*["']?AWS::\w+::`),
	},
	{ // https://github.com/compose-spec/compose-spec/blob/main/spec.md
		what: "a Compose file", taker: "docker compose takes it",
		wrote: func(root *data.Node) bool {
			services := root.Get("services")
			return services != nil && services.Kind == data.Struct
		},
		text: lazyregexp.New(`(?m)^services[ \t]*:`), // which may have the tags !reset and !override
	},
	{ // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
		what: "a GitHub workflow", taker: "GitHub runs it",
		wrote: func(root *data.Node) bool { return hasAll(root, "on", "jobs") },
	},
	{ // https://www.typescriptlang.org/tsconfig/, which may have comments
		what: "a TypeScript configuration", taker: "tsc takes it",
		wrote: func(root *data.Node) bool { return hasAll(root, "compilerOptions") },
		text:  lazyregexp.New(`"compilerOptions"\s*:`),
	},
	{ // https://www.mkdocs.org/user-guide/configuration/#site_name
		what: "a configuration of MkDocs", taker: "mkdocs takes it",
		wrote: func(root *data.Node) bool { return hasAll(root, "site_name") },
		text:  lazyregexp.New(`(?m)^site_name[ \t]*:`),
	},
	{ // https://docs.ansible.com/ansible/latest/vault_guide/vault_encrypting_content.html
		what: "a file of Ansible", taker: "ansible takes it",
		text: lazyregexp.New(`(?m)^[ \t]*\$ANSIBLE_VAULT;`),
	},
	{ // https://docs.npmjs.com/cli/v11/configuring-npm/package-json
		what: "a package.json", taker: "npm takes it",
		wrote: func(root *data.Node) bool {
			return slices.ContainsFunc([]string{"scripts", "dependencies", "devDependencies", "lockfileVersion"}, func(f string) bool { return hasAll(root, f) }) ||
				hasAll(root, "name", "version")
		},
	},
}

func hasAll(n *data.Node, fields ...string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return n.Field(f) == nil })
}

func textAt(n *data.Node, field string) string {
	if v := n.Get(field); v != nil && v.Kind == data.String {
		return v.Text
	}
	return ""
}

// notATenant ends what is said of a file of another tool, and of no other.
const notATenant = ", no tenant"

// foreign reports a struct that is no tenant, and is another tool's, as that.
func (out *Loaded) foreign(root *data.Node) bool {
	for _, t := range tools {
		beside := func(f data.Field) bool { return len(t.fields) > 0 && !slices.Contains(t.fields, f.Name) }
		if !slices.ContainsFunc(root.Fields, beside) && t.wrote != nil && t.wrote(root) {
			out.none("", root.At.Range(), "this is "+t.what+notATenant)
			d := &out.Diagnostics[len(out.Diagnostics)-1]
			d.Help = t.taker + "; " + d.Help
			return true
		}
	}
	return false
}

// foreignText reports a file that cannot be read as what it is of another tool, in place of
// what is wrong with it: its text shows that, and has none of a tenant's fields.
func (out *Loaded) foreignText(src *data.Source) bool {
	text := string(src.Text[:min(len(src.Text), 64<<10)])
	if ownFields.MatchString(text) {
		return false
	}
	for _, t := range tools {
		if t.text == nil || !t.text.MatchString(text) {
			continue
		}
		out.Diagnostics = nil
		out.none("", diag.Range{File: src.Name, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}, "this is "+t.what+notATenant)
		d := &out.Diagnostics[0]
		d.Help = t.taker + "; " + d.Help
		return true
	}
	return false
}

// ownFields matches a text with fields that a tenant has, or a map of tenants.
var ownFields = lazyregexp.New(`(?m)^["']?(?:id|provider|workloads|tenants)["']?[ \t]*:|"(?:provider|workloads|tenants)"[ \t]*:`)

// skipForeign leaves out a file of another tool that was only found: nobody said that it
// is a spec. One that holds tenants too is an author's mistake.
func (out *Loaded) skipForeign(u find.Unit) {
	ours := func(d diag.Diagnostic) bool {
		return d.Code != diag.NotATenant || !strings.HasSuffix(d.Message, notATenant)
	}
	if u.Walked && len(out.Documents) == 0 && len(out.Diagnostics) > 0 && !slices.ContainsFunc(out.Diagnostics, ours) {
		out.Diagnostics, out.Tenants, out.Skipped = nil, 0, true
	}
}
