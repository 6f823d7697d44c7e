package provider

import (
	"encoding/json"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Differ is a provider that says what a change of plans would do, and does nothing. One
// that embeds a [Recorder] is one.
type Differ interface {
	Provider

	// Changes returns what differs between two plans of one tenant, and what each change
	// means on the platform: what Update with the second would report. From nil, the
	// tenant is new; to nil, it goes.
	Changes(from, to *plan.Plan) ([]Change, error)
}

// Change is a difference of two plans, and what it means on the platform.
type Change struct {
	plan.Change
	Effect Effect `json:"effect"`

	// Advice says in one line what to do about the change, where applying what is
	// rendered is not enough or not wanted: a command, or a decision to make first.
	Advice string `json:"advice,omitempty"`

	// Also are the other workloads that the change reaches: those that read a port which
	// has another number. Effect is the most severe of all.
	Also []string `json:"also,omitempty"`
}

// UnmarshalJSON reads a change as a provider made it: see [plan.Change].
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

// Advise gives advice about a change whose effect is known; "" where there is nothing to
// say. From and to are the two plans; one that is not there is an empty plan with the
// same id.
type Advise func(from, to *plan.Plan, c Change) string

// Effect is what a change does to what runs, and to what is stored.
type Effect string

// The effects, from the least to the most severe.
const (
	EffectNone    Effect = "none"        // nothing that runs is touched
	EffectCreate  Effect = "create"      // something new beside what runs
	InPlace       Effect = "in-place"    // changed while it runs
	Rolling       Effect = "rolling"     // copies are replaced one after another
	Replacement   Effect = "replacement" // ended and recreated
	EffectDestroy Effect = "destroy"     // something ends

	// DataLoss: what a persistent volume holds is lost, or stays behind where nothing
	// of the tenant reaches it any more.
	DataLoss Effect = "data-loss"

	// EffectUnknown is of a provider that is no Differ. It counts as the most severe.
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

// AtLeast reports whether an effect is as severe as another, or more.
func (e Effect) AtLeast(other Effect) bool { return Worse(other, e) == e }
