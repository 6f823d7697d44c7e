package lsp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/creachadair/jrpc2"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
	"github.com/cuecompute/cuecompute/pkg/report"
)

type actionParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        span       `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

type action struct {
	Title       string         `json:"title"`
	Kind        string         `json:"kind"`
	Diagnostics []diagnostic   `json:"diagnostics,omitempty"`
	Preferred   bool           `json:"isPreferred,omitempty"`
	Edit        *workspaceEdit `json:"edit,omitempty"`
	Data        *documentID    `json:"data,omitempty"` // of what is worked out when it is chosen
}

type workspaceEdit struct {
	Changes map[string][]textEdit `json:"changes"`
}

// The kinds of actions.
const (
	quickFix = "quickfix"
	fixAll   = "source.fixAll.cuecompute"
)

// wants reports whether a client asks for a kind of actions: one that it names, or is of.
func (p actionParams) wants(kind string) bool {
	return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(only string) bool {
		return kind == only || strings.HasPrefix(kind, only+".")
	})
}

// onActions returns what can be done about the diagnostics of a range. Those of a document that
// has just changed are waited for.
func (s *server) onActions(ctx context.Context, p actionParams) (any, error) {
	actions := []action{}
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return actions, nil
	}
	v, ok := s.verdictOn(ctx, d)
	if !ok {
		return actions, nil
	}
	f, places, fixable := fileOf(d), placesIn(v.documents), 0
	for _, about := range report.Merge(v.diagnostics) {
		if about.File != d.path {
			continue
		}
		if about.Fix != nil && about.Fix.File == d.path {
			fixable++
		}
		if shown := places.diagnostic(about); p.wants(quickFix) && overlap(shown.Range, p.Range) {
			for _, a := range s.actionsOf(f, about, places) {
				a.Kind, a.Diagnostics = quickFix, []diagnostic{shown}
				actions = append(actions, a)
			}
		}
	}
	if fixable > 0 && p.wants(fixAll) {
		actions = append(actions, action{Title: "Fix all that is certain in this file", Kind: fixAll, Data: &documentID{URI: d.uri, Version: &d.version}})
	}
	return actions, nil
}

// overlap reports whether a diagnostic is about some of a range; about what is on the line of a
// range that is empty, such as a cursor's.
func overlap(d, at span) bool {
	if at.Start == at.End {
		return d.Start.Line <= at.Start.Line && at.Start.Line <= d.End.Line
	}
	return !d.End.before(at.Start) && !at.End.before(d.Start)
}

func (p position) before(q position) bool {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Character, q.Character)) < 0
}

// actionsOf returns what can be done about a diagnostic.
func (s *server) actionsOf(f *file, d diag.Diagnostic, places places) []action {
	var all []action
	edits := func(uri string, edits ...textEdit) *workspaceEdit {
		return &workspaceEdit{map[string][]textEdit{uri: edits}}
	}
	if d.Fix != nil {
		was := places.lines(d.Fix.File).textOf(places.span(d.Fix.Range))
		all = append(all, action{
			Title: fmt.Sprintf("Change %s to %s", was, d.Fix.NewText), Preferred: true,
			Edit: edits(places.uri(d.Fix.File), textEdit{places.span(d.Fix.Range), d.Fix.NewText}),
		})
	}
	n, _ := f.At(f.offset(places.span(d.Range).Start))
	at := s.placeOf(f, n)
	switch {
	case d.Severity == diag.Warning && d.Concept != "" && len(d.Path) > 1 && d.Path[0] == "workloads":
		if workload := at.above(d.Path[:2]); workload != nil {
			all = append(all, action{
				Title: fmt.Sprintf("Accept %s in workload %s", d.Concept, d.Path[1]),
				Edit:  edits(f.uri, f.appended(workload, "accept", string(d.Concept))),
			})
		}
	case d.Code == diag.MissingField && d.Severity == diag.Error && len(d.Path) > 0:
		last := len(d.Path) - 1
		in := at.above(d.Path[:last])
		if in == nil || in.Child(d.Path[last]) != nil {
			break
		}
		for _, value := range s.valuesFor(f, d.Path) {
			all = append(all, action{
				Title: fmt.Sprintf("Add %s: %s", d.Path[last], value),
				Edit:  edits(f.uri, f.inserted(in, d.Path[last], value)),
			})
		}
	case d.Code == diag.UnknownName:
		if a := declaring(f, at, d); a != nil {
			all = append(all, *a)
		}
	}
	return all
}

// above returns the node at a path in the tenant that a place is in or above.
func (p place) above(path diag.Path) *outline.Node {
	if len(path) > len(p.path) || !slices.Equal(path, p.path[:len(path)]) {
		return p.tenant.Find(path)
	}
	n := p.node
	for range len(p.path) - len(path) {
		n = n.Parent
	}
	return n
}

// valuesFor returns values, as JSON, that a missing field may get: the schema's example, or
// whatever there is to choose from.
func (s *server) valuesFor(f *file, path diag.Path) []string {
	quoted := func(text string) string {
		q, _ := json.Marshal(text)
		return string(q)
	}
	e, err := s.Explain()
	if err != nil {
		return nil
	}
	switch path.String() {
	case "id":
		return []string{quoted(strings.TrimSuffix(filepath.Base(f.path), filepath.Ext(f.path)))}
	case "provider":
		var all []string
		for _, name := range s.Providers {
			all = append(all, quoted(name))
		}
		return all
	}
	field, _, err := e.Field(path)
	if err != nil || field.Forms[0].Example == "" {
		return nil
	}
	_, example, _ := strings.Cut(field.Forms[0].Example, ": ")
	switch {
	case json.Valid([]byte(example)):
		return []string{example}
	case aChain.MatchString(example) && f.Lang == "cue":
		return []string{"{" + example + "}"}
	case strings.ContainsAny(example[:1], `{["`):
		if f.Lang != "json" {
			return []string{example}
		}
		return nil
	case aChain.MatchString(example):
		return nil
	}
	return []string{quoted(example)}
}

