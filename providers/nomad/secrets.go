package nomad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// secrets checks the locations of the secrets that containers read: a key of a Nomad variable,
// or of a Vault secret.
func secrets(c *check) {
	for name, s := range plan.Sorted(c.Secrets) {
		registry := slices.ContainsFunc(slices.Collect(maps.Values(c.Ext.Registries)), func(r registry) bool { return r.Password.Secret == name })
		if !registry && !slices.ContainsFunc(c.Workloads, func(w *workload) bool { return provider.ReadsSecret(&w.Workload, name) }) {
			continue
		}
		if s.Key == "" {
			d := c.Errorf(diag.MissingField, diag.At("secrets", name, "key"), "secret %q has no key, and %s keeps values under keys", name, c.store())
			d.Help = "add a key, as in {path: \"acme/db\", key: \"password\"}"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/variables"
		}
		if c.Ext.Vault == nil && !variablePath(s.Path) {
			path := diag.At("secrets", name, "path")
			if c.Ext.Secrets[name].Path != "" {
				path = c.AtExtension("secrets", name, "path")
			}
			d := c.Errorf(diag.BadFormat, path, "%q is not the path of a nomad variable", s.Path)
			d.Help = "a path has letters, digits, `-`, `_`, `~` and `/`, at most 128, and below nomad/ only jobs/…, sentinel/… and job-templates/NAME"
			d.Docs = "https://developer.hashicorp.com/nomad/docs/other-specifications/variables"
			continue
		}
		if c.Ext.Vault == nil {
			c.variablePolicy(name, s)
		}
	}
}

// variablePolicy: without a policy, a task reads the variables of nomad/jobs, of its job, of its group and its own
// (matchingVariablesCapabilitySet in acl/acl.go; checked 2026-11-28). A template that may not read one waits, and then fails its task.
func (c *check) variablePolicy(name string, s plan.Secret) {
	var jobs []string
	for wname, w := range plan.Sorted(c.Plan.Workloads) {
		job := nativeName(c.Plan.ID, wname)
		for cname, container := range plan.Sorted(w.Containers) {
			alone := plan.Workload{Containers: map[string]plan.Container{cname: container}}
			password := c.Ext.Registries[registryOf(container.Image)].Password.Secret == name
			own := "nomad/jobs/" + job
			free := []string{"nomad/jobs", own, own + "/" + wname, own + "/" + wname + "/" + cname}
			if (password || provider.ReadsSecret(&alone, name)) && !slices.Contains(free, s.Path) && !slices.Contains(jobs, job) {
				jobs = append(jobs, job)
			}
		}
	}
	if len(jobs) == 0 {
		return
	}
	path := diag.At("secrets", name, "path")
	if c.Ext.Secrets[name].Path != "" {
		path = c.AtExtension("secrets", name, "path")
	}
	d := c.Notef("secrets", path, "where the cluster has ACLs, job %s reads the variable %q only by a policy of its own", strings.Join(jobs, ", "), s.Path)
	d.Help = fmt.Sprintf("keep it at nomad/jobs/%s, or apply a policy: nomad acl policy apply -namespace %s -job %s %s policy.hcl", jobs[0], c.Ext.Namespace, jobs[0], jobs[0])
	d.Docs = "https://developer.hashicorp.com/nomad/docs/concepts/workload-identity#workload-associated-acl-policies"
}

// rotation: a template whose secret is changed restarts its task after a random wait within its splay, which the update
// block has no part in (TaskTemplateManager in client/allocrunner/taskrunner/template; checked 2026-11-28).
func rotation(c *check, w *workload) {
	n := w.MostReplicas()
	if change := w.Ext.SecretChange; w.Kind.Ends() || n < 2 || change.Splay != nil || change.Mode == "noop" {
		return
	}
	warn := func(path diag.Path, secret string) {
		d := c.Approximate("secrets", path, "a change of secret %q restarts all %d copies within %s, whatever rollout says", secret, n, defaultSplay)
		d.Help = `spread the restarts by extensions.nomad.secretChange, as in {splay: "10m"}, or leave them to you by {mode: "noop"}`
		d.Docs = docs + "template#splay"
	}
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Init {
			continue
		}
		for at, value := range container.Sources() {
			if value.Secret != "" {
				warn(w.AtContainer(cname, at...).To("secret"), value.Secret)
				return
			}
		}
		for at, m := range plan.Sorted(container.Mounts) {
			if m.Secret != "" && w.Ext.SecretChange.Mode != "signal" {
				warn(w.AtContainer(cname, "mounts", at, "secret"), m.Secret)
				return
			}
		}
	}
}

func (c *check) store() string {
	if c.Ext.Vault != nil {
		return "vault"
	}
	return "nomad"
}

var variableChars = lazyregexp.New(`^[a-zA-Z0-9_~/-]{1,128}$`)

// variablePath reports whether Nomad accepts a path for a variable (structs.ValidatePath).
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

// tenantRows are the rows of the tenant itself.
var tenantRows = provider.Table{
	{Field: "id", Level: exact, How: "the prefix of every job's ID and service's name"},
	{Field: "labels", Level: exact, How: "`meta` of every job, which tasks see as `NOMAD_META_` variables", Effect: rolling, Source: "job meta, which tasks see"},
	{Field: "secrets", Level: exact, How: "a Nomad variable, or a secret of Vault where the extension names one", Effect: provider.OnReaders(rolling), Source: "templates"},
	{Field: "secrets.path", When: "nomad/jobs, or below it the job, its group and its task", Level: exact, How: "the variable's path"},
	{Field: "secrets.path", When: "elsewhere", Level: approximated, How: "the variable's path, which a task reads by an ACL policy of its job", Instead: "keep it at nomad/jobs/JOB, or apply a policy"},
	{Field: "secrets.key", Level: exact, How: "one of its items"},
	{Field: "volumes", Level: exact, How: "a volume, with a file for `nomad volume create`", Effect: provider.EffectFunc(sharedStored), Source: "structs.CSIVolume.Merge; structs.HostVolume.ValidateUpdate"},
	{Field: "volumes.size", Level: exact, How: "`capacity_min` and `capacity_max`"},
	{Field: "volumes.size", When: "without a class", Level: approximated, How: "the mkdir plugin makes a directory of any size", Instead: "set class to a plugin of the landlord's"},
	{Field: "volumes.class", Level: exact, How: "`plugin_id`"},
	{Field: "config", Level: exact, How: "a `template` of each task that reads it; a change replaces the copies", Effect: provider.OnReaders(rolling), Source: "templates"},
}
