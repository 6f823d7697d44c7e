package nomad

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// nativeName returns the ID of a workload's job, and the name of its service, which has at most
// 63 characters (structs.Service.ValidateName): 30 and 30 joined always fit.
func nativeName(tenant, workload string) string { return tenant + "-" + workload }

// taskNames: a task has a directory of its name next to the directory alloc
// (structs.Task.Validate).
func taskNames(c *check, w *workload) {
	if _, ok := w.Containers["alloc"]; ok {
		d := c.Errorf(diag.BadFormat, w.AtContainer("alloc"), `nomad keeps the name "alloc" to itself`)
		d.Help = "give the container another name"
		d.Docs = docs + "task"
	}
}

// stopSignals: a job whose kill_signal a machine does not have is never placed there.
func stopSignals(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		c.knownSignal(w, w.AtContainer(name, "stopSignal"), container.StopSignal, "task#kill_signal")
	}
	c.knownSignal(w, w.AtExtension("secretChange", "signal"), w.Ext.SecretChange.Signal, "template#change_signal")
}

// knownSignal checks a signal that becomes a constraint on the server
// (TaskGroup.RequiredSignals in nomad/structs/structs.go); empty: none.
func (c *check) knownSignal(w *workload, path diag.Path, signal, page string) {
	if signal == "" || slices.Contains(signals, signal) || !w.Windows() && slices.Contains(unixSignals, signal) {
		return
	}
	where := ""
	if w.Windows() {
		where = " on windows"
	}
	d := c.Errorf(diag.Unsupported, path, "nomad does not know signal %s%s", signal, where)
	d.Help = "use SIGTERM, SIGINT, SIGQUIT or another that a program can catch"
	d.Docs = docs + page
}

var (
	// templateEnvName matches a name that a template with env = true accepts
	// (github.com/hashicorp/go-envparse).
	templateEnvName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_./]*$`)

	// interpolated matches what Nomad replaces in a task's env, without a way to escape it
	// (helper/args.ReplaceEnv). Such a text goes into a template.
	interpolated = lazyregexp.New(`\$\{[a-zA-Z0-9_.-]+\}`)

	// cleanedPrefixes are the prefixes of the names in which Nomad turns a hyphen into `_`
	// (client/taskenv.Builder.buildEnv).
	cleanedPrefixes = []string{"NOMAD_ADDR_", "NOMAD_IP_", "NOMAD_PORT_", "NOMAD_HOST_PORT_", "NOMAD_META_"}
)

// envNames: a hyphen in the name of an environment variable is kept, except in a template and
// in Nomad's own names.
func envNames(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for name, value := range plan.Sorted(container.Env) {
			path := w.AtContainer(cname, "env", name)
			switch {
			case strings.Contains(name, "-") && slices.ContainsFunc(cleanedPrefixes, func(p string) bool { return strings.HasPrefix(name, p) }):
				d := c.Errorf(diag.BadFormat, path, "nomad turns the hyphens of %q into underscores", name)
				d.Help = "use underscores, or a name that does not start with NOMAD_"
			case templatedEnv(c.Plan, value) && !templateEnvName.MatchString(name):
				d := c.Errorf(diag.BadFormat, path, "nomad sets %q from a template, which takes no hyphen in a name", name)
				d.Help = "use letters, digits, underscores and dots"
				d.Docs = docs + "template#env"
			}
		}
	}
}

// templatedEnv reports whether a variable is set from a template rather than from the task's
// env block.
func templatedEnv(p *plan.Plan, value plan.EnvValue) bool {
	text, ok := plainText(p, value)
	return !ok || interpolated.MatchString(text)
}

// containerRows are the rows of containers.
var containerRows = provider.Table{
	{Field: "workloads.containers", Level: exact, How: "a task of the group, with the docker or the podman driver", Effect: rolling, Source: "scheduler/util.go, tasksUpdated"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "a main task, or one with a `lifecycle` hook where others wait for it", Effect: inPlace, Source: "lifecycle, which counts at the next start"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "a prestart task"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "a prestart or poststart task that is a sidecar"},
	{Field: "workloads.containers.command", Level: exact, How: "`entrypoint`"},
	{Field: "workloads.containers.command", When: "not in Unicode's normal form C", Level: unsupported, How: "its letters and accents would be composed", Instead: "pass it by env or a file"},
	{Field: "workloads.containers.args", Level: exact, How: "`args`"},
	{Field: "workloads.containers.args", When: "not in Unicode's normal form C", Level: unsupported, How: "their letters and accents would be composed", Instead: "pass them by env or a file"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`work_dir`; `working_dir` of podman"},
	{Field: "workloads.containers.workingDir", When: "not in Unicode's normal form C", Level: unsupported, How: "its letters and accents would be composed", Instead: "use a path in form C"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.stopSignal", When: "one that clients know", Level: exact, How: "`kill_signal`", Effect: inPlace},
	{Field: "workloads.containers.stopSignal", When: "another one", Level: unsupported, How: "no machine would be found", Instead: "use SIGTERM, SIGINT, SIGQUIT or another that a program can catch"},
	{Field: "workloads.containers.accept", Effect: none},
}
