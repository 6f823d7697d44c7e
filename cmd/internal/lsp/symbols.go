package lsp

import (
	"context"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
)

type symbol struct {
	Name      string   `json:"name"`
	Detail    string   `json:"detail,omitempty"`
	Kind      int      `json:"kind"`
	Range     span     `json:"range"`
	Selection span     `json:"selectionRange"`
	Children  []symbol `json:"children,omitempty"`
}

// symbolKinds are the protocol's numbers of kinds.
var symbolKinds = map[outline.Kind]int{outline.None: 13, outline.Scalar: 15, outline.Struct: 19, outline.List: 18}

// maxSymbols is how many symbols a document has at most: of a generated file nobody reads more.
const maxSymbols = 20_000

// onSymbols returns the fields of a document.
func (s *server) onSymbols(_ context.Context, p documentParams) (any, error) {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	f := fileOf(d)
	left := maxSymbols
	var of func(n *outline.Node) []symbol
	of = func(n *outline.Node) []symbol {
		var all []symbol
		for _, c := range n.Children {
			if left--; left < 0 {
				break
			}
			x := symbol{
				Name: c.Name, Kind: symbolKinds[c.Kind], Selection: f.span(c.Key.Start, c.Key.End),
				Range: f.span(c.Key.Start, max(c.Key.End, c.Value.End)), Children: of(c),
			}
			if x.Name == "" {
				x.Name = `""` // no name is not allowed
			}
			if c.Kind == outline.Scalar {
				x.Detail = firstLine(c.Text)
			}
			all = append(all, x)
		}
		return all
	}
	all := []symbol{}
	for _, doc := range f.Documents {
		all = append(all, of(doc)...)
	}
	return all, nil
}

// firstLine shortens a text to what is shown in a line.
func firstLine(text string) string {
	const longest = 80
	for i, r := range text {
		if r == '\n' || i >= longest {
			return text[:i] + "…"
		}
	}
	return text
}

type fold struct {
	StartLine int `json:"startLine"`
	EndLine   int `json:"endLine"`
}

// onFolds returns what can be folded: fields of several lines.
func (s *server) onFolds(_ context.Context, p documentParams) (any, error) {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	f := fileOf(d)
	folds := []fold{}
	last := -1
	var walk func(n *outline.Node)
	walk = func(n *outline.Node) {
		for _, c := range n.Children {
			start, end := f.at(c.Key.Start).Line, f.at(max(c.Key.End, c.Value.End)).Line
			if c.Flow && end > start && f.Lang != "yaml" {
				end-- // the bracket stays
			}
			if end > start && start != last && len(folds) < maxSymbols {
				last = start
				folds = append(folds, fold{start, end})
			}
			walk(c)
		}
	}
	for _, doc := range f.Documents {
		walk(doc)
	}
	return folds, nil
}
