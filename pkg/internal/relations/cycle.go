package relations

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// dependencyCycles: containers that wait for each other never start. Each cycle is reported
// once, in full, at the dependency that closes it.
func dependencyCycles(w *workload) {
	done := map[string]bool{}
	for name, c := range plan.Sorted(w.Containers) {
		if len(c.DependsOn) > 0 {
			w.follow(name, nil, done)
		}
	}
}

// follow visits the containers that a container waits for; trail is the path to it.
func (w *workload) follow(name string, trail []string, done map[string]bool) {
	if i := slices.Index(trail, name); i >= 0 {
		cycle := append(slices.Clone(trail[i:]), name)
		at := w.at("containers", trail[len(trail)-1], "dependsOn", name)
		d := w.diags.Errorf(diag.DependencyCycle, at, "containers wait for each other: %s", strings.Join(shortened(cycle), " → "))
		d.Help = "remove one of these dependencies"
		w.relateWaits(d, trail[i:])
		return
	}
	if done[name] {
		return
	}
	trail = append(trail, name)
	for on := range plan.Sorted(w.Containers[name].DependsOn) {
		if _, ok := w.Containers[on]; ok {
			w.follow(on, trail, done)
		}
	}
	done[name] = true
}

// maxSteps limits the steps of a chain, and the names of a list, in a message.
const maxSteps = 20

// shortened omits the middle of a long chain.
func shortened(chain []string) []string {
	if len(chain) <= maxSteps {
		return chain
	}
	return slices.Concat(chain[:maxSteps/2], []string{"…"}, chain[len(chain)-maxSteps/2:])
}

// relateWaits adds the positions at which each container of a chain waits for the next.
func (w *workload) relateWaits(d *diag.Diagnostic, chain []string) {
	for i, on := range chain[1:min(len(chain), maxSteps)] {
		w.relate(d, w.at("containers", chain[i], "dependsOn", on), chain[i]+" waits for "+on)
	}
}
