package compose

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

// table is what Compose makes of each field, in the order of the spec. Validate agrees with it,
// as the table's test checks.
var table = slices.Concat(tenantRows, runRows, ingressRows, updateRows, volumeRows, placementRows, containerRows, portRows, amountRows, checkRows("health", healthRows), checkRows("ready", readyRows), checkRows("startup", startupRows), orderRows, mountRows, securityRows, extensionRows)
