package nomad

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Rows tell what a change at a path means, the first that fits; `*` is any one element.
// Rolling is for services; see reach for the other kinds. What the scheduler replaces
// copies for is tasksUpdated in scheduler/util.go; the rest changes in place.
var (
	tenantRows = []row{
		{"labels", provider.Rolling},                              // job meta, which tasks see
		{"config", provider.Rolling},                              // templates
		{"secrets", provider.Rolling},                             // templates
		{"extension.namespace", provider.Replacement},             // another job; see tenantEffect for its volumes
		{"extension.region", provider.Replacement},                // likewise
		{"extension.datacenters", provider.Rolling},               // other machines
		{"extension.nodePool", provider.Rolling},                  // other machines
		{"extension.serviceProvider", provider.Rolling},           // templates of endpoints
		{"extension.mhzPerCore", provider.Rolling},                // task resources
		{"extension.memoryOversubscription", provider.EffectNone}, // describes the cluster
		{"extension.maxKillTimeout", provider.EffectNone},         // describes the cluster
		{"extension.vault", provider.Rolling},                     // the task's vault block
		{"extension.ingress", provider.InPlace},                   // service tags
		{"extension.secrets", provider.Rolling},                   // templates
		{"extension.registries", provider.Rolling},                // driver config, templates
	}
	workloadRows = []row{
		{"kind", provider.Replacement}, // the server refuses it: validateJobUpdate in nomad/job_endpoint.go
		{"schedule", provider.InPlace},
		{"timezone", provider.InPlace},
		{"concurrency", provider.InPlace},
		{"replicas", provider.InPlace},
		{"autoscale", provider.InPlace},
		{"ingress", provider.InPlace}, // service tags
		{"rollout", provider.InPlace},
		{"restart", provider.InPlace},
		{"stopGraceSeconds", provider.InPlace},
		{"placement.spread", provider.Rolling}, // a spread block
		{"placement", provider.InPlace},        // constraints, which count when a copy is placed
		{"accept", provider.EffectNone},
		{"containers.*.accept", provider.EffectNone},
		{"containers.*.role", provider.InPlace}, // lifecycle, which counts at the next start
		{"containers.*.dependsOn", provider.InPlace},
		{"containers.*.stopSignal", provider.InPlace},
		{"containers.*.health", provider.InPlace}, // service checks
		{"containers.*.ready", provider.InPlace},
		{"containers.*.startup", provider.InPlace},
		{"containers", provider.Rolling}, // driver config, env, templates, resources, network
		{"volumes", provider.Rolling},    // volume requests, the ephemeral disk
		{"extension.constraints", provider.InPlace},
		{"extension.priority", provider.InPlace},
		{"extension.serviceTags", provider.InPlace},
		{"extension.restart", provider.InPlace},
		{"extension.update", provider.InPlace},
		{"extension.shutdownDelay", provider.InPlace},
		{"extension", provider.Rolling}, // driver, affinities, spreads, meta, network, resources
	}
)

type row struct {
	path   string
	effect provider.Effect
}

// effect says what a change of the plan means on Nomad.
func effect(from, to *plan.Plan, c plan.Change) provider.Effect {
	worst := provider.EffectNone
	for _, leaf := range c.Leaves() {
		e := provider.EffectNone
		if path := leaf.Path; path.Within("workloads.*") {
			e = workloadEffect(from, to, path[1], path[2:])
		} else {
			e = tenantEffect(from, to, path)
		}
		worst = provider.Worse(worst, e)
	}
	return worst
}

func workloadEffect(from, to *plan.Plan, name string, path diag.Path) provider.Effect {
	e := reach(to.Workloads[name].Kind, look(workloadRows, path))
	switch {
	case path.Within("volumes.*.persistent") && from.Workloads[name].Volumes[path[1]].Persistent != nil:
		return stored(from, to, name) // the job claims it as before
	case path.Within("extension.volumes"), path.Within("extension.nodePool"):
		return provider.Worse(e, stored(from, to, name))
	}
	return e
}

// tenantEffect is the worst of what a change of the tenant's own means to the
// workloads that it is about. Volumes do not follow a job to another namespace, region
// or node pool.
func tenantEffect(from, to *plan.Plan, path diag.Path) provider.Effect {
	e := look(tenantRows, path)
	worst := provider.EffectNone
	for name, w := range to.Workloads {
		old := from.Workloads[name]
		if concerns(path, w) || concerns(path, old) {
			worst = provider.Worse(worst, reach(w.Kind, e))
		}
		switch {
		case !old.Persists():
		case path.Within("extension.namespace"), path.Within("extension.region"):
			worst = provider.DataLoss
		case path.Within("extension.nodePool"):
			worst = provider.Worse(worst, stored(from, to, name))
		}
	}
	return worst
}

// concerns reports whether a part of the tenant reaches a workload: a secret or a
// configuration only where a container reads it.
func concerns(path diag.Path, w plan.Workload) bool {
	names := strings.Join(path, ".")
	switch {
	case strings.HasPrefix(names, "secrets.") && len(path) > 1:
		return readsSecret(w, path[1])
	case strings.HasPrefix(names, "extension.secrets.") && len(path) > 2:
		return readsSecret(w, path[2])
	case strings.HasPrefix(names, "extension.registries.") && len(path) > 2:
		return usesRegistry(w, path[2])
	case strings.HasPrefix(names, "config.") && len(path) > 1:
		return w.Reads(
			func(e plan.EnvValue) bool { return e.Config == path[1] && (len(path) < 3 || e.File == path[2]) },
			func(m plan.Mount) bool {
				return m.Config == path[1] && (len(path) < 3 || m.File == "" || m.File == path[2])
			})
	}
	return true
}

// reach is what an effect on copies means to a kind of workload.
func reach(kind plan.Kind, e provider.Effect) provider.Effect {
	switch {
	case e == provider.Rolling && kind == plan.Cron:
		return provider.InPlace // of the periodic job: the next run is made as it now is
	case e == provider.Rolling && kind == plan.Job:
		return provider.Replacement
	}
	return e
}

func look(rows []row, path diag.Path) provider.Effect {
	for _, r := range rows {
		if path.Within(r.path) {
			return r.effect
		}
	}
	return provider.InPlace
}
