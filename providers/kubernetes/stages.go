package kubernetes

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// stage is where a container runs in its pod. Init containers start in their order,
// each once the one before has ended, or, where it is restartable, has started and
// passed its startup probe; the pod's own containers start after all of them.
// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
type stage int

const (
	initStage    stage = iota + 1 // an init container, which ends
	sidecarStage                  // a restartable init container, which runs as long as the pod's own
	mainStage                     // one of the pod's own containers
)

// stage is where a container runs.
func (w *workload) stage(container string) stage {
	if w.stages == nil {
		w.stages = stages(w.Workload)
	}
	return w.stages[container]
}

// stages returns the stage of each container.
//
// Only init containers can be waited for, so what another container waits for is
// one. In a service, where everything runs for ever, that is a restartable one. In a
// job it is one that ends: a main container that others wait for to start has to be
// one of the pod's own, since the job is done when those have ended.
func stages(w plan.Workload) map[string]stage {
	waited := map[string]bool{}
	for _, ctr := range w.Containers {
		for on, condition := range ctr.DependsOn {
			if !w.Kind.Ends() || condition == completed {
				waited[on] = true
			}
		}
	}
	at := make(map[string]stage, len(w.Containers))
	hasMain := false
	for n, ctr := range w.Containers {
		switch {
		case ctr.Role == plan.Init:
			at[n] = initStage
		case ctr.Role == plan.Sidecar:
			at[n] = sidecarStage
		case !waited[n]:
			at[n], hasMain = mainStage, true
		case !w.Kind.Ends():
			at[n] = sidecarStage
		default:
			at[n] = initStage
		}
	}
	// A pod has at least one container of its own. Where something waits for every main
	// container of a service, that is the sidecars at the end of the line.
	if !w.Kind.Ends() && !hasMain {
		for n, ctr := range w.Containers {
			if ctr.Role == plan.Sidecar && !waited[n] && mainBefore(w, n) != "" {
				at[n] = mainStage
			}
		}
	}
	return at
}

// order returns the order of the containers, each after those that it waits for, because init
// containers and the pod's own start in the order of their lists. Otherwise, containers with
// role init are first: sidecars run beside the main containers, some of which may be init
// containers.
func (w *workload) order() []string {
	rank := map[plan.Role]int{plan.Init: 0, plan.Sidecar: 1, plan.Main: 2}
	left := slices.SortedFunc(maps.Keys(w.Containers), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[w.Containers[a].Role], rank[w.Containers[b].Role]), cmp.Compare(a, b))
	})
	order := make([]string, 0, len(left))
	listed := make(map[string]bool, len(left))
	ready := func(n string) bool {
		for on := range w.Containers[n].DependsOn {
			if _, ok := w.Containers[on]; ok && !listed[on] {
				return false
			}
		}
		return true
	}
	for len(left) > 0 {
		i := max(0, slices.IndexFunc(left, ready))
		order = append(order, left[i])
		listed[left[i]] = true
		left = slices.Delete(left, i, i+1)
	}
	return order
}

// reach returns the containers reachable from one, directly or indirectly.
func reach(next func(name string) iter.Seq[string], from string) map[string]bool {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(n string) {
		for m := range next(n) {
			if !seen[m] {
				seen[m] = true
				visit(m)
			}
		}
	}
	visit(from)
	return seen
}

// waitsFor returns the containers that a container waits for.
func waitsFor(w plan.Workload) func(name string) iter.Seq[string] {
	return func(n string) iter.Seq[string] { return maps.Keys(w.Containers[n].DependsOn) }
}

// waiters returns the containers that wait for a container.
func waiters(w plan.Workload) func(name string) iter.Seq[string] {
	by := map[string][]string{}
	for n, ctr := range w.Containers {
		for on := range ctr.DependsOn {
			by[on] = append(by[on], n)
		}
	}
	return func(n string) iter.Seq[string] { return slices.Values(by[n]) }
}

// mainBefore returns a main container that is n or waits for n, or "".
func mainBefore(w plan.Workload, n string) string {
	before := reach(waitsFor(w), n)
	before[n] = true
	for _, m := range slices.Sorted(maps.Keys(before)) {
		if w.Containers[m].Role == plan.Main {
			return m
		}
	}
	return ""
}

// gate returns the check that determines when a container is healthy for those that wait for
// it: it becomes the startup probe, unless there is one. Nil: there is no check.
func gate(ctr plan.Container) *plan.Check {
	for _, check := range []*plan.Check{ctr.Startup, ctr.Health, ctr.Ready} {
		if check != nil {
			return check
		}
	}
	return nil
}
