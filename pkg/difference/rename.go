package difference

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// renames finds the tenants whose id changed and nothing else: their content is the same, one
// id is gone and one is new. Among several, those of one file belong together.
func (x *Comparison) renames() error {
	gone, err := contents(x.old, x.newIDs)
	if err != nil || len(gone) == 0 {
		return err
	}
	fresh, err := contents(x.added, x.oldIDs)
	if err != nil {
		return err
	}
	for _, sameFile := range []bool{true, false} {
		for sum, to := range fresh {
			for _, k := range to {
				file := fileOf(x.added[k], x.NewFile)
				i := slices.IndexFunc(gone[sum], func(old key) bool {
					return !sameFile || file != "" && file == fileOf(x.old[old], x.OldFile)
				})
				if _, ok := x.added[k]; !ok || i < 0 {
					continue
				}
				from := gone[sum][i]
				gone[sum] = slices.Delete(gone[sum], i, i+1)
				if err := x.rename(from, k); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// content identifies a tenant's content without its id.
type content struct {
	provider string
	sum      [sha256.Size]byte
}

// contents returns the sorted tenants of one side by content, without those whose id the other
// side also has.
func contents(specs map[key]spec, other map[string]bool) (map[content][]key, error) {
	all := map[content][]key{}
	for _, k := range sorted(specs) {
		if other[k.id] {
			continue
		}
		unnamed := *specs[k].plan
		unnamed.ID = ""
		text, err := json.Marshal(&unnamed)
		if err != nil {
			return nil, fmt.Errorf("plan of %s: %w", k.id, err)
		}
		c := content{k.provider, sha256.Sum256(text)}
		all[c] = append(all[c], k)
	}
	return all, nil
}

// rename reports a tenant with a new id, and removes both entries. Everything is named after
// the id, so the old resources are destroyed and new ones created.
func (x *Comparison) rename(from, to key) error {
	old, now := x.old[from], x.added[to]
	delete(x.old, from)
	delete(x.added, to)
	target, err := x.registry.Get(from.provider)
	if err != nil {
		return err
	}
	removed, err := changes(target, old.plan, nil)
	if err != nil {
		return fmt.Errorf("provider %s: tenant %s: %w", from.provider, from.id, err)
	}
	effect := provider.EffectDestroy
	for _, c := range removed {
		effect = provider.Worse(effect, c.Effect)
	}
	advice := "everything is named after the id: what runs is created under the new one, and the old is destroyed"
	if effect.AtLeast(provider.DataLoss) {
		advice += "; copy what its volumes hold first"
	}
	x.result.add(Tenant{
		ID: to.id, Provider: to.provider, Kind: plan.Changed, Effect: effect, RenamedFrom: from.id,
		Old: x.place(old.author, diag.At("id")), New: place(now.author, diag.At("id")),
		Changes: []Change{{
			Path: diag.At("id"), Kind: plan.Changed, Old: from.id, New: to.id, Effect: effect, Advice: advice,
			OldPlace: x.place(old.author, diag.At("id")), NewPlace: place(now.author, diag.At("id")),
		}},
	})
	return nil
}

// sorted returns the keys of specs in order.
func sorted(specs map[key]spec) []key {
	return slices.SortedFunc(maps.Keys(specs), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.provider, b.provider))
	})
}
