package difference

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Limits on a comment. A job's summary on GitHub has at most 1 MiB for each step (GitHub Docs,
// "Workflow commands for GitHub Actions", checked 2026-11-29); a larger one is not shown.
const (
	markdownBytes = 900 << 10
	longLines     = 200      // of one long value
	longBytes     = 16 << 10 // of one long value
	manyTenants   = 3        // for which a shared change is shown once
	namedTenants  = 10       // the others are counted
)

// Markdown configures the format of a comment.
type Markdown struct {
	// OldLink and NewLink return the address of a position on each side; nil: no links.
	OldLink, NewLink func(Place) string
}

// WriteMarkdown writes a difference as a comment on a pull request, below 1 MiB: shared changes
// once, with the number of tenants; then a table for each tenant, the most severe first, with
// long values below the table. What does not fit is counted.
func WriteMarkdown(w io.Writer, d *Difference, o Markdown) error {
	c := &comment{Markdown: o, room: markdownBytes}
	c.write(fmt.Sprintf("**%s**\n", d.Summary))
	shared := causes(d)
	c.shared(shared)
	c.verdicts(d.NotComparable, Refused, "Newly refused")
	c.verdicts(d.NotComparable, Admitted, "Newly admitted")
	c.notComparable(slices.DeleteFunc(slices.Clone(d.NotComparable), func(n NotComparable) bool { return n.Verdict != "" }))
	c.tenants(d, shared)
	_, err := io.WriteString(w, c.b.String())
	return err
}

type comment struct {
	Markdown
	b    strings.Builder
	room int // remaining bytes
}

// write writes a text completely, or not at all if it does not fit.
func (c *comment) write(text string) bool {
	if len(text) > c.room {
		return false
	}
	c.room -= len(text)
	c.b.WriteString(text)
	return true
}

const tableHead = "| | field | before | after | effect | place |\n| --- | --- | --- | --- | --- | --- |\n"

// tenants writes the changes of each tenant that are not shared.
func (c *comment) tenants(d *Difference, shared []*cause) {
	all := slices.Clone(d.Tenants)
	slices.SortStableFunc(all, func(a, b Tenant) int {
		switch {
		case a.Effect == b.Effect:
			return 0
		case a.Effect.AtLeast(b.Effect):
			return -1
		}
		return 1
	})
	byKey := map[string]bool{}
	for _, s := range shared {
		byKey[s.key] = true
	}
	left := Summary{Worst: provider.EffectNone}
	for _, t := range all {
		own, above := t, 0
		own.Changes = nil
		for _, ch := range t.units() {
			if byKey[t.keyOf(ch)] {
				above++
			} else {
				own.Changes = append(own.Changes, ch.changes...)
			}
		}
		if len(own.Changes) == 0 && above > 0 {
			continue
		}
		if left.Tenants.Sum() > 0 || !c.write(c.tenant(own, above)) {
			left.Tenants.add(t.Kind)
			left.Worst = provider.Worse(left.Worst, t.Effect)
		}
	}
	if n := left.Tenants.Sum(); n > 0 {
		c.room = 1 << 10 // reserved for this line
		c.write(fmt.Sprintf("\n**%s more: %s; at worst %s.** The text and the JSON of `cuecompute plan --against` have them all.\n", many(n, "tenant"), left.Tenants, left.Worst))
	}
}

// tenant returns a tenant's heading and table; above is the number of its shared changes.
func (c *comment) tenant(t Tenant, above int) string {
	var b, below strings.Builder
	fmt.Fprintf(&b, "\n### %s: %s, %s\n\n", t.title(), t.Kind, t.Effect)
	b.WriteString(tableHead)
	for _, ch := range t.Changes {
		fmt.Fprintf(&b, "%s |\n", c.row(ch, ch.Path.String(), c.where(ch.OldPlace, ch.NewPlace), &below))
	}
	b.WriteString(below.String())
	if above > 0 {
		fmt.Fprintf(&b, "\nand %s above\n", many(above, "change"))
	}
	return b.String()
}

