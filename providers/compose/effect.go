package compose

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// rows say what a change below a path of the plan does to containers: docker compose makes
// one again where the hash of its service differs (docker/compose, ServiceHash in
// pkg/compose/hash.go). The first row that matches counts, and without one, it does.
var rows = []struct {
	path   string
	effect provider.Effect
}{
	{"workloads.*.replicas", provider.InPlace}, // not in the hash
	{"workloads.*.autoscale", provider.InPlace},
	{"workloads.*.accept", provider.EffectNone},
	{"workloads.*.containers.*.accept", provider.EffectNone},
	{"workloads.*.rollout", provider.EffectNone},
	{"workloads.*.placement.spread", provider.EffectNone},
	{"workloads.*.volumes.*.persistent.sizeMiB", provider.EffectNone},
	{"workloads.*.volumes.*.persistent.class", provider.EffectNone},
	{"workloads.*.containers.*.dependsOn", provider.InPlace}, // not in the hash: the next start
}

// effect says what a change of the plan means to Compose.
func effect(from, to *plan.Plan, c plan.Change) provider.Effect {
	switch {
	case c.Path.Within("config"), c.Path.Within("secrets"):
		return worst(c, func(path diag.Path) provider.Effect { return ofRead(from, to, path) })
	case c.Path.Within("extension"):
		return worst(c, func(path diag.Path) provider.Effect { return ofExtension(from, to, path) })
	}
	for _, r := range rows {
		if c.Path.Within(r.path) {
			return r.effect
		}
	}
	return provider.Replacement
}

// worst is the most severe effect of what came or went with a change.
func worst(c plan.Change, effect func(diag.Path) provider.Effect) provider.Effect {
	e := provider.EffectNone
	for _, leaf := range c.Leaves() {
		e = provider.Worse(e, effect(leaf.Path))
	}
	return e
}

// ofExtension is the effect of a field of the tenant's extension. Another project has
// volumes of its own, and leaves those of this one behind.
func ofExtension(from, to *plan.Plan, path diag.Path) provider.Effect {
	switch {
	case path.Within("extension.secrets.*"):
		return ofRead(from, to, path[1:])
	case path.Within("extension.project"):
		for _, w := range from.Workloads {
			if w.Persists() {
				return provider.DataLoss
			}
		}
	}
	return provider.Replacement
}

// ofRead is the effect of a configuration or a secret, config.NAME or secrets.NAME: none
// unless a container reads it.
func ofRead(from, to *plan.Plan, path diag.Path) provider.Effect {
	is := func(kind, name string) bool { return kind == path[0] && (len(path) < 2 || name == path[1]) }
	for _, p := range []*plan.Plan{from, to} {
		for _, w := range p.Workloads {
			if w.Reads(
				func(e plan.EnvValue) bool {
					return e.Config != "" && is("config", e.Config) || e.Secret != "" && is("secrets", e.Secret)
				},
				func(m plan.Mount) bool {
					return m.Config != "" && is("config", m.Config) || m.Secret != "" && is("secrets", m.Secret)
				},
			) {
				return provider.Replacement
			}
		}
	}
	return provider.EffectNone
}
