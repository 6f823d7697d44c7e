package fleet

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Report is the verdict's JSON form. Fields may be added to it within a version; none is taken
// away or changes its meaning.
type Report struct {
	Version     int              `json:"version"`
	Diagnostics diag.List        `json:"diagnostics"`
	Shares      *Shares          `json:"shares"`
	Bounds      map[string]int64 `json:"bounds"` // the most that the policies admit, by path
	Summary     Summary          `json:"summary"`
}

// Summary counts a verdict.
type Summary struct {
	Tenants  int `json:"tenants"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// Report returns the verdict's JSON form.
func (v *Verdict) Report() Report {
	r := Report{
		Version: 1, Diagnostics: v.Diagnostics, Shares: v.Shares, Bounds: v.Bounds,
		Summary: Summary{v.Tenants, v.Diagnostics.Count(diag.Error), v.Diagnostics.Count(diag.Warning)},
	}
	if r.Diagnostics == nil {
		r.Diagnostics = diag.List{}
	}
	if r.Bounds == nil {
		r.Bounds = map[string]int64{}
	}
	return r
}

// group is the shares of one thing that tenants are summed up by.
type group struct {
	title string
	path  diag.Path
	rows  []row
}

type row struct {
	name string
	*Share
}

// groups are what shares are summed up by, each with the biggest first: by memory, then by
// processor, copies and name.
func (v *Verdict) groups() []group {
	if v.Shares == nil {
		return nil
	}
	all := []group{{"all tenants", nil, []row{{"", &v.Shares.Total}}}}
	add := func(title string, path diag.Path, of map[string]*Share) {
		if of == nil {
			return
		}
		g := group{title: title, path: path}
		for _, name := range slices.Sorted(maps.Keys(of)) {
			g.rows = append(g.rows, row{name, of[name]})
		}
		slices.SortStableFunc(g.rows, func(a, b row) int {
			return cmp.Or(
				cmp.Compare(b.MemoryMiB, a.MemoryMiB), cmp.Compare(b.CPUMillis, a.CPUMillis),
				cmp.Compare(b.Copies, a.Copies), cmp.Compare(b.Tenants, a.Tenants),
			)
		})
		all = append(all, g)
	}
	for _, label := range slices.Sorted(maps.Keys(v.Shares.By)) {
		add(label, diag.At("by", label), v.Shares.By[label])
	}
	for _, dimension := range Dimensions() {
		add(words[dimension], diag.At(dimension), v.Shares.Of(dimension))
	}
	return all
}

// left is what a row has left of its bounds.
type left struct {
	measure    string
	used, most int64
}

func (v *Verdict) left(g group, r row) []left {
	path := diag.At("total")
	if g.path != nil {
		path = g.path.To(r.name)
	}
	var all []left
	for _, m := range boundMeasures() {
		at, _ := diag.ParsePath(m) // Measures are paths
		if most, ok := v.Bounds[append(path.To(), at...).String()]; ok {
			all = append(all, left{m, r.Amount(m), most})
		}
	}
	return all
}

func (l left) String() string {
	if l.used > l.most {
		return fmt.Sprintf("%s %d over %d", l.measure, l.used-l.most, l.most)
	}
	return fmt.Sprintf("%s %d of %d", l.measure, l.most-l.used, l.most)
}

// WriteTable writes the shares for people: by group, biggest first, with what is left of each
// bound. Where autoscale may add copies, an amount is followed by the most that it may be.
func (v *Verdict) WriteTable(w io.Writer) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for i, g := range v.groups() {
		if i > 0 {
			fmt.Fprintln(t)
		}
		columns := []string{strings.ToUpper(g.title), "TENANTS", "WORKLOADS", "COPIES", "CPU", "MEMORY", "STORAGE", "GPU", "HOSTS", "SHARE", "LEFT"}
		fmt.Fprintln(t, strings.Join(columns, "\t"))
		for _, r := range g.rows {
			name := cmp.Or(r.name, "(none)")
			if g.path == nil {
				name = ""
			}
			var rest []string
			for _, l := range v.left(g, r) {
				rest = append(rest, l.String())
			}
			fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%d\t%d\t%d%%\t%s\n", plainText(name), r.Tenants, r.Workloads,
				upTo(r.Copies, r.Most.Copies, fmt.Sprint), upTo(r.CPUMillis, r.Most.CPUMillis, processors),
				upTo(r.MemoryMiB, r.Most.MemoryMiB, mebi), upTo(r.StorageMiB, r.Most.StorageMiB, mebi),
				r.GPU, r.Hosts, r.Percent.MemoryMiB, strings.Join(rest, ", "))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// upTo writes an amount, and the most that autoscale may make it.
func upTo(n, most int64, write func(...any) string) string {
	if n == most {
		return write(n)
	}
	return write(n) + "…" + write(most)
}

// processors writes thousandths of a processor.
func processors(v ...any) string {
	n, _ := v[0].(int64)
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%03d", n/1000, n%1000), "0"), ".")
}

// mebi writes an amount of 2^20 bytes for people: from 10Gi on in Gi, with two places.
func mebi(v ...any) string {
	n, _ := v[0].(int64)
	switch {
	case n == 0:
		return "0"
	case n%1024 == 0:
		return fmt.Sprintf("%dGi", n>>10)
	case n >= 10<<10:
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", float64(n)/1024), "0"), ".") + "Gi"
	}
	return fmt.Sprintf("%dMi", n)
}

// plainText writes what a terminal would obey as an escape.
func plainText(s string) string {
	q := fmt.Sprintf("%+q", s)
	if q[1:len(q)-1] == s {
		return s
	}
	return q
}