// row returns the beginning of a table row; long values go below the table.
func (c *comment) row(ch Change, field, where string, below *strings.Builder) string {
	before, after, long := ch.values()
	if len(long) > 0 {
		writeLong(below, field, long)
		before, after = "", "below"
	} else {
		before, after = cell(before), cell(after)
	}
	if ch.Advice != "" {
		fmt.Fprintf(below, "\n%s: %s\n", cell(field), sentence(ch.Advice))
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s", signs[ch.Kind], cell(field), before, after, ch.Effect, where)
}

// writeLong writes a value of many lines, or its difference.
func writeLong(b *strings.Builder, field string, lines []string) {
	text, n := "", 0
	for _, l := range lines {
		if n == longLines || len(text)+len(l) > longBytes {
			break
		}
		text += l + "\n"
		n++
	}
	fence := strings.Repeat("`", max(3, backticks(text)+1))
	fmt.Fprintf(b, "\n%s\n\n%sdiff\n%s%s\n", cell(field), fence, text, fence)
	if rest := len(lines) - n; rest > 0 {
		fmt.Fprintf(b, "\n%s more\n", many(rest, "line"))
	}
}

// where returns the positions of a change for a table cell, as links if possible.
func (c *comment) where(old, now *Place) string {
	if c.OldLink == nil && c.NewLink == nil {
		return cell(where(old, now))
	}
	var at []string
	for _, p := range []struct {
		place *Place
		link  func(Place) string
	}{{old, c.OldLink}, {now, c.NewLink}} {
		if p.place == nil {
			continue
		}
		text := cell(p.place.String())
		if p.link != nil {
			if to := p.link(*p.place); to != "" {
				text = fmt.Sprintf("[%s](%s)", text, to)
			}
		}
		at = append(at, text)
	}
	return strings.Join(slices.Compact(at), " → ")
}

// verdicts lists the tenants that policies newly refuse or admit, by the constraint: the one of
// the most tenants first.
func (c *comment) verdicts(list []NotComparable, verdict Verdict, heading string) {
	type group struct {
		cause   *Cause
		tenants []string
	}
	var groups []*group
	index := map[Place]*group{}
	for _, n := range list {
		if n.Verdict != verdict {
			continue
		}
		cause := n.cause()
		at := Place{}
		if cause.Policy != nil {
			at = *cause.Policy
		}
		g := index[at]
		if g == nil {
			g = &group{cause: cause}
			index[at] = g
			groups = append(groups, g)
		}
		g.tenants = append(g.tenants, n.title())
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return len(b.tenants) - len(a.tenants) })
	if len(groups) == 0 || !c.write("\n### "+heading+"\n\n") {
		return
	}
	left := 0
	for _, g := range groups {
		by := ""
		switch {
		case g.cause.Policy != nil && verdict == Admitted:
			by = " by " + c.where(g.cause.Policy, nil)
		case g.cause.Policy != nil:
			by = " by " + c.where(nil, g.cause.Policy)
		}
		line := fmt.Sprintf("- %s%s, such as: %s\n", names(g.tenants), by, sentence(g.cause.Message))
		if left > 0 || c.room < markdownBytes/2 || !c.write(line) {
			left += len(g.tenants)
		}
	}
	if left > 0 {
		c.write(fmt.Sprintf("- and %d more\n", left))
	}
}

// notComparable lists the tenants with errors, grouped by error.
func (c *comment) notComparable(list []NotComparable) {
	type group struct {
		why     string
		place   *Place
		old     bool
		tenants []string
	}
	var groups []*group
	index := map[string]*group{}
	for _, n := range list {
		cause := n.cause()
		why := fmt.Sprintf("%s: %s `%s`", n.why(), sentence(cause.Message), cause.Code)
		g := index[why]
		if g == nil {
			g = &group{why: why, place: cause.Place, old: n.Old != nil}
			index[why] = g
			groups = append(groups, g)
		}
		g.tenants = append(g.tenants, n.title())
	}
	if len(groups) == 0 || !c.write("\n### Not comparable\n\n") {
		return
	}
	left := 0
	for _, g := range groups {
		at := ""
		switch {
		case g.place != nil && g.old:
			at = ", " + c.where(g.place, nil)
		case g.place != nil:
			at = ", " + c.where(nil, g.place)
		}
		if left > 0 || c.room < markdownBytes/2 || !c.write(fmt.Sprintf("- %s: %s%s\n", names(g.tenants), g.why, at)) {
			left += len(g.tenants)
		}
	}
	if left > 0 {
		c.write(fmt.Sprintf("- and %d more\n", left))
	}
}

// names returns the first names of a list, and the number of the others.
func names(all []string) string {
	shown := all[:min(len(all), namedTenants)]
	text := make([]string, len(shown))
	for i, n := range shown {
		text[i] = cell(n)
	}
	joined := strings.Join(text, ", ")
	if rest := len(all) - len(shown); rest > 0 {
		joined += fmt.Sprintf(" and %d more", rest)
	}
	return joined
}

// cell returns a text as code for a table cell, where pipes need an escape.
func cell(text string) string {
	if text == "" {
		return ""
	}
	text = visible(text)
	fence := strings.Repeat("`", backticks(text)+1)
	pad := ""
	if len(fence) > 1 {
		pad = " "
	}
	return fence + pad + strings.ReplaceAll(text, "|", `\|`) + pad + fence
}

// sentence escapes a text for Markdown and HTML.
func sentence(text string) string { return plainText.Replace(visible(text)) }

var plainText = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`, "#", `\#`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "\n", " ",
)

// backticks returns the length of the longest run of backticks.
func backticks(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
