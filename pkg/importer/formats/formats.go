// Package formats lists what tenants are imported from.
package formats

import (
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/importer/compose"
	"github.com/cuecompute/cuecompute/pkg/importer/ecs"
	"github.com/cuecompute/cuecompute/pkg/importer/kubernetes"
	"github.com/cuecompute/cuecompute/pkg/importer/nomad"
	"github.com/cuecompute/cuecompute/pkg/importer/score"
)

// All returns every format, in the order in which content is tried: the first that knows it
// reads it.
func All() []importer.Format {
	return []importer.Format{compose.Format, kubernetes.Format, ecs.Format, nomad.Format, score.Format}
}
