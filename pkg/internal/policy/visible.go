package policy

import (
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// part is a policy's field tenant or plan.
type part struct {
	there   bool
	term    *term // nil: CUE's evaluator applies it
	refused error // the construct that is not compiled

	// used are the names that expressions refer to, written the names of fields. CUE's
	// evaluator sees a default of the schema only if it is used, because the policy's default
	// takes precedence.
	used, written map[string]bool

	// names are the fields that the term mentions; counts means that it constrains others too.
	names  map[string]bool
	counts bool
}

// namesIn collects the names in a file.
func (p *part) namesIn(x ast.Node) {
	p.used, p.written = map[string]bool{}, map[string]bool{}
	names(x, p.used, p.written)
}

// names collects the names that expressions refer to, and the names of fields.
func names(x ast.Node, used, written map[string]bool) {
	ast.Walk(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			label, _ := plainLabel(n.Label)
			if name, _, err := ast.LabelName(label); err == nil {
				written[name] = true
			} else {
				names(label, used, written)
			}
			names(n.Value, used, written)
			return false
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "matchN" || f.Name == "matchIf") {
				for _, a := range n.Args {
					names(a, used, used) // the result depends on the fields that it names
				}
			}
		case *ast.Ident:
			used[n.Name] = true
		case *ast.IndexExpr:
			if lit, ok := n.Index.(*ast.BasicLit); ok {
				used[strings.Trim(lit.Value, `"`)] = true
			}
		}
		return true
	}, nil)
}

// depends reports whether an expression may refer to a field.
func (p *part) depends() bool {
	for name := range p.used {
		if p.written[name] {
			return true
		}
	}
	return false
}

// visible returns the author's tree with the values of the view that expressions may refer to,
// or nil if there are none. masked are the paths of those for which the policy may have a value
// too, by their field names.
func (p *part) visible(author, view *data.Node) (seen *data.Node, masked map[string][]diag.Path) {
	var supplied []supply
	p.collect(author, view, nil, false, &supplied)
	if len(supplied) == 0 {
		return nil, nil
	}
	seen, err := apply(author, supplied)
	if err != nil {
		return nil, nil
	}
	masked = map[string][]diag.Path{}
	for _, s := range supplied {
		if name := s.path[len(s.path)-1]; p.written[name] {
			masked[name] = append(masked[name], s.path)
		}
	}
	return seen, masked
}

func (p *part) collect(author, view *data.Node, at diag.Path, used bool, into *[]supply) {
	for i := range view.Fields {
		f := &view.Fields[i]
		used := used || p.used[f.Name]
		var own *data.Node
		if author != nil {
			own = author.Get(f.Name)
		}
		switch {
		case f.Value.Kind == data.Struct && (own == nil || own.Kind == data.Struct):
			p.collect(own, f.Value, at.To(f.Name), used, into)
		case own == nil && (used || !p.written[f.Name]):
			*into = append(*into, supply{path: at.To(f.Name), value: f.Value})
		}
	}
}

// othersValues returns the author's tree with the values of the view that come from elsewhere
// than the policy at path, nil if they cannot be set.
func othersValues(author, view *data.Node, path string) *data.Node {
	var supplied []supply
	all := &part{}
	all.collect(author, view, nil, false, &supplied)
	supplied = slices.DeleteFunc(supplied, func(s supply) bool { return s.value.At.File() == path })
	n, err := apply(author, supplied)
	if err != nil {
		return nil
	}
	return n
}

func show(n *data.Node) string { return shape.Show(n) }
