package difference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// cause is a change that many tenants share, such as one of a template or a policy.
type cause struct {
	key      string
	unit     unit
	provider string
	tenants  []string
	places   [][2]*Place // old and new, without duplicates
}

// unit is what is shown as one entry: a change, or a tenant that was added or removed.
type unit struct {
	field   string
	changes []Change
}

// units returns the changes of a tenant as units.
func (t *Tenant) units() []unit {
	if t.Kind != plan.Changed {
		workloads := make([]string, len(t.Changes))
		for i, c := range t.Changes {
			workloads[i] = c.workload()
		}
		return []unit{{"tenant with " + strings.Join(workloads, ", "), t.Changes}}
	}
	all := make([]unit, len(t.Changes))
	for i, c := range t.Changes {
		all[i] = unit{c.Path.String(), t.Changes[i : i+1]}
	}
	return all
}

// keyOf returns a key that is equal for the same change of two tenants, wherever it is written.
func (t *Tenant) keyOf(u unit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n%s\n", t.Provider, t.Kind, t.MovesTo+t.MovesFrom, u.field)
	for _, c := range u.changes {
		fmt.Fprintf(&b, "%s %s %s\n%s\n%s\n%s\n%s\n", c.Path, c.Kind, c.Effect, c.Advice, inline(c.Old), inline(c.New), c.Diff)
	}
	return b.String()
}

// causes returns the changes that many tenants share: the most severe first, then those of the
// most tenants.
func causes(d *Difference) []*cause {
	if len(d.Tenants) < manyTenants {
		return nil
	}
	index := map[string]*cause{}
	var all []*cause
	for i := range d.Tenants {
		t := &d.Tenants[i]
		for _, u := range t.units() {
			key := t.keyOf(u)
			c := index[key]
			if c == nil {
				c = &cause{key: key, unit: u, provider: t.Provider}
				index[key] = c
				all = append(all, c)
			}
			c.tenants = append(c.tenants, t.ID)
			c.addPlaces(t, u)
		}
	}
	all = slices.DeleteFunc(all, func(c *cause) bool { return len(c.tenants) < manyTenants })
	slices.SortStableFunc(all, func(a, b *cause) int {
		switch x, y := a.effect(), b.effect(); {
		case x == y:
			return cmp.Compare(len(b.tenants), len(a.tenants))
		case x.AtLeast(y):
			return -1
		}
		return 1
	})
	return all
}

// addPlaces adds the positions of a change or, for an added or removed tenant, of its id.
func (c *cause) addPlaces(t *Tenant, u unit) {
	places := [2]*Place{t.Old, t.New}
	if t.Kind == plan.Changed {
		places = [2]*Place{u.changes[0].OldPlace, u.changes[0].NewPlace}
	}
	if n := len(c.places); n == 0 || where(c.places[n-1][0], c.places[n-1][1]) != where(places[0], places[1]) {
		c.places = append(c.places, places)
	}
}

func (c *cause) effect() provider.Effect {
	worst := provider.EffectNone
	for _, ch := range c.unit.changes {
		worst = provider.Worse(worst, ch.Effect)
	}
	return worst
}

// shared writes a table of the shared changes.
func (c *comment) shared(list []*cause) {
	if len(list) == 0 {
		return
	}
	var rows, below strings.Builder
	left := 0
	for _, s := range list {
		var more strings.Builder
		row := c.causeRow(s, &more)
		if left > 0 || rows.Len()+below.Len()+len(row)+more.Len() > markdownBytes/3 {
			left++
			continue
		}
		rows.WriteString(row)
		below.WriteString(more.String())
	}
	text := "\n### Shared by several tenants\n\n" + strings.NewReplacer("place |", "place | tenants |", "--- |\n", "--- | --- |\n").Replace(tableHead) +
		rows.String() + below.String()
	if left > 0 {
		text += fmt.Sprintf("\n%s more\n", many(left, "change"))
	}
	c.write(text)
}

func (c *comment) causeRow(s *cause, below *strings.Builder) string {
	ch := s.unit.changes[0]
	ch.Effect = s.effect()
	where := c.where(s.places[0][0], s.places[0][1])
	if n := len(s.places) - 1; n > 0 {
		where += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s | %d on %s: %s |\n", c.row(ch, s.unit.field, where, below), len(s.tenants), s.provider, names(s.tenants))
}
