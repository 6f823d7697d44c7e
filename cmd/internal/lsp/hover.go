package lsp

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/explain"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/schemas"
)

type hover struct {
	Contents markup `json:"contents"`
	Range    span   `json:"range"`
}

type markup struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// onHover explains the field at a position, as the command explain does.
func (s *server) onHover(_ context.Context, a at) (any, error) {
	d := s.document(a.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	f := fileOf(d)
	n, onKey := f.At(f.offset(a.Position))
	p := s.placeOf(f, n)
	e, err := s.Explain()
	if err != nil || len(p.path) == 0 {
		return nil, err
	}
	text, err := explained(e, p.path)
	if err != nil || text == "" {
		return nil, err
	}
	at := n.Value
	if onKey || n.Value.Start == n.Value.End {
		at = n.Key
	}
	return hover{markup{"markdown", text}, f.span(at.Start, at.End)}, nil
}

// explained explains the field at a path in Markdown or, of a name that the author chose, what
// it is an entry of; "" where there is nothing to explain.
func explained(e *explain.Explainer, path diag.Path) (string, error) {
	field, ofCore, err := e.Field(path)
	if _, ok := errors.AsType[*schemas.NoField](err); ok && len(path) > 1 {
		path = path[:len(path)-1]
		field, ofCore, err = e.Field(path)
	} else if ok {
		if found := e.Named(path[0]); len(found) == 1 { // such as in a template
			path = found[0]
			field, ofCore, err = e.Field(path)
		}
	}
	if _, ok := errors.AsType[*schemas.NoField](err); ok {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var b strings.Builder
	doc := ""
	for _, form := range field.Forms {
		title := field.Path.String()
		if form.Where != "" {
			title += ", " + form.Where
		}
		if form.Required {
			title += ", required"
		}
		fmt.Fprintf(&b, "**%s**\n\n", markdown(title))
		if form.Doc != doc {
			doc = form.Doc
			fmt.Fprintf(&b, "%s\n\n", strings.Join(strings.Fields(doc), " "))
		}
		fmt.Fprintf(&b, "- type: %s\n", markdown(form.Type))
		if form.Default != "" {
			fmt.Fprintf(&b, "- default: `%s`\n", form.Default)
		}
		if form.Example != "" {
			fmt.Fprintf(&b, "- example: `%s`\n", form.Example)
		}
		b.WriteString("\n")
	}
	if !ofCore {
		return strings.TrimSpace(b.String()), nil
	}
	platforms, err := e.Platforms(path, field)
	if err != nil {
		return "", err
	}
	b.WriteString("What each platform makes of it:\n\n")
	for _, p := range platforms {
		fmt.Fprintf(&b, "- %s: %s\n", p.Name, markdown(strings.Join(p.Lines, "; ")))
	}
	return strings.TrimSpace(b.String()), nil
}

// markdown is a text in which nothing but what is in backquotes is markup.
func markdown(text string) string {
	return strings.NewReplacer("<", "\\<", "*", "\\*", "[", "\\[").Replace(text)
}
