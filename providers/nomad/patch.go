package nomad

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// patch is extension.cue's #Patch.
type patch struct {
	Job   provider.Patch            `json:"job"`
	Group provider.Patch            `json:"group"`
	Tasks map[string]provider.Patch `json:"tasks"` // by container
}

const patchDocs = "https://developer.hashicorp.com/nomad/api-docs/json-jobs"

// jsonName is what Nomad's JSON calls a field.
func jsonName(f reflect.StructField) (string, bool) {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case name == "-" || !f.IsExported():
		return "", false
	case name == "":
		return f.Name, false
	}
	return name, false
}

// listKey is the member by which elements of a list are merged; other lists are replaced.
func listKey(f reflect.StructField) string {
	switch f.Name {
	case "VolumeMounts":
		return "Destination"
	case "Networks":
		return "Mode"
	}
	return ""
}

// What to do instead of a patch.
const (
	isName   = "names are made of the tenant's id and the workload's name"
	isServer = "the server writes it"
	isPlaced = "set constraints, affinities or spreads of extensions.nomad"
	isPaced  = "set restart or rollout of the workload, and their pace in extensions.nomad"
	isSecret = "declare it under secrets, and refer to it by env or mounts"
)

// What no patch may touch of a job, its group and its tasks.
var (
	nativeJob = provider.Native{Name: "job", Field: jsonName, Key: listKey, Docs: patchDocs, Kept: map[string]string{
		"ID": isName, "Name": isName, "Type": "set kind of the workload",
		"Region": "set extensions.nomad.region of the tenant", "Namespace": "set extensions.nomad.namespace of the tenant",
		"TaskGroups": "patch group, or tasks by container",
		"Priority":   "set extensions.nomad.priority", "Datacenters": "set extensions.nomad.datacenters of the tenant", "NodePool": "set extensions.nomad.nodePool",
		"Constraints": isPlaced, "Affinities": isPlaced, "Spreads": isPlaced, "Update": isPaced, "Reschedule": isPaced,
		"Periodic.Specs": "set schedule of the workload", "Periodic.Spec": "set schedule of the workload", "Periodic.SpecType": "set schedule of the workload",
		"Stop": isServer, "ParentID": isServer, "Dispatched": isServer, "DispatchIdempotencyToken": isServer, "Payload": isServer,
		"NomadTokenID": isServer, "Status": isServer, "StatusDescription": isServer, "Stable": isServer, "Version": isServer,
		"SubmitTime": isServer, "CreateIndex": isServer, "ModifyIndex": isServer, "JobModifyIndex": isServer, "VersionTag": isServer,
	}}
	nativeGroup = provider.Native{Name: "group", Field: jsonName, Key: listKey, Docs: patchDocs, Kept: map[string]string{
		"Constraints": isPlaced, "Affinities": isPlaced, "Spreads": isPlaced, "Update": isPaced, "RestartPolicy": isPaced, "ReschedulePolicy": isPaced,
		"Scaling": "set autoscale of the workload", "EphemeralDisk.SizeMB": "set the size of a volume", "MaxRunDuration": "set timeout of the workload",
		"ShutdownDelay": "set extensions.nomad.shutdownDelay",
		"Name":          isName, "Tasks": "patch tasks by container", "Count": "set replicas or autoscale of the workload",
		"Services":   "set ports and checks of the containers, and extensions.nomad.serviceTags",
		"Networks.+": "the containers of a workload share one network", "Networks.ReservedPorts": "set ports of the containers",
		"Networks.DynamicPorts": "set ports of the containers",
	}}
	nativeTask = provider.Native{Name: "task", Field: jsonName, Key: listKey, Docs: patchDocs, Kept: map[string]string{
		"Constraints": isPlaced, "Affinities": isPlaced, "RestartPolicy": isPaced, "ScalingPolicies": "set autoscale of the workload",
		"ShutdownDelay": "set extensions.nomad.shutdownDelay",
		"Name":          isName, "Kind": isName, "Driver": "set extensions.nomad.driver", "User": "set user of the container",
		"Config.image": "set image of the container", "Config.auth": "set extensions.nomad.registries of the tenant",
		"Config.privileged": "set security.privileged of the container", "Config.cap_add": "set security.capabilities of the container",
		"Config.cap_drop": "set security.capabilities of the container", "Config.readonly_rootfs": "set security.readOnlyRootFilesystem of the container",
		"Services":  "set ports and checks of the container",
		"Templates": isSecret, "Secrets": isSecret, "Vault": "set extensions.nomad.vault of the tenant",
		"Lifecycle":   "set role and dependsOn of the container",
		"KillTimeout": "set stopGrace of the workload", "KillSignal": "set stopSignal of the container",
		"Resources.CPU": "set resources of the container", "Resources.Cores": "set resources of the container",
		"Resources.MemoryMB": "set resources of the container", "Resources.MemoryMaxMB": "set resources of the container",
	}}
)

