// Package portability shows which platforms could run tenants as they are: what each platform
// makes of every field that they use.
package portability

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Version is the version of the table's JSON form.
const Version = 1

// Table is the result, with a row for each field and a column for each platform.
type Table struct {
	Version   int      `json:"version"`
	Tenants   int      `json:"tenants"` // number of tenants in the table
	Platforms []string `json:"platforms"`
	Rows      []Row    `json:"rows"`
}

// Row is one field that tenants use.
type Row struct {
	Field   string          `json:"field"`   // without the names that authors choose
	Tenants int             `json:"tenants"` // number of tenants that use it
	Cells   map[string]Cell `json:"cells"`   // by platform
}

// Depends is the level of a field that a platform supports in some cases only, if no tenant's
// verdict decides.
const Depends provider.Level = "depends"

// Unstated is the level of a field for which a platform has no row, neither above nor below it.
const Unstated provider.Level = "unstated"

// Native is the level of a patch of a platform's own documents: it holds there, and no other
// platform has it.
const Native provider.Level = "native"

// Cell is what a platform makes of a field.
type Cell struct {
	// Level is the worst level among the tenants. If another mistake of a tenant prevents a
	// verdict for the platform, its fields count with all their cases. If the platform only has
	// rows for fields below this one, it is their worst level.
	Level provider.Level `json:"level"`

	// Above is the field above this one whose row applies, if the platform has no row for this
	// field; Cases are listed there.
	Above string `json:"above,omitempty"`
	Cases []Case `json:"cases,omitempty"`
}

// Case is one case of a field, and the number of tenants for which it applies, or may apply.
type Case struct {
	When    string         `json:"when,omitempty"`
	Level   provider.Level `json:"level"`
	How     string         `json:"how"`
	Instead string         `json:"instead,omitempty"`
	Tenants int            `json:"tenants"`
}

// Builder collects verdicts for a table. Its tenants have to be compiled for all of the
// platforms, with notes and with accepted warnings.
type Builder struct {
	platforms []provider.Info
	tenants   int
	used      map[string]int          // tenants by field
	met       map[string]map[cell]int // tenants, by platform
	entries   map[string]map[string]string
}

// cell is a field at a level, "" if the level is not decided.
type cell struct {
	field string
	level provider.Level
}

// NewBuilder makes a builder for these platforms.
func NewBuilder(platforms []provider.Info) *Builder {
	b := &Builder{platforms: platforms, used: map[string]int{}, met: map[string]map[cell]int{}, entries: map[string]map[string]string{}}
	for _, p := range platforms {
		b.met[p.Name], b.entries[p.Name] = map[cell]int{}, map[string]string{}
	}
	return b
}

// Add adds the tenants of a unit.
func (b *Builder) Add(u compile.Unit) {
	for _, t := range u.Tenants {
		all := map[string]bool{}
		b.tenants++
		for _, p := range b.platforms {
			fields := map[string]bool{}
			for path := range t.Paths(p.Name) {
				switch i := slices.Index(path, "extensions"); {
				case path[0] == "overrides":
				case i < 0:
					fields[provider.FieldOf(path)] = true
				case len(path) == i+3 && path[i+1] == p.Name && path[i+2] == "patch": // one platform's own
					all[provider.FieldOf(path)] = true
				}
			}
			maps.Copy(all, fields)
			b.addLevels(p, fields, ofTenant(u.Diagnostics, t.ID, p.Name))
		}
		for f := range all {
			b.used[f]++
		}
	}
}

// ofTenant returns the diagnostics of one tenant on one platform.
func ofTenant(all diag.List, tenant, platform string) diag.List {
	named := func(list, name string) bool { return list == "" || slices.Contains(strings.Split(list, ","), name) }
	return slices.DeleteFunc(slices.Clone(all), func(d diag.Diagnostic) bool {
		return !named(d.Tenant, tenant) || !named(d.Provider, platform)
	})
}

// addLevels records the level of each of a tenant's fields on a platform.
func (b *Builder) addLevels(p provider.Info, fields map[string]bool, diags diag.List) {
	levels := map[string]provider.Level{} // of the fields with rows
	for f := range fields {
		levels[b.entry(p, f)] = ""
	}
	settled, refused := true, map[string]bool{} // the fields above unsupported ones
	for _, d := range diags {
		switch f := b.entry(p, provider.FieldOf(d.Path)); {
		case d.Code == diag.Unsupported:
			levels[f] = provider.Unsupported
			refused[above(f)] = true
		case d.Code == diag.Approximated && levels[f] == "":
			levels[f] = provider.Approximated
		case d.Severity == diag.Error:
			settled = false
		}
	}
	delete(levels, "")
	for f, level := range levels {
		if level == "" && settled {
			if level = assumedLevel(p, f); level == "" && refused[above(f)] {
				level = provider.Unsupported
			} else if level == "" {
				level = cmp.Or(assumedLevel(p, above(f)), provider.Exact)
			}
		}
		b.met[p.Name][cell{f, level}]++
	}
}

