// Package difference compares two sets of tenant specs: in the author's words, with both values
// and their positions, and the effect of each change on the platform.
//
// # Stability
//
// Within a [Version], the JSON form only gains fields. Its schema is printed by
// `cuecompute schema --of difference`. The text and the Markdown are for people, and change.
package difference

import (
	"encoding/json"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Version is the version of the difference's JSON form. Within a version, fields may be added,
// but none is removed or changes its meaning.
const Version = 1

// Difference is the difference between two sets of specs. Its JSON form is the output of `plan
// --against --format json`.
type Difference struct {
	Version int      `json:"version"`
	Tenants []Tenant `json:"tenants"` // with differences, by id and provider

	// NotComparable are the tenants with errors on either side, by id and provider. Whether
	// they differ is unknown.
	NotComparable []NotComparable `json:"notComparable,omitempty"`

	Summary Summary `json:"summary"`
}

// Tenant is the difference of one tenant on one provider.
type Tenant struct {
	ID       string          `json:"tenant"`
	Provider string          `json:"provider"`
	Kind     plan.ChangeKind `json:"kind"`
	Effect   provider.Effect `json:"effect"` // the most severe of its changes

	// MovesTo and MovesFrom are the other provider of a tenant that is removed from one and
	// added to another.
	MovesTo   string `json:"movesTo,omitempty"`
	MovesFrom string `json:"movesFrom,omitempty"`

	// RenamedFrom is the old id of a tenant with no other difference.
	RenamedFrom string `json:"renamedFrom,omitempty"`

	Old *Place `json:"oldPlace,omitempty"` // position of its id
	New *Place `json:"newPlace,omitempty"`

	// Changes of an added or removed tenant are its workloads, without values.
	Changes []Change `json:"changes"`
}

// Change is one difference, at the highest path that covers it.
type Change struct {
	Path diag.Path       `json:"path"` // in the spec: workloads.web.replicas
	Kind plan.ChangeKind `json:"kind"`

	// Old and New are values as an author would write them, absent if there is none. Defaults
	// are filled in, and apparent secrets are masked.
	Old any `json:"old,omitempty"`
	New any `json:"new,omitempty"`

	// Diff is the line-by-line difference, as `diff -u` writes it, if both values are texts of
	// several lines or lists of several texts.
	Diff string `json:"diff,omitempty"`

	Effect provider.Effect `json:"effect"`
	Advice string          `json:"advice,omitempty"` // one line of advice

	// OldPlace and NewPlace are the positions of the values; for a default, of the nearest part
	// that is written.
	OldPlace *Place `json:"oldPlace,omitempty"`
	NewPlace *Place `json:"newPlace,omitempty"`
}

// UnmarshalJSON decodes a change as [Comparison.Difference] made it: integers in Old and New
// are int64.
func (c *Change) UnmarshalJSON(text []byte) error {
	type fields Change
	var read fields
	var values plan.Change
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	read.Old, read.New = values.Old, values.New
	*c = Change(read)
	return nil
}

// Place is a position in a file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Summary counts a difference.
type Summary struct {
	Tenants   Count           `json:"tenants"`
	Unchanged int             `json:"unchanged"` // number of tenants
	Changes   Count           `json:"changes"`
	Worst     provider.Effect `json:"worst"`

	NotComparable int `json:"notComparable,omitempty"` // number of tenants and files

	// Refused and Admitted are the numbers of tenants that policies newly refuse and admit; they
	// are not among NotComparable.
	Refused  int `json:"refused,omitempty"`
	Admitted int `json:"admitted,omitempty"`

	// Sparse is the number of files that are not compared because a sparse checkout omits them.
	Sparse int `json:"sparse,omitempty"`
}

// Count is the number of each kind.
type Count struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Removed int `json:"removed"`
}

func (c *Count) add(kind plan.ChangeKind) {
	switch kind {
	case plan.Added:
		c.Added++
	case plan.Changed:
		c.Changed++
	case plan.Removed:
		c.Removed++
	}
}

// Sum returns the total.
func (c Count) Sum() int { return c.Added + c.Changed + c.Removed }
