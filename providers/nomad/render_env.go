package nomad

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// envFile is where the template of a task's environment is written, below the task's own
// directory.
const envFile = "secrets/env"

// environment is a container's environment: what Nomad passes on as it is, and a template
// for the rest.
func (r *renderer) environment(container plan.Container) (map[string]string, []*api.Template) {
	env := map[string]string{}
	var lines strings.Builder
	strict := false
	for name, value := range plan.Sorted(container.Env) {
		if !templatedEnv(r.plan, value) {
			env[name], _ = plainText(r.plan, value)
			continue
		}
		lines.WriteString(r.envLine(name, value) + "\n")
		strict = strict || value.Secret != ""
	}
	if lines.Len() == 0 {
		return env, nil
	}
	t := template(envFile, lines.String())
	t.Envvars = new(true)
	if strict {
		t.ErrMissingKey = new(true)
	}
	return env, []*api.Template{t}
}

// plainText is the text of a variable that the plan knows.
func plainText(p *plan.Plan, value plan.EnvValue) (text string, ok bool) {
	switch {
	case value.Value != nil:
		return *value.Value, true
	case value.Config != "":
		return p.Config[value.Config][value.File], true
	case value.Endpoint != nil && !strings.Contains(value.Format, "{host}") && !strings.Contains(value.Format, "{port}"):
		return value.Format, true
	}
	return "", false
}

// envLine is a line of the template, which is read by github.com/hashicorp/go-envparse: a
// value in double quotes, with the escapes of JSON.
func (r *renderer) envLine(name string, value plan.EnvValue) string {
	if value.Secret != "" {
		return r.secretAction(value.Secret, name+"={{ ", " | toJSON }}")
	}
	if text, ok := plainText(r.plan, value); ok {
		return name + "=" + envText(text)
	}
	return r.endpointLine(name, value)
}

// envText quotes a text for go-envparse, without the braces that would begin an action.
func envText(s string) string {
	return strings.ReplaceAll(string(scalar(s)), "{{", `\u007b\u007b`)
}

// everyCopy is more than a service has copies. So many of them chosen by a key are all of
// them in an order of that key's own, so that containers spread over the copies, and
// keep theirs when others come and go (choose in nomad/service_registration_endpoint.go).
const everyCopy = 1000000

// endpointLine sets a variable from the first copy, in an order that differs from one
// container to another. While there is none, the variable is not set.
func (r *renderer) endpointLine(name string, value plan.EnvValue) string {
	service := value.Endpoint.Port + "." + nativeName(r.plan.ID, value.Endpoint.Workload)
	find := fmt.Sprintf(`nomadService %d (env "NOMAD_ALLOC_ID") %q`, everyCopy, service)
	pick := "index . 0"
	if r.ext.ServiceProvider == "consul" {
		find = fmt.Sprintf("service %q", service)
		pick = `index . (env "NOMAD_ALLOC_INDEX" | parseInt | modulo (len .))`
	}
	return "{{ with " + find + " }}{{ with " + pick + " }}" + name + "={{ " + formatted(value.Format) + " | toJSON }}{{ end }}{{ end }}"
}

var placeholder = lazyregexp.New(`\{(host|port)\}`)

// formatted is an endpoint's format as an expression over a copy of the service.
func formatted(format string) string {
	fields := map[string]struct{ verb, field string }{"{host}": {"%s", " .Address"}, "{port}": {"%d", " .Port"}}
	var args string
	text := placeholder.ReplaceAllStringFunc(strings.ReplaceAll(format, "%", "%%"), func(p string) string {
		args += fields[p].field
		return fields[p].verb
	})
	return fmt.Sprintf("printf %s%s", goText(text), args)
}

// goText quotes a text as template expressions do, which is as in Go: the escapes that
// JSON is written with here are among Go's.
func goText(s string) string { return string(scalar(s)) }

var (
	// fieldName is a key that an expression takes after a dot.
	fieldName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

	// itemMethods would be called in place of a key (consul-template's NomadVarItems).
	itemMethods = []string{"ItemsMap", "Keys", "Metadata", "Parent", "Tuples", "Values"}
)

// secretAction is a template that writes a secret between two texts, once it is there.
func (r *renderer) secretAction(name, before, after string) string {
	s := r.secrets[name]
	open, value := fmt.Sprintf("{{ with nomadVar %s }}", goText(s.Path)), "."+s.Key+".Value"
	if !fieldName.MatchString(s.Key) || slices.Contains(itemMethods, s.Key) {
		value = "(index . " + goText(s.Key) + ").Value"
	}
	if v := r.ext.Vault; v != nil {
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

// vaultBlock lets a task sign in to Vault, where it reads secrets from there.
func (r *renderer) vaultBlock(container plan.Container) *api.Vault {
	v := r.ext.Vault
	alone := plan.Workload{Containers: map[string]plan.Container{"": container}}
	reads := alone.Reads(func(e plan.EnvValue) bool { return e.Secret != "" }, func(m plan.Mount) bool { return m.Secret != "" })
	if v == nil || !reads {
		return nil
	}
	block := &api.Vault{Role: v.Role, Cluster: v.Cluster}
	if v.Namespace != "" {
		block.Namespace = &v.Namespace
	}
	return block
}
