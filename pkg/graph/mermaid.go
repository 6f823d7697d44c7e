package graph

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// mermaid writes a Mermaid flowchart, which GitHub and GitLab draw in a code block
// (https://mermaid.js.org/syntax/flowchart.html).
type mermaid struct {
	w     io.Writer
	begun bool
}

func newMermaid(w io.Writer) Writer { return &mermaid{w: w} }

// mermaidShapes are the brackets around a node's label, by shape.
var mermaidShapes = [...][2]string{
	process:  {"[", "]"},
	endpoint: {"([", "])"},
	entry:    {"[/", "/]"},
	secret:   {"{{", "}}"},
	volume:   {"[(", ")]"},
}

func (m *mermaid) Add(p *plan.Plan) error {
	d := draw(p)
	var b strings.Builder
	b.WriteString(m.opening())
	mermaidBox(&b, d.box, "  ")
	for _, e := range d.edges {
		arrow := "-->"
		switch {
		case e.faint:
			arrow = "-. " + mermaidText(e.label) + " .->"
		case e.label != "":
			arrow = "-- " + mermaidText(e.label) + " -->"
		}
		fmt.Fprintf(&b, "  %s %s %s\n", ident(e.from), arrow, ident(e.to))
	}
	_, err := io.WriteString(m.w, b.String())
	return err
}

func (m *mermaid) Close() error {
	_, err := io.WriteString(m.w, m.opening())
	return err
}

func (m *mermaid) opening() string {
	if m.begun {
		return ""
	}
	m.begun = true
	return "flowchart LR\n"
}

func mermaidBox(b *strings.Builder, of box, indent string) {
	fmt.Fprintf(b, "%ssubgraph %s[%s]\n", indent, ident(of.id), mermaidText(of.title))
	for _, n := range of.nodes {
		around := mermaidShapes[n.shape]
		fmt.Fprintf(b, "%s  %s%s%s%s\n", indent, ident(n.id), around[0], mermaidText(n.lines...), around[1])
	}
	for _, inner := range of.boxes {
		mermaidBox(b, inner, indent+"  ")
	}
	fmt.Fprintf(b, "%send\n", indent)
}

// mermaidText writes lines as a quoted text without markup: characters with a meaning in
// Mermaid, Markdown or HTML are written by number.
func mermaidText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br>")
		}
		line = visible(line)
		for at, r := range line {
			list := strings.HasPrefix(line[at:], ". ") || strings.HasPrefix(line[at:], "- ")
			if !list && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" -./:,()=@", r)) {
				b.WriteRune(r)
			} else {
				fmt.Fprintf(&b, "#%d;", r)
			}
		}
	}
	if b.Len() == 1 {
		b.WriteByte(' ') // Mermaid does not accept an empty text
	}
	b.WriteByte('"')
	return b.String()
}

// visible replaces invisible characters with their codes.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}
