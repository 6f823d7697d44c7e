package load

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// tool describes the files of another tool.
type tool struct {
	what    string                     // description for the message
	use     string                     // what the file is for, for help
	matches func(root *data.Node) bool // nil: the file cannot be parsed as data
	fields  []string                   // the only regular fields allowed; empty: any

	// text recognises a file whose tags or templates cannot be parsed as plain data; nil if the
	// tool has none.
	text *lazyregexp.Regexp
}

// tools are those whose files are found among specs, each recognised by its own required fields
// (the page beside each). The first match counts.
var tools = []tool{
	{
		what: "a landlord's policy", use: "vet --policy FILE takes it",
		matches: func(root *data.Node) bool { return len(root.Fields) > 0 },
		fields:  []string{"tenant", "plan"},
	},
	{
		what: "a file of a landlord's waivers", use: "vet --waivers FILE takes it",
		matches: func(root *data.Node) bool { return len(root.Fields) > 0 },
		fields:  []string{"waivers"},
	},
	{
		what: "a file of table tests", use: "cuecompute test takes it",
		matches: func(root *data.Node) bool {
			tests := root.Get("tests")
			return tests != nil && tests.Kind == data.Struct
		},
		fields: []string{"tests", "policies", "waivers"},
	},
	{
		what: "a report of vet", use: "it says what vet found",
		matches: func(root *data.Node) bool { return hasAll(root, "version", "diagnostics", "summary") },
	},
	{ // https://helm.sh/docs/chart_template_guide/
		what: "a template of a Helm chart", use: "helm takes it",
		text: lazyregexp.New(`\{\{-?[^}\n]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|define|template) ")`),
	},
	{ // https://pkg.go.dev/text/template and https://jinja.palletsprojects.com/en/stable/templates/
		what: "a template of a file", use: "what renders it takes it",
		text: lazyregexp.New(`(?m)^[ \t]*(?:\{\{-|\{%)`),
	},
	{ // https://docs.score.dev/docs/score-specification/
		what: "a Score file", use: "score-compose and score-k8s take it",
		matches: func(root *data.Node) bool { return strings.HasPrefix(textAt(root, "apiVersion"), "score.dev/") },
	},
	{ // https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields
		what: "a Kubernetes object", use: "kubectl apply takes it",
		matches: func(root *data.Node) bool { return textAt(root, "apiVersion") != "" && textAt(root, "kind") != "" },
		text:    lazyregexp.New(`(?ms)^apiVersion[ \t]*:.*^kind[ \t]*:|^kind[ \t]*:.*^apiVersion[ \t]*:`),
	},
	{ // https://helm.sh/docs/topics/charts/#the-chartyaml-file
		what: "a Helm chart", use: "helm takes it",
		matches: func(root *data.Node) bool { return hasAll(root, "apiVersion", "name", "version") },
	},
	{ // https://developer.hashicorp.com/nomad/api-docs/json-jobs and /docs/job-specification
		what: "a Nomad job", use: "nomad job run takes it",
		matches: func(root *data.Node) bool {
			job := root.Get("Job")
			return hasAll(root, "TaskGroups") || job != nil && hasAll(job, "TaskGroups") || len(root.Fields) == 1 && root.Get("job") != nil
		},
	},
	{ // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
		what: "an ECS task definition", use: "aws ecs register-task-definition takes it",
		matches: func(root *data.Node) bool {
			return hasAll(root, "containerDefinitions") || root.Get("taskDefinition", "containerDefinitions") != nil
		},
	},
	{ // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
		what: "a CloudFormation template", use: "aws cloudformation deploy takes it",
		matches: func(root *data.Node) bool { return hasAll(root, "AWSTemplateFormatVersion") },
		text:    lazyregexp.New(`(?m)^AWSTemplateFormatVersion[ \t]*:|^[ \t]+Type[ \t]*:[ \t]*["']?AWS::\w+::`),
	},
	{ // https://github.com/compose-spec/compose-spec/blob/main/spec.md
		what: "a Compose file", use: "docker compose takes it",
		matches: func(root *data.Node) bool {
			services := root.Get("services")
			return services != nil && services.Kind == data.Struct
		},
		text: lazyregexp.New(`(?m)^services[ \t]*:`), // may have the tags !reset and !override
	},
	{ // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
		what: "a GitHub workflow", use: "GitHub runs it",
		matches: func(root *data.Node) bool { return hasAll(root, "on", "jobs") },
	},
	{ // https://www.typescriptlang.org/tsconfig/, which may have comments
		what: "a TypeScript configuration", use: "tsc takes it",
		matches: func(root *data.Node) bool { return hasAll(root, "compilerOptions") },
		text:    lazyregexp.New(`"compilerOptions"\s*:`),
	},
	{ // https://www.mkdocs.org/user-guide/configuration/#site_name
		what: "a configuration of MkDocs", use: "mkdocs takes it",
		matches: func(root *data.Node) bool { return hasAll(root, "site_name") },
		text:    lazyregexp.New(`(?m)^site_name[ \t]*:`),
	},
	{ // https://docs.ansible.com/ansible/latest/vault_guide/vault_encrypting_content.html
		what: "a file of Ansible", use: "ansible takes it",
		text: lazyregexp.New(`(?m)^[ \t]*\$ANSIBLE_VAULT;`),
	},
	{ // https://docs.npmjs.com/cli/v11/configuring-npm/package-json
		what: "a package.json", use: "npm takes it",
		matches: func(root *data.Node) bool {
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

// notATenant is the end of messages about files of other tools, and of no others.
const notATenant = ", no tenant"

// foreign reports a struct that is recognised as another tool's file.
func (out *Loaded) foreign(root *data.Node) bool {
	for _, t := range tools {
		beside := func(f data.Field) bool { return len(t.fields) > 0 && !slices.Contains(t.fields, f.Name) }
		if !slices.ContainsFunc(root.Fields, beside) && t.matches != nil && t.matches(root) {
			out.reportNoTenant("", root.At.Range(), "this is "+t.what+notATenant)
			d := &out.Diagnostics[len(out.Diagnostics)-1]
			d.Help = t.use + "; " + d.Help
			return true
		}
	}
	return false
}

// foreignText reports an unparsable file as another tool's, in place of its syntax errors, if
// its text shows that and has none of a tenant's fields.
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
		out.reportNoTenant("", diag.Range{File: src.Name, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}, "this is "+t.what+notATenant)
		d := &out.Diagnostics[0]
		d.Help = t.use + "; " + d.Help
		return true
	}
	return false
}

// ownFields matches a text with fields of a tenant or of a map of tenants.
var ownFields = lazyregexp.New(`(?m)^["']?(?:id|provider|workloads|tenants)["']?[ \t]*:|"(?:provider|workloads|tenants)"[ \t]*:`)

// skipForeign skips another tool's file that was found rather than named. A file that also
// contains tenants is an author's mistake.
func (out *Loaded) skipForeign(u find.Unit) {
	ours := func(d diag.Diagnostic) bool {
		return d.Code != diag.NotATenant || !strings.HasSuffix(d.Message, notATenant)
	}
	if u.Walked && len(out.Documents) == 0 && len(out.Diagnostics) > 0 && !slices.ContainsFunc(out.Diagnostics, ours) {
		out.Diagnostics, out.Tenants, out.Skipped = nil, 0, true
	}
}
