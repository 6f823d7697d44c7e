// Package difference tells what changes from one set of tenant specs to another: in the
// author's words, with both values and their places, and what each change means on the
// platform.
package difference

import (
	"encoding/json"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Version is the version of the difference's JSON form. Fields may be added to it within
// a version; none is taken away or changes its meaning.
const Version = 1

// Difference is what differs between two sets of specs. Its JSON form is what
// `plan --against --format json` prints.
type Difference struct {
	Version int      `json:"version"`
	Tenants []Tenant `json:"tenants"` // those that differ, by id and provider

	// NotComparable are what has errors on either side, by id and provider. Whether it
	// differs is not known.
	NotComparable []NotComparable `json:"notComparable,omitempty"`

	Summary Summary `json:"summary"`
}

// Tenant is what differs of one tenant on one provider.
type Tenant struct {
	ID       string          `json:"tenant"`
	Provider string          `json:"provider"`
	Kind     plan.ChangeKind `json:"kind"`
	Effect   provider.Effect `json:"effect"` // the most severe of its changes

	// MovesTo and MovesFrom are the other provider of a tenant that is removed from one
	// and added to another.
	MovesTo   string `json:"movesTo,omitempty"`
	MovesFrom string `json:"movesFrom,omitempty"`

	// RenamedFrom is the old id of a tenant that differs in nothing else.
	RenamedFrom string `json:"renamedFrom,omitempty"`

	Old *Place `json:"oldPlace,omitempty"` // of its id
	New *Place `json:"newPlace,omitempty"`

	// Changes of a tenant that is added or removed are its workloads, without values.
	Changes []Change `json:"changes"`
}

// Change is one difference, at the highest place that tells it all.
type Change struct {
	Path diag.Path       `json:"path"` // in the spec: workloads.web.replicas
	Kind plan.ChangeKind `json:"kind"`

	// Old and New are values as an author would write them, absent where there was or is
	// none. Defaults are filled in, and what looks like a secret's value is masked.
	Old any `json:"old,omitempty"`
	New any `json:"new,omitempty"`

	// Diff is what differs line by line, as `diff -u` writes it, where both values are
	// texts of several lines or lists of several texts.
	Diff string `json:"diff,omitempty"`

	Effect provider.Effect `json:"effect"`
	Advice string          `json:"advice,omitempty"` // what to do about it, in one line

	// OldPlace and NewPlace are where the values are written; of a default, the nearest
	// part of the spec that is.
	OldPlace *Place `json:"oldPlace,omitempty"`
	NewPlace *Place `json:"newPlace,omitempty"`
}

// UnmarshalJSON reads a change as [Comparison.Difference] made it: whole numbers of Old and New
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

// Place is a place in a file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Summary counts a difference.
type Summary struct {
	Tenants   Count           `json:"tenants"`
	Unchanged int             `json:"unchanged"` // tenants
	Changes   Count           `json:"changes"`
	Worst     provider.Effect `json:"worst"`

	NotComparable int `json:"notComparable,omitempty"` // tenants and files

	// Sparse is how many files are not compared, because the checkout leaves them out.
	Sparse int `json:"sparse,omitempty"`
}

// Count is how many of each kind.
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

// Sum is how many there are in all.
func (c Count) Sum() int { return c.Added + c.Changed + c.Removed }
