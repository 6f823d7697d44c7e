package difference

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes a difference as a comment on a pull request: a table a tenant, and
// below it what is too long for a table.
func WriteMarkdown(w io.Writer, d *Difference) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", d.Summary)
	for _, t := range d.Tenants {
		t.writeMarkdown(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Tenant) writeMarkdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s: %s, %s\n\n", t.title(), t.Kind, t.Effect)
	b.WriteString("| | field | before | after | effect | place |\n| --- | --- | --- | --- | --- | --- |\n")
	type long struct {
		path  string
		lines []string
	}
	var all []long
	for _, c := range t.Changes {
		before, after, below := c.values()
		if len(below) > 0 {
			all = append(all, long{c.Path.String(), below})
			before, after = "", "below"
		} else {
			before, after = cell(before), cell(after)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n",
			signs[c.Kind], cell(c.Path.String()), before, after, c.Effect, cell(where(c.OldPlace, c.NewPlace)))
	}
	for _, l := range all {
		text := strings.Join(l.lines, "\n")
		fence := strings.Repeat("`", max(3, backticks(text)+1))
		fmt.Fprintf(b, "\n%s\n\n%sdiff\n%s\n%s\n", cell(l.path), fence, text, fence)
	}
}

// cell is a text as code in a table's cell, where even code has no bare pipes.
func cell(text string) string {
	if text == "" {
		return ""
	}
	fence := strings.Repeat("`", backticks(text)+1)
	pad := ""
	if len(fence) > 1 {
		pad = " "
	}
	return fence + pad + strings.ReplaceAll(text, "|", `\|`) + pad + fence
}

// backticks is the length of the longest run of them.
func backticks(text string) int {
	most, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}
