package nomad

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Where the templates of a task's environment are written, below the task's own directory.
// Addresses are separate, so that the author's settings for a changed secret do not apply to
// them.
const (
	envFile      = "secrets/env"
	endpointFile = "secrets/endpoints"
	registryFile = "secrets/registry"
)

// environment returns a container's environment: the values that Nomad passes on literally, and
// templates for the others.
func (r *renderer) environment(w *workload, cname string, container plan.Container) (map[string]string, []*api.Template) {
	env := map[string]string{}
	var lines, addresses strings.Builder
	strict := false
	for name, value := range plan.Sorted(container.Env) {
		switch text, known := plainText(r.Plan, value); {
		case !templatedEnv(r.Plan, value):
			env[name] = text
		case value.Values != nil && !known:
			line, secret := r.composedLine(w, cname, name, value)
			if strict = strict || secret; secret {
				lines.WriteString(line + "\n")
			} else {
				addresses.WriteString(line + "\n")
			}
		case value.Secret != "":
			lines.WriteString(r.secretAction(value.Secret, name+"={{ ", " | toJSON }}") + "\n")
			strict = true
		case known:
			lines.WriteString(name + "=" + envText(text) + "\n")
		default:
			addresses.WriteString(r.endpointLine(w, cname, name, value) + "\n")
		}
	}
	var templates []*api.Template
	add := func(file, text string) *api.Template {
		t := template(file, text)
		t.Envvars = new(true)
		templates = append(templates, t)
		return t
	}
	if lines.Len() > 0 {
		t := add(envFile, lines.String())
		if strict {
			t.ErrMissingKey = new(true)
			w.Ext.SecretChange.of(t)
		}
	}
	if addresses.Len() > 0 {
		add(endpointFile, addresses.String())
	}
	if text := r.registryPassword(container); text != "" {
		// read when the image is downloaded, so a change needs no restart
		t := add(registryFile, text)
		t.ErrMissingKey, t.ChangeMode = new(true), new("noop")
	}
	return env, templates
}

// plainText returns the text of a variable that the plan contains.
func plainText(p *plan.Plan, value plan.EnvValue) (text string, ok bool) {
	switch {
	case value.Value != nil:
		return *value.Value, true
	case value.Config != "":
		return p.Config[value.Config][value.File], true
	case value.Values != nil:
		text, ok = "", true
		parts, _ := value.Parts()
		for _, part := range parts {
			own, known := part.Text, true
			if part.Value != "" {
				own, known = plainText(p, value.Values[part.Value].EnvValue())
			}
			text, ok = text+own, ok && known
		}
		return text, ok
	case value.Endpoint != nil && !strings.Contains(value.Format, "{host}") && !strings.Contains(value.Format, "{port}"):
		return value.Format, true
	}
	return "", false
}

// envText quotes a text for go-envparse, and escapes the braces that would begin an action.
func envText(s string) string {
	return strings.ReplaceAll(string(scalar(s)), "{{", `\u007b\u007b`)
}

// everyCopy is more than the number of a service's copies. That many copies, selected by a key,
// are all of them in an order that depends on the key, so that containers spread over the
// copies, and keep theirs when others change (choose in
// nomad/service_registration_endpoint.go).
const everyCopy = 1000000

// endpointLine sets a variable to the address of one copy: the first in an order that differs from one container to
// another. While there is none, the template waits, unless it must not; see waits.
//
// nomadVar keeps a template from being written until its variable is there (NVGetQuery.EnableBlocking in
// dependency/nomad_var_get.go of github.com/hashicorp/consul-template, and Runner.runTemplate, which leaves the last
// text as it is; checked 2026-11-28). The variable is one that the task may ask for without a policy, and nobody sets.
func (r *renderer) endpointLine(w *workload, cname, name string, value plan.EnvValue) string {
	target := value.Endpoint.Workload
	service := value.Endpoint.Port + "." + nativeName(r.Plan.ID, target)
	wait := r.wait(w, cname, target)
	if r.Ext.ServiceProvider == "consul" {
		return r.rankedLine(service, name, value.Format, wait)
	}
	return fmt.Sprintf(`{{ with nomadService %d (env "NOMAD_ALLOC_ID") %q }}{{ with index . 0 }}%s={{ %s | toJSON }}{{ end }}%s{{ end }}`,
		everyCopy, service, name, formatted(value.Format), wait)
}

