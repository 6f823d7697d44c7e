package difference

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var signs = map[plan.ChangeKind]string{plan.Added: "+", plan.Removed: "-", plan.Changed: "~"}

// WriteText writes a difference for people: a tree of tenants, workloads and values, with the
// effect of each change at the end of its line, and a summary.
func WriteText(w io.Writer, d *Difference) error {
	var b strings.Builder
	for _, t := range d.Tenants {
		writeLine(&b, 0, t.Kind, "tenant "+t.title(), t.Old, t.New, t.Effect)
		for rest := t.Changes; len(rest) > 0; {
			rest = rest[writeGroup(&b, rest):]
		}
		b.WriteByte('\n')
	}
	for _, n := range d.NotComparable {
		if n.Verdict != "" {
			fmt.Fprintf(&b, "! %s: %s\n    %s\n", n.title(), n.why(), n.cause().text())
			continue
		}
		fmt.Fprintf(&b, "? %s: not comparable, %s\n", n.title(), n.why())
		switch {
		case n.Old != nil && n.New != nil:
			fmt.Fprintf(&b, "    before: %s\n    after: %s\n", n.Old.text(), n.New.text())
		default:
			fmt.Fprintf(&b, "    %s\n", n.cause().text())
		}
	}
	if len(d.NotComparable) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(d.Summary.String() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// title returns a tenant's name, and its move or rename.
func (t *Tenant) title() string {
	title := t.ID + " on " + t.Provider
	switch {
	case t.RenamedFrom != "":
		title += ", renamed from " + t.RenamedFrom
	case t.MovesTo != "":
		title += ", moves to " + t.MovesTo
	case t.MovesFrom != "":
		title += ", moves from " + t.MovesFrom
	}
	return title
}

// writeGroup writes the first changes of a list that belong to one workload, or else only the
// first, and returns their number.
func writeGroup(b *strings.Builder, list []Change) int {
	workload := list[0].workload()
	if workload == "" {
		writeChange(b, 1, list[0], list[0].Path.String())
		return 1
	}
	if len(list[0].Path) == 2 {
		writeChange(b, 1, list[0], "workload "+workload)
		return 1
	}
	n, worst := 0, provider.EffectNone
	for n < len(list) && list[n].workload() == workload {
		worst = provider.Worse(worst, list[n].Effect)
		n++
	}
	writeLine(b, 1, plan.Changed, "workload "+workload, nil, nil, worst)
	for _, c := range list[:n] {
		writeChange(b, 2, c, c.Path[2:].String())
	}
	return n
}

// workload returns the workload of a change, or "".
func (c *Change) workload() string {
	if len(c.Path) > 1 && c.Path[0] == "workloads" {
		return c.Path[1]
	}
	return ""
}

func writeChange(b *strings.Builder, depth int, c Change, name string) {
	before, after, below := c.values()
	switch {
	case before != "" && after != "":
		name += ": " + before + " → " + after
	case before+after != "":
		name += ": " + before + after
	}
	writeLine(b, depth, c.Kind, name, c.OldPlace, c.NewPlace, c.Effect)
	for _, l := range below {
		b.WriteString(strings.TrimRight(strings.Repeat("    ", depth+1)+l, " ") + "\n")
	}
	if c.Advice != "" {
		fmt.Fprintf(b, "%sadvice: %s\n", strings.Repeat("    ", depth+1), visible(c.Advice))
	}
}

func writeLine(b *strings.Builder, depth int, kind plan.ChangeKind, text string, old, now *Place, e provider.Effect) {
	fmt.Fprintf(b, "%s%s %s", strings.Repeat("    ", depth), signs[kind], text)
	if at := where(old, now); at != "" {
		fmt.Fprintf(b, "  (%s)", visible(at))
	}
	fmt.Fprintf(b, "  # %s\n", e)
}

// where formats the positions of a change.
func where(old, now *Place) string {
	var at []string
	for _, p := range []*Place{old, now} {
		if p != nil && !slices.Contains(at, p.String()) {
			at = append(at, p.String())
		}
	}
	return strings.Join(at, " → ")
}

// String formats a position as file:line.
func (p *Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// values returns a change's values on one line each or, if they are too long, lines that begin
// with their sign.
func (c *Change) values() (before, after string, below []string) {
	if c.Old == nil && c.New == nil {
		return "", "", nil // a workload of an added or removed tenant
	}
	if c.Diff != "" {
		return "", "", strings.Split(visible(strings.TrimSuffix(c.Diff, "\n")), "\n")
	}
	if c.Kind != plan.Added {
		before = inline(c.Old)
	}
	if c.Kind != plan.Removed {
		after = inline(c.New)
	}
	if len(before) <= short && len(after) <= short {
		return before, after, nil
	}
	if c.Kind == plan.Changed && reflect.DeepEqual(c.Old, c.New) {
		return "", "", []string{"  what differs is masked"}
	}
	if before != "" {
		below = append(below, block("-", c.Old)...)
	}
	if after != "" {
		below = append(below, block("+", c.New)...)
	}
	return "", "", below
}

// visible escapes terminal control characters, as Go quotes them.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// block returns a value as YAML, each line with a sign.
func block(sign string, v any) []string {
	var text strings.Builder
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		return []string{sign + " " + inline(v)}
	}
	var all []string
	for l := range strings.Lines(visible(text.String())) {
		all = append(all, sign+" "+strings.TrimSuffix(l, "\n"))
	}
	return all
}

// String returns the summary as one sentence.
func (s Summary) String() string {
	var parts []string
	switch {
	case s.Tenants.Sum() > 0:
		text := fmt.Sprintf("%s: %s", many(s.Tenants.Sum(), "tenant"), s.Tenants)
		if s.Unchanged > 0 {
			text += fmt.Sprintf(" (and %d unchanged)", s.Unchanged)
		}
		parts = append(parts, text, fmt.Sprintf("%s: %s", many(s.Changes.Sum(), "change"), s.Changes), fmt.Sprintf("at worst %s", s.Worst))
	case s.Unchanged > 0 || s.NotComparable+s.Refused+s.Admitted == 0:
		parts = append(parts, fmt.Sprintf("no differences in %s", many(s.Unchanged, "tenant")))
	}
	if s.Refused > 0 {
		parts = append(parts, fmt.Sprintf("%d newly refused", s.Refused))
	}
	if s.Admitted > 0 {
		parts = append(parts, fmt.Sprintf("%d newly admitted", s.Admitted))
	}
	if s.NotComparable > 0 {
		parts = append(parts, fmt.Sprintf("%d not comparable", s.NotComparable))
	}
	if s.Sparse > 0 {
		parts = append(parts, fmt.Sprintf("%s of the sparse checkout not compared", many(s.Sparse, "absent file")))
	}
	return strings.Join(parts, "; ")
}

// String returns the counts that are not 0: 1 added, 2 removed.
func (c Count) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		kind plan.ChangeKind
	}{{c.Added, plan.Added}, {c.Changed, plan.Changed}, {c.Removed, plan.Removed}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.kind))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
