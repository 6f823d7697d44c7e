package kubernetes

import (
	"context"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// ownFields are the fields of a workload that cause an object, by the object's kind.
var ownFields = map[string][]string{
	"deployment":              {"volumes"},
	"statefulset":             {"volumes"},
	"serviceaccount":          {"extension.createServiceAccount", "extension.serviceAccount"},
	"service":                 {"containers.*.ports", "volumes"},
	"persistentvolumeclaim":   {"volumes"},
	"horizontalpodautoscaler": {"autoscale"},
	"poddisruptionbudget":     {"extension.disruptionBudget"},
	"ingress":                 {"ingress"},
}

// adviseLeft names the objects that a change no longer renders: kubectl apply deletes nothing.
func adviseLeft(from, to *plan.Plan, c provider.Change) string {
	if !mayLeave(c) {
		return ""
	}
	before, err := (*Provider)(nil).Render(context.Background(), from)
	if err != nil {
		return ""
	}
	after, err := (*Provider)(nil).Render(context.Background(), to)
	if err != nil {
		return ""
	}
	var left []string
	claims := false
	for _, f := range before {
		object, kind := objectOf(f)
		stays := slices.ContainsFunc(after, func(other provider.File) bool { return other.Name == f.Name })
		if stays || !leaves(from, to, c, f.Workload, object, kind) {
			continue
		}
		left = append(left, kind+"/"+object)
		claims = claims || kind == "persistentvolumeclaim"
	}
	if len(left) == 0 {
		return ""
	}
	text := kubectl{from}.run("delete %s: applying deletes nothing", strings.Join(left, " "))
	if claims {
		text += ", and what a claim holds goes with it"
	}
	return text
}

// objectOf splits the name of a file.
func objectOf(f provider.File) (name, kind string) {
	name = strings.TrimSuffix(f.Name, ".yaml")
	dot := strings.LastIndexByte(name, '.')
	return name[:dot], name[dot+1:]
}

// mayLeave reports whether an object may remain after a change.
func mayLeave(c provider.Change) bool {
	switch {
	case len(c.Path) < 3:
		return c.Kind == plan.Removed
	case c.Path.Within("workloads.*.kind"):
		return true
	}
	for kind := range ownFields {
		if concerns(c, kind) {
			return true
		}
	}
	return false
}

// concerns reports whether a change in a workload is in the fields that cause an object of a
// kind.
func concerns(c provider.Change, kind string) bool {
	for _, leaf := range c.Leaves() {
		for _, field := range ownFields[kind] {
			if leaf.Path.Within("workloads.*." + field) {
				return true
			}
		}
	}
	return false
}

// leaves reports whether an object of a workload remains after a change.
func leaves(from, to *plan.Plan, c provider.Change, workload, object, kind string) bool {
	switch {
	case c.Path[0] == "config":
		return kind == "configmap" && (len(c.Path) == 1 || object == nativeName(from.ID, c.Path[1]))
	case c.Path[0] == "volumes":
		return kind == "persistentvolumeclaim" && workload == "" && (len(c.Path) == 1 || object == sharedClaimName(from.ID, c.Path[1]))
	case c.Path[0] != "workloads" || len(c.Path) < 2 || c.Path[1] != workload:
		return false
	case len(c.Path) == 2 || c.Path.Within("workloads.*.kind"):
		return true
	case from.Workloads[workload].Kind != to.Workloads[workload].Kind:
		return false // already reported for the kind
	}
	return concerns(c, kind)
}
