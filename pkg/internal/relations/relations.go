// Package relations checks what one part of a tenant says of another: names that
// lead nowhere, cycles, amounts and settings that contradict each other. It holds once,
// for every provider.
package relations

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// rules are all the relations, a line each. Those of a container are asked of each
// container, those of a workload of each workload.
var (
	workloadRules = []func(*workload){
		autoscaleOrReplicas,
		autoscaleBounds,
		daemonCopies,
		rolloutProgress,
		noAttempts,
		schedule,
		timezone,
		sharedVolumes,
		ingressPorts,
		uniqueAddresses,
		uniquePorts,
		appProtocols,
		mainContainer,
		dependencyCycles,
	}
	containerRules = []func(*container){
		envNames,
		composed,
		mountNames,
		belowFiles,
		checkPorts,
		dependencies,
		initOrder,
		sidecarEnd,
		sidecarStart,
		limitsAboveRequests,
		rootRefused,
		noNUL,
		noCredentials,
	}
)

// Check returns what does not hold in a plan. tenant is the data that the plan was
// made of, for telling what an author wrote from what was filled in.
func Check(p *plan.Plan, tenant *data.Node) diag.List {
	w := workload{plan: p, tenant: tenant}
	c := container{workload: &w}
	noCredentialsBeside(&w)
	for w.name, w.Workload = range plan.Sorted(p.Workloads) {
		for _, rule := range workloadRules {
			rule(&w)
		}
		for c.name, c.Container = range plan.Sorted(w.Containers) {
			for _, rule := range containerRules {
				rule(&c)
			}
		}
	}
	return w.diags
}

type workload struct {
	plan.Workload
	name   string
	plan   *plan.Plan
	tenant *data.Node
	diags  diag.List
	looked int // names, for what would be right

	// addresses are the public addresses of the workloads up to this one.
	addresses map[address]diag.Path
}

type container struct {
	*workload
	plan.Container
	name string
}

// at is the path of a field of the workload.
func (w *workload) at(elems ...any) diag.Path { return diag.At("workloads", w.name).To(elems...) }

// at is the path of a field of the container.
func (c *container) at(elems ...any) diag.Path {
	return c.workload.at("containers", c.name).To(elems...)
}

// wrote reports whether the author wrote a field of the workload: what a default of
// the library's supplied does not count.
func (w *workload) wrote(field string) bool {
	n := w.tenant.Find(w.at(field))
	if n == nil {
		return false
	}
	_, ours := library.Display(n.At.File())
	return !ours
}

// relate points at another place that a diagnostic speaks of.
func (w *workload) relate(d *diag.Diagnostic, at diag.Path, message string) {
	d.Related = append(d.Related, diag.Related{Range: w.tenant.LocateKey(at), Message: message})
}

// mostLooked is how many names are looked through in a tenant for what would be right: a
// file may have thousands of mistakes and thousands of names.
const mostLooked = 20_000

// dangling reports a name that leads nowhere, with the near one or all that there are.
func (w *workload) dangling(at diag.Path, what, name string, names iter.Seq[string]) {
	w.danglingIn(at, what, name, names, "%s")
}

// danglingIn is dangling for a name that is a part of the text at the path: text is that
// with %s in the name's place.
func (w *workload) danglingIn(at diag.Path, what, name string, names iter.Seq[string], text string) {
	d := w.diags.Errorf(diag.UnknownName, at, "no %s %q", what, name)
	if w.looked > mostLooked {
		return
	}
	known := slices.Sorted(names)
	w.looked += len(known)
	switch near := diag.Nearest(name, known); {
	case near != "":
		d.Help = fmt.Sprintf("did you mean %q? there is: %s", near, listed(known))
		if strings.EqualFold(name, near) { // names have no upper case; any other may not be declared yet
			d.Fix = w.rewrite(at, fmt.Sprintf(text, name), fmt.Sprintf(text, near))
		}
	case len(known) > 0:
		d.Help = "there is: " + listed(known)
	default:
		d.Help = "none is declared"
	}
}

// rewrite writes a text in place of the author's, which is the value at a path, or the
// key that it ends in.
func (w *workload) rewrite(at diag.Path, was, now string) *diag.Edit {
	last := len(at) - 1
	if n := w.tenant.Find(at); n != nil && n.Kind == data.String && n.Text == was {
		return n.RewriteText(now)
	}
	if f := w.tenant.Find(at[:last]).Field(was); f != nil && at[last] == was {
		return f.Rename(now)
	}
	return nil
}

// listed joins names, the first of many.
func listed(names []string) string {
	text := strings.Join(names[:min(len(names), mostSteps)], ", ")
	if more := len(names) - mostSteps; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
