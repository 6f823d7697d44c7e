package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// writeText outlines a plan for people: what runs, how many copies, and what it needs.
func writeText(w io.Writer, v any) error {
	p, ok := v.(*plan.Plan)
	if !ok {
		return fmt.Errorf("no outline of %T", v)
	}
	o := &outline{plan: p}
	o.line(0, "%s on %s", p.ID, p.Provider)
	for name, v := range plan.Sorted(p.Volumes) {
		o.line(1, "volume %s: shared, %dMi", name, v.SizeMiB)
	}
	for name, work := range plan.Sorted(p.Workloads) {
		o.workload(name, work)
	}
	_, err := io.WriteString(w, o.String())
	return err
}

type outline struct {
	strings.Builder
	plan *plan.Plan
}

func (o *outline) line(depth int, format string, args ...any) {
	fmt.Fprintf(o, "%s%s\n", strings.Repeat("  ", depth), fmt.Sprintf(format, args...))
}

// list writes a name with its items, if there are any.
func (o *outline) list(depth int, name string, items []string) {
	if len(items) > 0 {
		o.line(depth, "%s: %s", name, strings.Join(items, ", "))
	}
}

func (o *outline) workload(workload string, w plan.Workload) {
	what := []string{string(w.Kind), fmt.Sprintf("%d replicas", w.Replicas)}
	if w.Replicas == 1 {
		what[1] = "1 replica"
	}
	if a := w.Autoscale; a != nil {
		what[1] = fmt.Sprintf("%d to %d replicas at %s", a.Min, a.Max, a.Targets())
	}
	if w.Kind == plan.Cron {
		what = append(what, fmt.Sprintf("at %s %s", w.Schedule, w.Timezone))
	}
	o.line(1, "%s: %s", workload, strings.Join(what, ", "))
	for name, c := range plan.Sorted(w.Containers) {
		o.container(name, c)
		o.list(3, "by default", o.defaults(diag.At("workloads", workload, "containers", name, "resources")))
	}
	o.list(2, "by default", o.defaults(diag.At("workloads", workload, "extensions", o.plan.Provider)))
	for name, v := range plan.Sorted(w.Volumes) {
		switch {
		case v.Shared != "":
			o.line(2, "volume %s: the tenant's %s", name, v.Shared)
		case v.Persistent != nil:
			o.line(2, "volume %s: persistent, %dMi", name, v.Persistent.SizeMiB)
		case v.Ephemeral.SizeMiB > 0:
			o.line(2, "volume %s: ephemeral (%s), %dMi", name, v.Ephemeral.Medium, v.Ephemeral.SizeMiB)
		default:
			o.line(2, "volume %s: ephemeral (%s)", name, v.Ephemeral.Medium)
		}
	}
	for _, in := range w.Ingress {
		scheme := "http"
		if in.TLS {
			scheme = "https"
		}
		o.line(2, "ingress %s://%s%s: port %s", scheme, in.Host, in.Path, in.Port)
	}
}

func (o *outline) container(name string, c plan.Container) {
	o.line(2, "%s %s: %s", c.Role, name, c.Image)
	o.list(3, "resources", amounts(c.Resources))
	var ports []string
	for name, p := range plan.Sorted(c.Ports) {
		ports = append(ports, fmt.Sprintf("%s %d/%s %s", name, p.Number, p.Protocol, p.Expose))
	}
	o.list(3, "ports", ports)
	var checks []string
	for field, check := range c.Checks() {
		checks = append(checks, field+" by "+check.How())
	}
	o.list(3, "checks", checks)
	var waits []string
	for on, state := range plan.Sorted(c.DependsOn) {
		waits = append(waits, on+" "+state)
	}
	o.list(3, "waits for", waits)
	o.list(3, "env", slices.Sorted(maps.Keys(c.Env)))
	o.list(3, "mounts", slices.Sorted(maps.Keys(c.Mounts)))
}

// defaults lists the platform's defaults for unset fields below a path.
func (o *outline) defaults(at diag.Path) []string {
	var list []string
	for path, value := range plan.Sorted(o.plan.Defaults) {
		if field, ok := strings.CutPrefix(path, at.String()+"."); ok {
			list = append(list, field+" "+value)
		}
	}
	return list
}

// amounts lists the resources that are set.
func amounts(r plan.Resources) []string {
	var list []string
	for _, a := range []struct {
		format string
		amount int64
	}{
		{"cpu %dm", r.CPUMillis},
		{"at most %dm", r.CPUMaxMillis},
		{"memory %dMi", r.MemoryMiB},
		{"at most %dMi", r.MemoryMaxMiB},
		{"gpu %d", int64(r.GPU)},
	} {
		if a.amount > 0 {
			list = append(list, fmt.Sprintf(a.format, a.amount))
		}
	}
	return list
}