// aChain is a field of CUE without a struct around it.
var aChain = regexp.MustCompile(`^"?[A-Za-z_./-]+"?: `)

// declaring returns the action that declares what a name is meant to name.
func declaring(f *file, at place, d diag.Diagnostic) *action {
	name := at.node.Text
	for _, row := range names {
		in, ok := matches(row.path, d.Path)
		if !ok || row.declares {
			continue
		}
		if row.key {
			name = d.Path[len(d.Path)-1]
		}
		if !aName.MatchString(name) {
			return nil
		}
		var into diag.Path
		var value string
		switch row.kind {
		case "secret":
			path, _ := json.Marshal(strings.TrimPrefix(d.Tenant+"-"+name, "-"))
			into, value = diag.At("secrets"), `{"path": `+string(path)+`}`
			if at.provider == "kubernetes" || at.provider == "nomad" { // whose stores keep values under keys
				value = `{"path": ` + string(path) + `, "key": "value"}`
			}
		case "config":
			file := "app.conf"
			if beside := at.node.Parent.Child("file"); beside != nil && beside.Text != "" {
				file = beside.Text
			}
			text, _ := json.Marshal(file)
			into, value = diag.At("config"), `{`+string(text)+`: ""}`
		case "shared volume":
			into, value = diag.At("volumes"), `{"size": "1Gi"}`
		case "volume":
			into, value = diag.At("workloads", in, "volumes"), `{"ephemeral": {}}`
		default:
			return nil
		}
		a := &action{Title: fmt.Sprintf("Declare %s %s", row.kind, name)}
		edit := textEdit{}
		if have := at.tenant.Find(into); have != nil {
			edit = f.inserted(have, name, value)
		} else if parent := at.tenant.Find(into[:len(into)-1]); parent != nil {
			key, _ := json.Marshal(name)
			edit = f.inserted(parent, into[len(into)-1], "{"+string(key)+": "+value+"}")
		} else {
			return nil
		}
		a.Edit = &workspaceEdit{map[string][]textEdit{f.uri: {edit}}}
		return a
	}
	return nil
}

// textOf is the text of a span.
func (l *lines) textOf(s span) string { return l.text[l.offset(s.Start):l.offset(s.End)] }

// onResolve works out the fixes of a file: those that remove mistakes and cause no other.
func (s *server) onResolve(ctx context.Context, a action) (any, error) {
	if a.Data == nil {
		return a, nil
	}
	d := s.document(a.Data.URI)
	if d == nil || a.Data.Version == nil || *a.Data.Version != d.version {
		return nil, jrpc2.Errorf(contentModified, "the file has changed")
	}
	in := s.fixInput(d)
	overlay := in.Overlay
	judge := func(ctx context.Context, texts map[string][]byte) (diag.List, error) {
		in.Overlay = map[string][]byte{}
		for name, text := range overlay {
			in.Overlay[name] = text
		}
		for name, text := range texts {
			in.Overlay[name] = text
		}
		var all diag.List
		_ = s.Compiler.Each(ctx, in, func(u compile.Unit) error { // the verdict reports what failed
			all = append(all, u.Diagnostics...)
			return nil
		})
		return all, ctx.Err()
	}
	files, _, err := fix.Run(ctx, judge, func(name string) ([]byte, error) {
		if name != d.path {
			return nil, errors.New("it is another file")
		}
		return []byte(d.text), nil
	})
	if err != nil {
		return nil, err
	}
	a.Edit = &workspaceEdit{map[string][]textEdit{}}
	for _, fixed := range files {
		l := newLines(d.text)
		a.Edit.Changes[d.uri] = []textEdit{{span{End: l.at(len(d.text))}, string(fixed.Now)}}
	}
	return a, nil
}

// fixInput is what is judged to fix a document: what it is a part of.
func (s *server) fixInput(d *document) compile.Input {
	in := s.Input
	in.Memory, in.Every, in.Overlay = &compile.Memory{}, true, map[string][]byte{}
	in.Paths = []string{d.path}
	for _, u := range s.unitsOf(d.path) {
		in.Paths = []string{u.Path()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, open := range s.documents {
		in.Overlay[path] = []byte(open.text)
	}
	return in
}
