package provider

import (
	"encoding/json"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Differ is a provider that can compute the effects of a change of plans, without performing
// it. A provider that embeds a [Recorder] implements it.
type Differ interface {
	Provider

	// Changes returns the differences between two plans of one tenant, with their effects on
	// the platform: what Update with the second would return. A nil from means a new tenant, a
	// nil to a removed one.
	Changes(from, to *plan.Plan) ([]Change, error)
}

// Change is a difference of two plans, with its effect on the platform.
type Change struct {
	plan.Change
	Effect Effect `json:"effect"`

	// Advice is one line about the change, if applying the documents is not enough or not
	// wanted: a command, or a decision to make first.
	Advice string `json:"advice,omitempty"`

	// Also are other workloads that the change affects: those that read a port whose number
	// changed. Effect is the most severe of all.
	Also []string `json:"also,omitempty"`
}

// UnmarshalJSON decodes a change as a provider made it: see [plan.Change].
func (c *Change) UnmarshalJSON(text []byte) error {
	var read struct {
		Effect Effect   `json:"effect"`
		Advice string   `json:"advice"`
		Also   []string `json:"also"`
	}
	var of plan.Change
	if err := json.Unmarshal(text, &of); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*c = Change{of, read.Effect, read.Advice, read.Also}
	return nil
}

// Advise returns advice about a change with a known effect, or "". From and to are the two
// plans; a missing one is an empty plan with the same id.
type Advise func(from, to *plan.Plan, c Change) string

// Effect is the effect of a change on running workloads and stored data.
type Effect string

// The effects, from the least to the most severe.
const (
	EffectNone    Effect = "none"        // nothing that runs is affected
	EffectCreate  Effect = "create"      // something new is created
	InPlace       Effect = "in-place"    // changed while it runs
	Rolling       Effect = "rolling"     // copies are replaced one after another
	Replacement   Effect = "replacement" // ended and recreated
	EffectDestroy Effect = "destroy"     // something ends

	// DataLoss means that the data of a persistent volume is lost, or remains where the tenant
	// no longer uses it.
	DataLoss Effect = "data-loss"

	// EffectUnknown is returned when the provider does not implement Differ. It is the most
	// severe.
	EffectUnknown Effect = "unknown"
)

// severity is the order of the effects.
var severity = []Effect{EffectNone, EffectCreate, InPlace, Rolling, Replacement, EffectDestroy, DataLoss, EffectUnknown}

// Effects returns all effects that a change may have, from the least to the most severe.
func Effects() []Effect { return slices.Clone(severity) }

// Worse returns the more severe of two effects.
func Worse(a, b Effect) Effect {
	if slices.Index(severity, b) > slices.Index(severity, a) {
		return b
	}
	return a
}

// AtLeast reports whether an effect is at least as severe as another.
func (e Effect) AtLeast(other Effect) bool { return Worse(other, e) == e }