// entry returns the field whose row applies to another field on a platform, "" if there is
// none.
func (b *Builder) entry(p provider.Info, field string) string {
	known, ok := b.entries[p.Name][field]
	if !ok {
		if s := p.SupportOf(field); len(s) > 0 {
			known = s[0].Field
		}
		b.entries[p.Name][field] = known
	}
	return known
}

// assumedLevel returns the level of a field without diagnostics. It is "" if all its cases are
// unsupported: either no case applies, and the field above counts, or the tenant is refused for
// a sibling, as a schedule is for its kind.
func assumedLevel(p provider.Info, field string) provider.Level {
	said := p.SupportOf(field)
	for _, level := range []provider.Level{provider.Exact, provider.Approximated} {
		if slices.ContainsFunc(said, func(s provider.Support) bool { return s.Level == level }) {
			return level
		}
	}
	if len(said) == 0 {
		return provider.Exact
	}
	return ""
}

// above returns the parent of a field.
func above(field string) string { return field[:max(0, strings.LastIndexByte(field, '.'))] }

// levels are the levels of support, the best first.
var levels = []provider.Level{provider.Exact, provider.Approximated, provider.Unsupported}

// Table returns the table.
func (b *Builder) Table() Table {
	t := Table{Version: Version, Tenants: b.tenants}
	for _, p := range b.platforms {
		t.Platforms = append(t.Platforms, p.Name)
	}
	for _, field := range order(b.platforms) {
		if b.used[field] == 0 {
			continue
		}
		row := Row{Field: field, Tenants: b.used[field], Cells: map[string]Cell{}}
		for _, p := range b.platforms {
			row.Cells[p.Name] = b.cell(p, field)
		}
		t.Rows = append(t.Rows, row)
	}
	for _, p := range t.Platforms {
		for _, of := range []string{"", "workloads."} {
			field := of + "extensions." + p + ".patch"
			if b.used[field] > 0 {
				row := Row{Field: field, Tenants: b.used[field], Cells: map[string]Cell{}}
				for _, other := range t.Platforms {
					row.Cells[other] = Cell{Level: Unstated}
				}
				row.Cells[p] = Cell{Level: Native}
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t
}

// order returns all fields with a row on any platform: each at its position on the first
// platform that has it.
func order(platforms []provider.Info) []string {
	var all []string
	for _, p := range platforms {
		at := 0
		for _, s := range p.Support {
			i := slices.Index(all, s.Field)
			if i < 0 {
				i = at
				all = slices.Insert(all, i, s.Field)
			}
			at = i + 1
		}
	}
	return all
}

// cell returns what a platform makes of a field, given the tenants' levels.
func (b *Builder) cell(p provider.Info, field string) Cell {
	said := p.SupportOf(field)
	if len(said) == 0 {
		return Cell{Level: b.below(p, field)}
	}
	var c Cell
	if said[0].Field != field {
		c.Above = said[0].Field
	}
	for _, s := range said {
		if n := b.met[p.Name][cell{s.Field, s.Level}] + b.met[p.Name][cell{s.Field, ""}]; n > 0 && c.Above == "" {
			c.Cases = append(c.Cases, Case{s.When, s.Level, s.How, s.Instead, n})
		}
	}
	for _, level := range levels {
		if b.met[p.Name][cell{said[0].Field, level}] > 0 {
			c.Level = level
		}
	}
	if b.met[p.Name][cell{said[0].Field, ""}] > 0 && c.Level != provider.Unsupported {
		c.Level = openLevel(said)
	}
	return c
}

// below returns the worst level of the fields below a field that tenants use.
func (b *Builder) below(p provider.Info, field string) provider.Level {
	ranks := []provider.Level{Unstated, provider.Exact, provider.Approximated, Depends, provider.Unsupported}
	worst := 0
	for _, s := range p.Support {
		if strings.HasPrefix(s.Field, field+".") && b.used[s.Field] > 0 {
			worst = max(worst, slices.Index(ranks, b.cell(p, s.Field).Level))
		}
	}
	return ranks[worst]
}

// openLevel returns the level of a field whose case is unknown.
func openLevel(said []provider.Support) provider.Level {
	for _, s := range said {
		if s.Level != said[0].Level {
			return Depends
		}
	}
	return said[0].Level
}
