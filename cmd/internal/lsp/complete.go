package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/schemas"
)

type completionItem struct {
	Label         string    `json:"label"`
	Kind          int       `json:"kind"`
	Detail        string    `json:"detail,omitempty"`
	Documentation *markup   `json:"documentation,omitempty"`
	SortText      string    `json:"sortText,omitempty"`
	FilterText    string    `json:"filterText,omitempty"`
	Format        int       `json:"insertTextFormat,omitempty"`
	Edit          *textEdit `json:"textEdit,omitempty"`
}

// The protocol's numbers.
const (
	itemField     = 5
	itemValue     = 12
	itemReference = 18
	formatSnippet = 2
)

// cursor is put where a completion is asked for, so that the field or value that is being written
// there has a name.
const cursor = "zzcursor"

// onCompletion returns what fits at a position: fields, constants, or names that are declared.
func (s *server) onCompletion(_ context.Context, a at) (any, error) {
	items := []completionItem{}
	d := s.document(a.TextDocument.URI)
	e, err := s.Explain()
	if d == nil || err != nil {
		return items, err
	}
	offset := newLines(d.text).offset(a.Position)
	marked := *d
	marked.text = d.text[:offset] + cursor + d.text[offset:]
	f := fileOf(&marked)
	n, onKey := f.At(offset)
	c := &completion{server: s, file: f, snippets: s.snippetSupport()}
	switch {
	case onKey && strings.Contains(n.Name, cursor):
		c.replaced = span{a.Position, a.Position}
		c.word(d, n.Key, offset)
		p := s.placeOf(f, n.Parent)
		c.keys(e.Set, p, n)
		if n.Parent.Kind == outline.List {
			c.values(e.Set, s.placeOf(f, n), false)
		}
	case n.Kind == outline.Scalar && strings.Contains(n.Text, cursor):
		c.word(d, n.Value, offset)
		p := s.placeOf(f, n)
		c.values(e.Set, p, n.Quoted)
		if strings.HasPrefix(n.Name, "[") && f.Lang == "yaml" && !n.Quoted {
			c.keys(e.Set, p, &outline.Node{Parent: n, Name: n.Text, Key: n.Value})
		}
	}
	return append(items, c.items...), nil
}

func (s *server) snippetSupport() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snippets
}

// completion is an answer that is being made.
type completion struct {
	*server
	*file
	snippets bool
	replaced span
	colon    bool // the key has one already
	items    []completionItem
}

// word notes what is replaced: the word of the marked text, as it is in the document.
func (c *completion) word(d *document, word outline.Span, offset int) {
	end := max(word.End-len(cursor), offset)
	l := newLines(d.text)
	c.replaced = l.span(word.Start, end)
	if c.replaced.Start.Line != c.replaced.End.Line { // a text that is not closed
		c.replaced = l.span(word.Start, offset)
		end = offset
	}
	rest := strings.TrimLeft(d.text[end:], " \t")
	c.colon = strings.HasPrefix(rest, ":")
}

// written are the names of a struct's fields, with the text of scalars, but for one.
func written(n, but *outline.Node) map[string]string {
	have := map[string]string{}
	for _, c := range n.Children {
		if c != but && !strings.Contains(c.Name, cursor) {
			have[c.Name] = c.Text
		}
	}
	return have
}

// keys adds the fields that fit in a struct, and the keys of a map whose names are declared.
func (c *completion) keys(set *schemas.Set, p place, at *outline.Node) {
	in := set.Inside(p.provider, p.path, written(p.node, at))
	if in == nil {
		return
	}
	for _, f := range in.Fields {
		c.items = append(c.items, c.field(f))
	}
	if p.path.Within("extensions") && len(p.path) == 1 || p.path.Within("workloads.*.extensions") && len(p.path) == 3 || p.path.Within("overrides") && len(p.path) == 1 {
		for _, name := range c.Providers {
			if p.node.Child(name) == nil {
				c.items = append(c.items, c.field(schemas.NamedForm{Name: name, Form: schemas.Form{Type: "a struct"}}))
			}
		}
	}
	for _, name := range c.declared(p, p.path.To(cursor), true) {
		if p.node.Child(name) == nil {
			c.items = append(c.items, completionItem{Label: name, Kind: itemReference, Edit: &textEdit{c.replaced, c.key(name)}})
		}
	}
}

// key is a field's name as the language has it, with its colon where that is not there.
func (c *completion) key(name string) string {
	if c.Lang == "json" || c.Lang == "cue" && !aWord.MatchString(name) {
		name = `"` + name + `"`
	}
	if c.colon {
		return name
	}
	return name + ": "
}

