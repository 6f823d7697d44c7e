package ecs

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
	replacement = provider.Replacement
)

// table is what ECS makes of each field, in the order of the spec. Validate says the
// same of each spec: the table's test holds the two together.
var table = slices.Concat(tenantRows, kindRows, scheduleRows, timeoutRows, scaleRows, volumeRows, ingressRows, rolloutRows, restartRows, placementRows, containerRows, portRows, resourceRows, healthRows, checkRows("health"), readyRows, checkRows("ready"), startupRows, checkRows("startup"), orderRows, mountRows, securityRows, extensionRows)
