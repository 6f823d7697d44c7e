package lsp

import (
	"encoding/json"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
)

// inserted returns the edit that adds a field to a struct, or to a document. The value is JSON,
// which each language has.
func (f *file) inserted(n *outline.Node, name, value string) textEdit {
	key := name
	if f.Lang == "json" || !aWord.MatchString(name) {
		text, _ := json.Marshal(name)
		key = string(text)
	}
	field := key + ": " + value
	at := func(offset int, text string) textEdit { return textEdit{f.span(offset, offset), text} }
	var first *outline.Node // that the field is put before: what is short, such as id, stays at the top
	for _, c := range n.Children {
		if first == nil || first.Kind == outline.Scalar {
			first = c
		}
	}
	if first != nil && first.Kind == outline.Scalar {
		first = n.Children[0]
	}
	switch {
	case first == nil && n.Flow:
		return at(n.Value.Start+1, field)
	case first == nil && n.Parent == nil:
		return at(len(f.Text), field+"\n")
	case first == nil && f.Lang == "yaml":
		return at(n.Value.Start, "\n"+f.before(n.Begins)+"  "+field)
	case first == nil:
		return at(n.Value.Start, " {"+field+"}")
	case f.Lang == "yaml" && n.Flow, n.Flow && !strings.Contains(f.Text[n.Value.Start:n.Children[0].Begins], "\n"):
		return at(first.Begins, field+", ")
	case f.Lang == "json":
		return at(first.Begins, field+",\n"+f.before(first.Begins))
	case f.Lang == "yaml":
		return at(first.Key.Start, field+"\n"+f.before(first.Key.Start))
	case n.Parent == nil || n.Flow:
		return at(first.Begins, field+"\n"+f.before(first.Begins))
	}
	// A chain, such as workloads: web: containers: …, is begun once more.
	return at(n.Begins, f.Text[n.Begins:n.Key.End]+": "+field+"\n"+f.before(n.Begins))
}

// before is the space that what begins at an offset is indented by; what is before it on its line,
// such as the hyphen of an element, is space too.
func (f *file) before(offset int) string {
	start := strings.LastIndexByte(f.Text[:offset], '\n') + 1
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, f.Text[start:offset])
}

// appended returns the edit that adds a text to a list that is a field of a struct, which may not
// have it yet.
func (f *file) appended(n *outline.Node, name, element string) textEdit {
	text, _ := json.Marshal(element)
	list := n.Child(name)
	if list == nil || list.Kind != outline.List || len(list.Children) == 0 && !list.Flow {
		return f.inserted(n, name, "["+string(text)+"]")
	}
	if len(list.Children) == 0 {
		return textEdit{f.span(list.Value.Start+1, list.Value.Start+1), string(text)}
	}
	last := list.Children[len(list.Children)-1]
	end := last.Value.End
	if list.Flow {
		return textEdit{f.span(end, end), ", " + string(text)}
	}
	return textEdit{f.span(end, end), "\n" + f.before(last.Begins) + "- " + element}
}
