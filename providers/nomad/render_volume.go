package nomad

import (
	"fmt"
	"slices"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// volumeSource is the name of a persistent volume. Host volumes of one name are each on a machine of their own; to
// that of a CSI volume per_alloc adds the index of each copy.
func volumeSource(tenant string, w *workload, name string) string {
	if source := w.Ext.Volumes[name].Source; source != "" {
		return source
	}
	return nativeName(tenant, w.Name) + "-" + name
}

// The accesses that volumes are made with and claimed by.
const (
	fileSystem   = "file-system"
	singleWriter = "single-node-writer"

	// Of host volumes: one copy on the machine at a time, or all that are there.
	oneWriter   = "single-node-single-writer"
	manyWriters = "single-node-multi-writer"
)

// csiAccess is how a copy claims its CSI volume.
func (v volume) csiAccess() string {
	if v.AccessMode != "" {
		return v.AccessMode
	}
	return singleWriter
}

// hostAccess is how a copy claims its host volume. One that is being written is no other copy's, unless runs of a
// cron may overlap, which have but one volume each run.
func hostAccess(w plan.Workload) string {
	if w.Kind == plan.Cron && w.Concurrency == "allow" {
		return manyWriters
	}
	return oneWriter
}

// volumeRequests are the group's claims of its persistent volumes, one a copy, and of the
// tenant's.
//
// Host volumes of one name are never on one machine, those of several names may all be on the first
// (HostVolume.placeHostVolume in nomad/host_volume_endpoint.go). So all copies ask for one name: a copy is placed where
// a volume of it is free, and, as it is sticky, comes back to the one that it had. Nomad has neither per_alloc nor
// another name for that (HostVolumeChecker in scheduler/feasible/feasible.go, structs.VolumeRequest.Validate; checked
// 2026-11-28). The runs of a cron are jobs of their own, which remember nothing of each other.
func volumeRequests(t *tenant, w *workload) map[string]*api.VolumeRequest {
	requests := map[string]*api.VolumeRequest{}
	for name, v := range w.Volumes {
		if v.Shared != "" {
			requests[name] = sharedRequest(t, name, v.Shared)
		}
		if v.Persistent == nil {
			continue
		}
		request := &api.VolumeRequest{Name: name, Type: "host", Source: volumeSource(t.Plan.ID, w, name), AttachmentMode: fileSystem}
		if native := w.Ext.Volumes[name]; native.Type == "csi" {
			request.Type, request.PerAlloc, request.AccessMode = "csi", true, native.csiAccess()
		} else {
			request.Sticky, request.AccessMode = w.Kind != plan.Cron, hostAccess(w.Workload)
		}
		requests[name] = request
	}
	return requests
}

// ephemeralDisk is room for the volumes on disk beside that for logs and the like; nil: that alone.
func ephemeralDisk(w *workload) *api.EphemeralDisk {
	var sum int64
	for _, v := range w.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.Medium == "disk" {
			sum += v.Ephemeral.SizeMiB
		}
	}
	if sum == 0 {
		return nil
	}
	return &api.EphemeralDisk{SizeMB: new(int(defaultDiskMiB + sum))}
}

// diskVolumes are the names of the ephemeral volumes on disk, in order.
func diskVolumes(w plan.Workload) []string {
	var names []string
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Ephemeral != nil && v.Ephemeral.Medium == "disk" {
			names = append(names, name)
		}
	}
	return names
}

// sharedDirs are the directories of an allocation that everybody may write, from a task's
// own (SharedAllocDirs in client/allocdir), of which logs is Nomad's.
var sharedDirs = []string{"../alloc/data", "../alloc/tmp"}

// diskDir is the directory of an ephemeral volume on disk: one that is there, as far as
// they go, and then one that docker makes, for root.
func diskDir(w plan.Workload, name string) string {
	if i := slices.Index(diskVolumes(w), name); i < len(sharedDirs) {
		return sharedDirs[i]
	}
	return "../alloc/volumes/" + name
}

// binds are the directories and files that a container sees at its mounts.
func binds(w *workload, container plan.Container) []string {
	var out []string
	for at, m := range plan.Sorted(container.Mounts) {
		from := ""
		switch {
		case m.Config != "" && m.File != "":
			from = configFile(m.Config, m.File)
		case m.Config != "":
			from = configDir(m.Config)
		case m.Secret != "":
			from = secretFile(m.Secret)
		case slices.Contains(diskVolumes(w.Workload), m.Volume):
			from = diskDir(w.Workload, m.Volume)
		default:
			continue
		}
		if m.ReadOnly {
			at += ":ro"
		}
		out = append(out, from+":"+at)
	}
	return out
}

// volumeMounts are the persistent and shared volumes that a container sees.
func volumeMounts(w *workload, container plan.Container) []*api.VolumeMount {
	var out []*api.VolumeMount
	for at, m := range plan.Sorted(container.Mounts) {
		if isMounted(w.Volumes[m.Volume]) {
			out = append(out, &api.VolumeMount{Volume: new(m.Volume), Destination: new(at), ReadOnly: new(m.ReadOnly)})
		}
	}
	return out
}

// memoryMount is a volume in memory, at its one path.
type memoryMount struct {
	path     string
	bytes    int64 // 0: as much as there is
	readOnly bool
}

func memoryMounts(w *workload, container plan.Container) []memoryMount {
	var out []memoryMount
	for at, m := range plan.Sorted(container.Mounts) {
		if v := w.Volumes[m.Volume].Ephemeral; v != nil && v.Medium == "memory" {
			out = append(out, memoryMount{at, v.SizeMiB << 20, m.ReadOnly})
		}
	}
	return out
}

func dockerTmpfs(mounts []memoryMount) []any {
	var out []any
	for _, m := range mounts {
		block := map[string]any{"type": "tmpfs", "target": literal(m.path)}
		if m.readOnly {
			block["readonly"] = true
		}
		if m.bytes > 0 {
			block["tmpfs_options"] = map[string]any{"size": m.bytes}
		}
		out = append(out, block)
	}
	return out
}

func podmanTmpfs(mounts []memoryMount) []string {
	var out []string
	for _, m := range mounts {
		option := ":rw"
		if m.readOnly {
			option = ":ro"
		}
		if m.bytes > 0 {
			option += fmt.Sprintf(",size=%d", m.bytes)
		}
		out = append(out, m.path+option)
	}
	return out
}
