package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

const (
	// maxSeparate is the most diagnostics of one fault that are shown separately. If there are
	// more, only the first is shown, with the next positions and the number of all.
	maxSeparate = 5

	// shownPlaces is the number of other positions, and of tenants, that are named then.
	shownPlaces = 3

	// maxGroups limits the faults that are collected for grouping. Beyond it they are written,
	// and grouping begins again.
	maxGroups = 10_000
)

// grouped forwards to another writer, and reports the same fault in many tenants once, so that
// a template with a mistake does not fill the screen. It writes when the report is closed.
type grouped struct {
	to     Writer
	groups map[fault]*group
	seen   int // number of diagnostics so far
}

func newGrouped(to Writer) Writer { return &grouped{to: to, groups: map[fault]*group{}} }

// fault is what the diagnostics of one group have in common.
type fault struct {
	severity                      diag.Severity
	code                          diag.Code
	message, help, path, provider string

	alone int // a unique number for a diagnostic without a tenant
}

func faultOf(d diag.Diagnostic) fault {
	return fault{severity: d.Severity, code: d.Code, message: d.Message, help: d.Help, path: d.Path.String(), provider: d.Provider}
}

// groupOf returns the Group of a tenant's diagnostic in a report that lists each.
func groupOf(d diag.Diagnostic) string {
	if d.Tenant == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", faultOf(d)))
	return hex.EncodeToString(sum[:6])
}

// group is one fault, with its first diagnostics.
type group struct {
	first   []numbered
	count   int
	tenants []string // the first few
	more    int      // number of other tenants
	places  map[diag.Range]bool
}

// numbered is a diagnostic with its index in the report.
type numbered struct {
	diag.Diagnostic
	n int
}

func (g *grouped) Add(u Unit) error {
	for _, d := range u.Diagnostics {
		g.seen++
		key := faultOf(d)
		if d.Tenant == "" {
			key.alone = g.seen
		}
		of := g.groups[key]
		if of == nil {
			of = &group{places: map[diag.Range]bool{}}
			g.groups[key] = of
		}
		of.add(numbered{d, g.seen})
	}
	if len(g.groups) > maxGroups {
		return g.Flush()
	}
	return nil
}

func (of *group) add(d numbered) {
	of.count++
	if len(of.first) < maxSeparate && !of.places[d.Range] {
		of.places[d.Range] = true
		of.first = append(of.first, d)
	} else if !of.places[d.Range] && len(of.places) <= maxSeparate {
		of.places[d.Range] = true
	}
	for name := range strings.SplitSeq(d.Tenant, ",") {
		switch {
		case name == "" || slices.Contains(of.tenants, name):
		case len(of.tenants) < shownPlaces:
			of.tenants = append(of.tenants, name)
		default:
			of.more++
		}
	}
}

// Flush writes the collected groups.
func (g *grouped) Flush() error {
	var all []numbered
	for _, of := range g.groups {
		all = append(all, of.shown()...)
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.n, b.n) })
	g.groups = map[fault]*group{}
	if len(all) == 0 {
		return nil
	}
	var u Unit
	for _, d := range all {
		u.Diagnostics = append(u.Diagnostics, d.Diagnostic)
	}
	return g.to.Add(u)
}

// shown returns the diagnostics that represent the group.
func (of *group) shown() []numbered {
	if len(of.places) <= maxSeparate && (len(of.places) > 1 || of.count == 1) {
		return of.first
	}
	d := of.first[0] // all at one position, such as a template's; or at too many
	d.Tenant = of.names()
	if len(of.places) > 1 {
		d.Related = slices.Clone(d.Related)
		for _, other := range of.first[1 : 1+shownPlaces] {
			d.Related = append(d.Related, diag.Related{Range: other.Range, Message: "also"})
		}
	}
	return []numbered{d}
}

// names returns the first tenants, and the number of the others.
func (of *group) names() string {
	names := strings.Join(of.tenants, ",")
	if of.more > 0 {
		return fmt.Sprintf("%s and %d more", names, of.more)
	}
	return names
}

func (g *grouped) Close(s Summary) error {
	if err := g.Flush(); err != nil {
		return err
	}
	return g.to.Close(s)
}