// wait keeps a template from being written while a workload has no copy; see endpointLine.
func (r *renderer) wait(w *workload, cname, target string) string {
	if !waits(r.Plan, r.Ext, w.Name, target) {
		return ""
	}
	return fmt.Sprintf("{{ else }}{{ with nomadVar %s }}{{ end }}", goText("nomad/jobs/"+nativeName(r.Plan.ID, w.Name)+"/"+w.Name+"/"+cname))
}

// composedLine sets a variable to a text of several values, once all of them exist. secret is
// whether one of them is a secret.
func (r *renderer) composedLine(w *workload, cname, name string, value plan.EnvValue) (line string, secret bool) {
	var open, end, text, args strings.Builder
	made := map[string]bool{}
	parts, _ := value.Parts()
	for _, part := range parts {
		s := value.Values[part.Value].EnvValue()
		if plain, known := plainText(r.Plan, s); known || part.Value == "" {
			text.WriteString(strings.ReplaceAll(part.Text+plain, "%", "%%"))
			continue
		}
		text.WriteString("%s")
		args.WriteString(" $" + part.Value)
		if made[part.Value] {
			continue
		}
		made[part.Value] = true
		if s.Secret != "" {
			secret = true
			open.WriteString(strings.TrimSuffix(r.secretAction(s.Secret, "{{ $"+part.Value+" := ", " }}"), "{{ end }}"))
			end.WriteString("{{ end }}")
			continue
		}
		fmt.Fprintf(&open, `{{ with nomadService %d (env "NOMAD_ALLOC_ID") %q }}{{ with index . 0 }}{{ $%s := %s }}`,
			everyCopy, s.Endpoint.Port+"."+nativeName(r.Plan.ID, s.Endpoint.Workload), part.Value, formatted(s.Format))
		end.WriteString("{{ end }}" + r.wait(w, cname, s.Endpoint.Workload) + "{{ end }}")
	}
	return fmt.Sprintf("%s%s={{ printf %s%s | toJSON }}%s", open.String(), name, goText(text.String()), args.String(), end.String()), secret
}

// rankedLine selects as Nomad's own catalog does, and Consul's does not: the copy whose hash
// with the container's own ID is the greatest, so that a container keeps its copy when others
// change.
func (r *renderer) rankedLine(service, name, format, wait string) string {
	return fmt.Sprintf(`{{ $rank := "" }}{{ $found := "" }}{{ range service %q }}`+
		`{{ $hash := printf "%%s %%s:%%d" (env "NOMAD_ALLOC_ID") .Address .Port | sha256Hex }}`+
		`{{ if gt $hash $rank }}{{ $rank = $hash }}{{ $found = %s }}{{ end }}{{ end }}`+
		`{{ if $rank }}%s={{ $found | toJSON }}%s{{ end }}`, service, formatted(format), name, wait)
}

// waits reports whether a container that looks for a workload waits for a copy of it. It does not where none may ever
// come, and where those two, or others between them, would wait for each other: services of a task are in the catalog
// once it runs, those of a group before its tasks start, but in Consul's only once their checks pass.
func waits(p *plan.Plan, ext *tenantExtension, from, target string) bool {
	w := p.Workloads[target]
	if w.Kind.Ends() || w.Replicas == 0 {
		return false
	}
	if ext.ServiceProvider == "nomad" && !w.Windows() {
		return true
	}
	seen := map[string]bool{}
	var leads func(name string) bool
	leads = func(name string) bool {
		if name == from {
			return true
		}
		if seen[name] {
			return false
		}
		seen[name] = true
		next := p.Workloads[name]
		return next.Reads(func(e plan.EnvValue) bool { return e.Endpoint != nil && leads(e.Endpoint.Workload) }, nil)
	}
	return !leads(target)
}