// patches judges a workload's patch, by the job that is rendered of it.
func patches(c *check, w *workload) {
	p := w.Ext.Patch
	if p == nil {
		return
	}
	job := (&renderer{c.tenant}).unpatched(w)
	nativeJob.Check(&c.List, w.AtExtension("patch", "job"), p.Job, job)
	nativeGroup.Check(&c.List, w.AtExtension("patch", "group"), p.Group, job.TaskGroups[0])
	for name, of := range plan.Sorted(p.Tasks) {
		at := w.AtExtension("patch", "tasks", name)
		task := taskOf(job, name)
		if task == nil {
			d := c.Errorf(diag.UnknownName, at, "workload %q has no container %q", w.Name, name)
			d.Help = "it has: " + strings.Join(slices.Sorted(maps.Keys(w.Containers)), ", ")
			continue
		}
		nativeTask.Check(&c.List, at, of, task)
	}
}

func taskOf(job *api.Job, name string) *api.Task {
	for _, t := range job.TaskGroups[0].Tasks {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// job is the job of a workload, as its patch changes it. Validate has passed it.
func (r *renderer) job(w *workload) *api.Job {
	job, p := r.unpatched(w), w.Ext.Patch
	if p == nil {
		return job
	}
	for name, of := range plan.Sorted(p.Tasks) {
		if task := taskOf(job, name); task != nil {
			nativeTask.Apply(task, of)
		}
	}
	nativeGroup.Apply(job.TaskGroups[0], p.Group)
	nativeJob.Apply(job, p.Job)
	return job
}

// patchedInPlace are native fields whose change leaves the copies running.
//
// Source: scheduler/util.go, tasksUpdated, which does not compare them; checked 2026-11-29.
var patchedInPlace = []string{
	"job.AllAtOnce", "job.Periodic", "job.Migrate", "job.UI", "group.Migrate", "group.Disconnect", "tasks.*.Leader", "tasks.*.Actions",
}

// patchedRolling are those whose change makes new copies, as tasksUpdated compares them.
var patchedRolling = []string{
	"job.Meta", "group.Networks", "group.Volumes", "group.EphemeralDisk", "group.Meta", "group.Consul",
	"tasks.*.Config", "tasks.*.Env", "tasks.*.Meta", "tasks.*.Artifacts", "tasks.*.DispatchPayload", "tasks.*.VolumeMounts",
	"tasks.*.CSIPluginConfig", "tasks.*.LogConfig", "tasks.*.Consul", "tasks.*.Identity", "tasks.*.Identities", "tasks.*.Resources",
	"tasks.*.Schedule",
}

// patchedEffect is of a change of a patch.
func patchedEffect(c provider.Changed) provider.Effect {
	path := c.Path[min(4, len(c.Path)):] // after workloads.NAME.extension.patch
	for _, pattern := range patchedInPlace {
		if path.Within(pattern) {
			return inPlace
		}
	}
	for _, pattern := range patchedRolling {
		if path.Within(pattern) {
			return rolling.EffectOf(c)
		}
	}
	return replacement
}