// field is the item of a field: required ones come first.
func (c *completion) field(f schemas.NamedForm) completionItem {
	item := completionItem{Label: f.Name, Kind: itemField, Detail: f.Type, SortText: "1" + f.Name}
	if f.Required {
		item.SortText = "0" + f.Name
	}
	text := f.Doc
	if f.Default != "" {
		text += fmt.Sprintf("\n\n- default: `%s`", f.Default)
	}
	if f.Example != "" {
		text += fmt.Sprintf("\n\n- example: `%s`", f.Example)
	}
	if text = strings.TrimSpace(text); text != "" {
		item.Documentation = &markup{"markdown", text}
	}
	item.Edit = &textEdit{c.replaced, c.key(f.Name)}
	item.FilterText = c.filter(f.Name)
	if body := c.body(f); body != "" && !c.colon {
		if c.snippets {
			item.Format = formatSnippet
			item.Edit.NewText = strings.TrimRight(item.Edit.NewText, " ") + body
		}
	}
	return item
}

// filter is what a client compares with what is typed: that may have a quote.
func (c *completion) filter(name string) string {
	if c.Lang == "json" {
		return `"` + name
	}
	return ""
}

// body is what comes behind a field's colon, as a snippet: the struct of what it requires.
func (c *completion) body(f schemas.NamedForm) string {
	if !strings.HasPrefix(f.Type, "a struct") && !strings.HasPrefix(f.Type, "a map") {
		return ""
	}
	var required []string
	if strings.HasPrefix(f.Type, "a struct") {
		for _, line := range f.Fields {
			if line.Required && line.Where == "" {
				required = append(required, line.Name)
			}
		}
	}
	var b strings.Builder
	switch c.Lang {
	case "yaml":
		for i, name := range required {
			fmt.Fprintf(&b, "\n  %s: $%d", name, i+1)
		}
		if len(required) == 0 {
			b.WriteString("\n  $1")
		}
	default:
		quote, comma := "", ""
		if c.Lang == "json" {
			quote, comma = `"`, ","
		}
		b.WriteString(" {")
		for i, name := range required {
			if i > 0 {
				b.WriteString(comma)
			}
			fmt.Fprintf(&b, "\n\t%s%s%s: $%d", quote, name, quote, i+1)
		}
		if len(required) == 0 {
			b.WriteString("\n\t$1")
		}
		b.WriteString("\n}")
	}
	return b.String()
}

// values adds the constants that a value may be, and the names that it may name.
func (c *completion) values(set *schemas.Set, p place, quoted bool) {
	if in := set.Inside(p.provider, p.path, nil); in != nil {
		for _, text := range in.Values {
			c.value(text, quoted, itemValue)
		}
	}
	if len(p.path) == 1 && p.path[0] == "provider" {
		c.items = nil
		for _, name := range c.Providers {
			c.value(`"`+name+`"`, quoted, itemValue)
		}
	}
	for _, name := range c.declared(p, p.path, false) {
		c.value(`"`+name+`"`, quoted, itemReference)
	}
	if p.path.Within("workloads.*.containers.*.image") && len(p.path) == 5 {
		for _, name := range c.images() {
			c.value(`"`+name+`"`, quoted, itemValue)
		}
	}
}

// plainYAML is a text that YAML takes as it is.
var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._/-]*(:[A-Za-z0-9._/-]+)?$`)

// value adds a constant, which is JSON.
func (c *completion) value(constant string, quoted bool, kind int) {
	label := constant
	var text string
	if json.Unmarshal([]byte(constant), &text) == nil {
		label = text
	}
	insert := constant
	if c.Lang == "yaml" && label != constant && !quoted && plainYAML.MatchString(label) && !slices.Contains(yamlWords, strings.ToLower(label)) {
		insert = label
	}
	if slices.ContainsFunc(c.items, func(i completionItem) bool { return i.Label == label }) {
		return
	}
	item := completionItem{Label: label, Kind: kind, Edit: &textEdit{c.replaced, insert}}
	if quoted {
		item.FilterText = insert
	}
	c.items = append(c.items, item)
}

// declared returns the names that may be used at a path of a tenant: as its last key, or as the
// value.
func (c *completion) declared(p place, path diag.Path, key bool) []string {
	var all []string
	for _, row := range names {
		in, ok := matches(row.path, path)
		if !ok || row.declares || row.key != key {
			continue
		}
		found := occurrences(c.tenantParts(p))
		if row.kind == "endpoint" {
			for _, o := range found {
				if o.declares && o.kind == "port" {
					all = append(all, o.in+"."+o.name)
				}
			}
			continue
		}
		if row.kind == "file" {
			if config := p.node.Parent.Child("config"); config != nil {
				in = config.Text
			}
		}
		for _, o := range found {
			if o.declares && o.kind == row.kind && o.in == in && !strings.Contains(o.name, cursor) {
				all = append(all, o.name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// images returns the images that files which are open use.
func (c *completion) images() []string {
	c.mu.Lock()
	var open []*document
	for _, d := range c.documents {
		open = append(open, d)
	}
	c.mu.Unlock()
	var all []string
	for _, d := range open {
		for _, doc := range outline.Of(d.path, d.text).Documents {
			for _, tenant := range append(doc.All("tenants", "*"), doc) {
				for _, n := range tenant.All("workloads", "*", "containers", "*", "image") {
					if n.Kind == outline.Scalar && n.Text != "" {
						all = append(all, n.Text)
					}
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