var placeholder = lazyregexp.New(`\{(host|port)\}`)

// formatted returns an endpoint's format as an expression over a copy of the service.
func formatted(format string) string {
	fields := map[string]struct{ verb, field string }{"{host}": {"%s", " .Address"}, "{port}": {"%d", " .Port"}}
	var args string
	text := placeholder.ReplaceAllStringFunc(strings.ReplaceAll(format, "%", "%%"), func(p string) string {
		args += fields[p].field
		return fields[p].verb
	})
	return fmt.Sprintf("printf %s%s", goText(text), args)
}

// goText quotes a text for template expressions, which use Go's syntax: JSON's escapes here are
// valid in Go.
func goText(s string) string { return string(scalar(s)) }

var (
	// fieldName matches a key that an expression can select after a dot.
	fieldName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

	// itemMethods are methods that would be called in place of a key (consul-template's
	// NomadVarItems).
	itemMethods = []string{"ItemsMap", "Keys", "Metadata", "Parent", "Tuples", "Values"}
)

// secretAction returns a template that writes a secret between two texts, once the secret
// exists.
func (r *renderer) secretAction(name, before, after string) string {
	s := r.Secrets[name]
	open, value := fmt.Sprintf("{{ with nomadVar %s }}", goText(s.Path)), "."+s.Key+".Value"
	if !fieldName.MatchString(s.Key) || slices.Contains(itemMethods, s.Key) {
		value = "(index . " + goText(s.Key) + ").Value"
	}
	if v := r.Ext.Vault; v != nil {
		data := ".Data.data"
		if v.KV == 1 {
			data = ".Data"
		}
		open, value = fmt.Sprintf("{{ with secret %s }}", goText(s.Path)), data+"."+s.Key
		if !fieldName.MatchString(s.Key) {
			value = "index " + data + " " + goText(s.Key)
		}
	}
	return open + before + value + after + "{{ end }}"
}

// vaultBlock lets a task sign in to Vault, if it reads secrets from it.
func (r *renderer) vaultBlock(container plan.Container) *api.Vault {
	v := r.Ext.Vault
	alone := plan.Workload{Containers: map[string]plan.Container{"": container}}
	reads := alone.Reads(func(e plan.EnvValue) bool { return e.Secret != "" }, func(m plan.Mount) bool { return m.Secret != "" })
	if v == nil || !reads && r.registryPassword(container) == "" {
		return nil
	}
	block := &api.Vault{Role: v.Role, Cluster: v.Cluster}
	if v.Namespace != "" {
		block.Namespace = &v.Namespace
	}
	return block
}

// envRows are the rows of variables.
var envRows = provider.Table{
	{Field: "workloads.containers.env", Level: exact, How: "`env`, or a `template` where Nomad would replace a part of it"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "a `template` over the Nomad variable or Vault secret"},
	{Field: "workloads.containers.env.secret", When: "of several copies", Level: approximated, How: "a change of the secret restarts each within seconds, whatever rollout says", Instead: "state extensions.nomad.secretChange"},
	{Field: "workloads.containers.env.values", Level: exact, How: "a `template` over all of them"},
	{Field: "workloads.containers.env.values", When: "with an endpoint of Consul", Level: unsupported, How: "its copies are chosen one by one", Instead: "use the nomad service provider, or two variables"},
	{Field: "workloads.containers.env.values.secret", When: "of several copies", Level: approximated, How: "a change of the secret restarts each within seconds, whatever rollout says", Instead: "state extensions.nomad.secretChange"},
	{Field: "workloads.containers.env.values.endpoint", Level: approximated, How: "the address of one copy; the container restarts when that moves", Instead: "look the service up in the program, or put it behind a gateway"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the file's text"},
	{Field: "workloads.containers.env.endpoint", Level: approximated, How: "a `template` over the service, for which a container waits: the address of one copy; the container restarts when that moves", Instead: "look the service up in the program, or put it behind a gateway"},
}
