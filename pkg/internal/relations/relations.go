// Package relations checks the relations between parts of a tenant: unknown names, cycles, and
// contradictory amounts and settings. They are the same for every provider.
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

// The rules, one a line. Container rules apply to each container, workload rules to each
// workload.
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

// Check returns the rules that a plan breaks. tenant is the data that the plan was built from;
// it shows which values the author wrote.
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
	name    string
	plan    *plan.Plan
	tenant  *data.Node
	diags   diag.List
	lookups int // number of names searched for suggestions

	// addresses are the public addresses of the workloads up to this one.
	addresses map[address]diag.Path
}

type container struct {
	*workload
	plan.Container
	name string
}

// at returns the path of a field of the workload.
func (w *workload) at(elems ...any) diag.Path { return diag.At("workloads", w.name).To(elems...) }

// at returns the path of a field of the container.
func (c *container) at(elems ...any) diag.Path {
	return c.workload.at("containers", c.name).To(elems...)
}

// wrote reports whether the author wrote a field of the workload. A default from the library
// does not count.
func (w *workload) wrote(field string) bool {
	n := w.tenant.Find(w.at(field))
	if n == nil {
		return false
	}
	_, ours := library.Display(n.At.File())
	return !ours
}

// relate adds a related position to a diagnostic.
func (w *workload) relate(d *diag.Diagnostic, at diag.Path, message string) {
	d.Related = append(d.Related, diag.Related{Range: w.tenant.LocateKey(at), Message: message})
}

// maxLookups limits the names searched for suggestions in a tenant: a file may have thousands
// of mistakes and thousands of names.
const maxLookups = 20_000

// dangling reports an unknown name, with the nearest name or a list of names.
func (w *workload) dangling(at diag.Path, what, name string, names iter.Seq[string]) {
	w.danglingIn(at, what, name, names, "%s")
}

// danglingIn is dangling for a name inside the text at the path. text is that text with %s in
// place of the name.
func (w *workload) danglingIn(at diag.Path, what, name string, names iter.Seq[string], text string) {
	d := w.diags.Errorf(diag.UnknownName, at, "no %s %q", what, name)
	if w.lookups > maxLookups {
		return
	}
	known := slices.Sorted(names)
	w.lookups += len(known)
	switch near := diag.Nearest(name, known); {
	case near != "":
		d.Help = fmt.Sprintf("did you mean %q? there is: %s", near, listed(known))
		if strings.EqualFold(name, near) { // names have no upper case; any other name may not be declared yet
			d.Fix = w.rewrite(at, fmt.Sprintf(text, name), fmt.Sprintf(text, near))
		}
	case len(known) > 0:
		d.Help = "there is: " + listed(known)
	default:
		d.Help = "none is declared"
	}
}

// rewrite returns an edit that replaces the author's text: the value at a path, or the path's
// last key.
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

// listed joins names, and shortens a long list.
func listed(names []string) string {
	text := strings.Join(names[:min(len(names), maxSteps)], ", ")
	if more := len(names) - maxSteps; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
