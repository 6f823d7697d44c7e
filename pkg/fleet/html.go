package fleet

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// shownRows is how many groups of one kind the page shows; the rest is counted.
const shownRows = 200

// pageRow is a group on the page.
type pageRow struct {
	Name             string
	Tenants, Copies  string
	CPU, Memory      string
	Percent          int64
	Bounds           []pageBound
	Workloads, Hosts int64
	GPU              int64
	Storage          string
}

// pageBound is a bound as a bar: how much of it is used.
type pageBound struct {
	Text string
	Used int64 // percent, 100 at most
	Over bool
}

type pageGroup struct {
	Title string
	Rows  []pageRow
	More  int
}

type pageProblem struct {
	Severity, Code, Message, Place, Help string
	Related                              []string
}

// WriteHTML writes a page of the shares, as bars, and of the problems: one file that asks for
// no other.
func (v *Verdict) WriteHTML(w io.Writer) error {
	r := v.Report()
	data := struct {
		Summary  Summary
		Groups   []pageGroup
		Problems []pageProblem
	}{Summary: r.Summary}
	for _, g := range v.groups() {
		p := pageGroup{Title: g.title}
		if len(g.rows) > shownRows {
			p.More = len(g.rows) - shownRows
			g.rows = g.rows[:shownRows]
		}
		for _, row := range g.rows {
			one := pageRow{
				Name: row.name, Tenants: fmt.Sprint(row.Tenants), Workloads: row.Workloads, Hosts: row.Hosts, GPU: row.GPU,
				Copies: upTo(row.Copies, row.Most.Copies, fmt.Sprint), CPU: upTo(row.CPUMillis, row.Most.CPUMillis, processors),
				Memory: upTo(row.MemoryMiB, row.Most.MemoryMiB, mebi), Storage: upTo(row.StorageMiB, row.Most.StorageMiB, mebi),
				Percent: row.Percent.MemoryMiB,
			}
			if row.name == "" {
				one.Name = "(none)"
				if g.path == nil {
					one.Name = "all"
				}
			}
			for _, l := range v.left(g, row) {
				b := pageBound{Text: l.String(), Over: l.used > l.most, Used: 100}
				if !b.Over {
					b.Text += " left"
				}
				if l.used < l.most {
					b.Used = l.used * 100 / l.most
				}
				one.Bounds = append(one.Bounds, b)
			}
			p.Rows = append(p.Rows, one)
		}
		data.Groups = append(data.Groups, p)
	}
	for _, d := range r.Diagnostics {
		p := pageProblem{Severity: string(d.Severity), Code: string(d.Code), Message: d.Message, Help: d.Help, Place: placeText(Place(d.Range))}
		if d.Tenant != "" {
			p.Message = "tenant " + d.Tenant + ": " + p.Message
		}
		for _, other := range d.Related {
			p.Related = append(p.Related, other.Message+": "+placeText(Place(other.Range)))
		}
		data.Problems = append(data.Problems, p)
	}
	return page.Execute(w, data)
}

func placeText(p Place) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}
