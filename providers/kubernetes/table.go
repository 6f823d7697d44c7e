package kubernetes

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

var pods = provider.EffectFunc(podEffect)

// table is what Kubernetes makes of each field, in the order of the spec. Validate says
// the same of each spec: the table's test holds the two together.
var table = slices.Concat(tenantRows, objectRows, scheduleRows, scalingRows, ingressRows, rolloutRows, restartRows, volumeRows, placementRows, containerRows, portRows, amountRows, checkRows("health", "`livenessProbe`"), checkRows("ready", "`readinessProbe`"), checkRows("startup", "`startupProbe`"), orderRows, mountRows, securityRows, extensionRows)
