package portability

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// WriteText writes the table for people: the levels first, then what is not exact, with the
// alternatives.
func (t Table) WriteText(w io.Writer) error {
	var b strings.Builder
	rows := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(rows, "%s\t%s\n", t.title(), strings.Join(t.Platforms, "\t"))
	for _, r := range t.Rows {
		fmt.Fprint(rows, r.Field)
		for _, p := range t.Platforms {
			fmt.Fprintf(rows, "\t%s", r.Cells[p].Level)
		}
		fmt.Fprintln(rows)
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	for _, n := range t.notes() {
		fmt.Fprintf(&b, "\n%s, %s: %s%s\n", n.field, n.platform, n.Level, n.when())
		fmt.Fprintf(&b, "  %s\n", n.How)
		if n.Instead != "" {
			fmt.Fprintf(&b, "  instead: %s\n", n.Instead)
		}
	}
	_, err := io.WriteString(w, trimmed(b.String()))
	return err
}

// trimmed removes trailing spaces.
func trimmed(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// WriteMarkdown writes the table for a pull request.
func (t Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n", t.title(), strings.Join(t.Platforms, " | "))
	fmt.Fprintf(&b, "| --- |%s\n", strings.Repeat(" --- |", len(t.Platforms)))
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "| `%s` |", r.Field)
		for _, p := range t.Platforms {
			level := string(r.Cells[p].Level)
			if r.Cells[p].Level != provider.Exact {
				level = "**" + level + "**"
			}
			fmt.Fprintf(&b, " %s |", level)
		}
		b.WriteByte('\n')
	}
	for i, n := range t.notes() {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "- `%s` on %s is %s%s: %s", n.field, n.platform, n.Level, n.when(), n.How)
		if n.Instead != "" {
			fmt.Fprintf(&b, ". Instead: %s", n.Instead)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Table) title() string {
	if t.Tenants == 1 {
		return "1 tenant"
	}
	return fmt.Sprintf("%d tenants", t.Tenants)
}

// note is a case that is not exact, with its field and platform.
type note struct {
	Case
	field, platform string
}

// when returns the case's condition, in brackets.
func (n note) when() string {
	if n.When == "" {
		return ""
	}
	return " (" + n.When + ")"
}

// notes returns the cases that are not exact, each once: the worst first, in the order of the
// table.
func (t Table) notes() []note {
	var all []note
	for _, r := range t.Rows {
		for _, p := range t.Platforms {
			if r.Cells[p].Level == provider.Exact {
				continue
			}
			for _, c := range r.Cells[p].Cases {
				if c.Level != provider.Exact {
					all = append(all, note{c, r.Field, p})
				}
			}
		}
	}
	worst := func(n note) int { return -slices.Index(levels, n.Level) }
	slices.SortStableFunc(all, func(a, b note) int { return worst(a) - worst(b) })
	return all
}
