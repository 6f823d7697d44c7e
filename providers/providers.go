// Package providers lists the official providers.
package providers

import (
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers/compose"
	"github.com/cuecompute/cuecompute/providers/ecs"
	"github.com/cuecompute/cuecompute/providers/kubernetes"
	"github.com/cuecompute/cuecompute/providers/nomad"
)

// All returns the official providers, each with a memory of its own.
func All() []provider.Provider {
	return []provider.Provider{
		compose.New(),
		ecs.New(),
		kubernetes.New(),
		nomad.New(),
	}
}
