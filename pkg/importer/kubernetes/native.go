package kubernetes

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// mergeKeys are the members by which a strategic merge tells elements of lists apart
// (k8s.io/api/core/v1, patchMergeKey).
var mergeKeys = map[string]string{
	"containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath",
	"volumeDevices": "devicePath", "hostAliases": "ip",
}

// keyOf is the merge key of a list of a workload's object.
func keyOf(at diag.Path) string {
	last := at[len(at)-1]
	if last == "ports" && strings.Contains(at.String(), "ontainers.ports") {
		return "containerPort"
	}
	return mergeKeys[last]
}

// keep has a patch keep what else is lost of a workload's own object, and of its Service.
func (r *reader) keep(w *workload) {
	kind := w.kind
	switch {
	case rendered[kind] != "":
		kind = rendered[kind]
	case kind == "Deployment", kind == "StatefulSet":
		kind = "Deployment"
		for _, v := range r.Get(w.in()).Get("volumes").Names() {
			if r.Get(w.in("volumes", v, "persistent")) != nil {
				kind = "StatefulSet"
			}
		}
	}
	if w.kind == "Pod" {
		if !r.ends(w) {
			r.Keep(w.extension("patch", kind, "spec", "template", "spec"), w.pod, keyOf)
		}
		return
	}
	r.Keep(w.extension("patch", kind), w.node, keyOf)
	for _, o := range r.objects {
		if o.kind == "Service" && r.services[o.name] == w {
			r.Keep(w.extension("patch", "Service"), o.node, func(at diag.Path) string { return "" })
			break
		}
	}
}
