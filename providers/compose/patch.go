package compose

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// patch is compose.cue's #Patch.
type patch struct {
	Containers map[string]provider.Patch `json:"containers"`
}

// yamlName is what a Compose file calls a field.
func yamlName(f reflect.StructField) (string, bool) {
	name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name, options == "inline"
}

// listKey is the member by which elements of a list are merged; other lists are replaced.
func listKey(f reflect.StructField) string {
	if f.Type == reflect.TypeFor[[]volumeMount]() {
		return "target"
	}
	return ""
}

// What no patch may touch of a service, and of the whole file.
var (
	nativeService = provider.Native{Name: "service", Field: yamlName, Key: listKey, Docs: docs + "services/", Kept: map[string]string{
		"image": "set image of the container", "platform": "set placement of the workload",
		"entrypoint": "set command of the container", "command": "set args of the container", "working_dir": "set workingDir of the container",
		"user": "set user of the container", "ports": "set ports of the container, and hostPorts of extensions.compose",
		"network_mode": "containers of a workload share one network", "networks.default.aliases": "endpoints find workloads by them",
		"configs": "set mounts of the container", "secrets": "set mounts of the container", "depends_on": "set dependsOn of the container",
		"healthcheck.test": "set health of the container", "restart": "set restart of the workload", "stop_signal": "set stopSignal of the container",
		"stop_grace_period": "set stopGrace of the workload", "privileged": "set security.privileged of the container",
		"read_only": "set security.readOnlyRootFilesystem of the container", "cap_add": "set security.capabilities of the container",
		"cap_drop": "set security.capabilities of the container", "cpu_shares": "set resources of the container",
		"memswap_limit": "set resources of the container", "deploy": "set replicas of the workload and resources of the container",
		"profiles": "a job has one",
	}}
	nativeFile = provider.Native{Name: "Compose file", Field: yamlName, Key: listKey, Docs: docs, Kept: map[string]string{
		"name": "set project of extensions.compose", "services": "patch containers in extensions.compose of their workload",
		"configs": "set config of the tenant", "secrets": "set secrets of the tenant",
	}}
)

// tenantPatches judges the patch of the whole file.
func tenantPatches(c *check) {
	if c.Ext.Patch == nil {
		return
	}
	r := newRenderer(c.tenant)
	for _, w := range c.Workloads {
		r.workload(w)
	}
	nativeFile.Check(&c.List, c.AtExtension("patch"), c.Ext.Patch, &r.file)
}

// patches judges a workload's patch, by the services that are rendered of it.
func patches(c *check, w *workload) {
	if w.Ext.Patch == nil {
		return
	}
	r := newRenderer(c.tenant)
	r.workload(w)
	for name, of := range plan.Sorted(w.Ext.Patch.Containers) {
		at := w.AtExtension("patch", "containers", name)
		s, ok := r.file.Services[w.part(name)]
		if !ok {
			d := c.Errorf(diag.UnknownName, at, "workload %q has no container %q", w.Name, name)
			d.Help = "it has: " + strings.Join(slices.Sorted(maps.Keys(w.Containers)), ", ")
			continue
		}
		nativeService.Check(&c.List, at, of, s)
	}
}

// patch changes the services of workloads, and then the whole file. Validate has passed it.
func (r *renderer) patch(workloads []*workload) {
	for _, w := range workloads {
		if w.Ext.Patch == nil {
			continue
		}
		for name, of := range plan.Sorted(w.Ext.Patch.Containers) {
			if s := r.file.Services[w.part(name)]; s != nil {
				nativeService.Apply(s, of)
			}
		}
	}
	nativeFile.Apply(&r.file, r.Ext.Patch)
}

// patchedFile is of a change of the file's patch. A volume that is declared otherwise is made
// again, and loses what it holds (docker/compose, VolumeHash in pkg/compose/hash.go).
func patchedFile(c provider.Changed) provider.Effect {
	path := c.Path[min(2, len(c.Path)):] // after extension.patch
	if was := c.Was(); path.Within("volumes") && (was.Persists() || was.Shares("")) {
		return provider.DataLoss
	}
	return replacement
}
