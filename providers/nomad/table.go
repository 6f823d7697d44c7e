package nomad

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	exact        = provider.Exact
	approximated = provider.Approximated
	unsupported  = provider.Unsupported

	none        = provider.EffectNone
	inPlace     = provider.InPlace
	rolling     = provider.Rolling
	replacement = provider.Replacement
)

// table is what Nomad makes of each field, in the order of the spec. Validate says the
// same of each spec: the table's test holds the two together. What the scheduler replaces
// copies for is tasksUpdated in scheduler/util.go; the rest changes in place.
var table = slices.Concat(tenantRows, jobRows, scheduleRows, scaleRows, ingressRows, rolloutRows, restartRows, stopRows, volumeRows, placementRows, containerRows, envRows, portRows, resourceRows, healthRows, checkRows("health"), readyRows, checkRows("ready"), startupRows, checkRows("startup"), orderRows, mountRows, securityRows, extensionRows)
