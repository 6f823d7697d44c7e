package graph

import (
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// dot writes a Graphviz graph (https://graphviz.org/doc/info/lang.html).
type dot struct {
	w     io.Writer
	begun bool
}

func newDOT(w io.Writer) Writer { return &dot{w: w} }

var dotShapes = [...]string{process: "box", endpoint: "oval", entry: "parallelogram", secret: "hexagon", volume: "cylinder"}

func (d *dot) Add(p *plan.Plan) error {
	drawn := draw(p)
	var b strings.Builder
	b.WriteString(d.opening())
	dotBox(&b, drawn.box, "  ")
	for _, e := range drawn.edges {
		style := "solid"
		if e.faint {
			style = "dashed"
		}
		fmt.Fprintf(&b, "  %s -> %s [label=%s, style=%s]\n", ident(e.from), ident(e.to), dotText(e.label), style)
	}
	_, err := io.WriteString(d.w, b.String())
	return err
}

func (d *dot) Close() error {
	_, err := io.WriteString(d.w, d.opening()+"}\n")
	return err
}

func (d *dot) opening() string {
	if d.begun {
		return ""
	}
	d.begun = true
	return "digraph {\n  rankdir=LR\n"
}

// dotBox writes a cluster: Graphviz draws a box around subgraphs of that name.
func dotBox(b *strings.Builder, of box, indent string) {
	fmt.Fprintf(b, "%ssubgraph cluster_%s {\n%s  label=%s\n", indent, ident(of.id), indent, dotText(of.title))
	for _, n := range of.nodes {
		fmt.Fprintf(b, "%s  %s [label=%s, shape=%s]\n", indent, ident(n.id), dotText(n.lines...), dotShapes[n.shape])
	}
	for _, inner := range of.boxes {
		dotBox(b, inner, indent+"  ")
	}
	fmt.Fprintf(b, "%s}\n", indent)
}

// dotEscapes escape what has a meaning in labels: backslashes, quotes, and HTML entities.
var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")

func dotText(lines ...string) string {
	var escaped []string
	for _, line := range lines {
		escaped = append(escaped, dotEscapes.Replace(visible(line)))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}
