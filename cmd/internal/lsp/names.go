package lsp

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/creachadair/jrpc2"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// names are where what authors name is declared and used, by the names of what it is. In a path,
// * is any name, NAME is the name itself, and any other word in upper case a part of what the name
// is unique in. key says that a use is the key that the path ends in, and no value.
var names = []struct {
	kind, path    string
	declares, key bool
}{
	{"secret", "secrets.NAME", true, true},
	{"secret", "workloads.*.containers.*.env.*.secret", false, false},
	{"secret", "workloads.*.containers.*.env.*.values.*.secret", false, false},
	{"secret", "workloads.*.containers.*.mounts.*.secret", false, false},
	{"secret", "workloads.*.ingress.*.tls.secret", false, false},
	{"secret", "extensions.*.secrets.NAME", false, true},
	{"config", "config.NAME", true, true},
	{"config", "workloads.*.containers.*.env.*.config", false, false},
	{"config", "workloads.*.containers.*.env.*.values.*.config", false, false},
	{"config", "workloads.*.containers.*.mounts.*.config", false, false},
	{"shared volume", "volumes.NAME", true, true},
	{"shared volume", "workloads.*.volumes.*.shared", false, false},
	{"volume", "workloads.W.volumes.NAME", true, true},
	{"volume", "workloads.W.containers.*.mounts.*.volume", false, false},
	{"container", "workloads.W.containers.NAME", true, true},
	{"container", "workloads.W.containers.*.dependsOn.NAME", false, true},
	{"port", "workloads.W.containers.*.ports.NAME", true, true},
	{"port", "workloads.W.containers.*.health.*.port", false, false},
	{"port", "workloads.W.containers.*.ready.*.port", false, false},
	{"port", "workloads.W.containers.*.startup.*.port", false, false},
	{"port", "workloads.W.ingress.*.port", false, false},
	{"port", "workloads.W.extensions.ecs.targetGroups.NAME", false, true},
	{"workload", "workloads.NAME", true, true},
	{"endpoint", "workloads.*.containers.*.env.*.endpoint", false, false},
	{"endpoint", "workloads.*.containers.*.env.*.values.*.endpoint", false, false},
	{"file", "config.CONFIG.NAME", true, true},
	{"file", "workloads.*.containers.*.env.*.file", false, false},
	{"file", "workloads.*.containers.*.env.*.values.*.file", false, false},
	{"file", "workloads.*.containers.*.mounts.*.file", false, false},
}

// thing is what a name names: a kind, what the name is unique in, and the name.
type thing struct{ kind, in, name string }

// occurrence is a name in a file.
type occurrence struct {
	thing
	*file
	outline.Span // without quotes
	quoted       bool
	declares     bool
	key          bool
}

// occurrences returns all names in what files say about a tenant.
func occurrences(parts []tenantPart) []occurrence {
	var all []occurrence
	for _, part := range parts {
		var walk func(n *outline.Node, path diag.Path)
		walk = func(n *outline.Node, path diag.Path) {
			if len(path) > 0 {
				all = append(all, occurrencesAt(part.file, n, path)...)
			}
			for _, c := range n.Children {
				to := path.To(c.Name)
				if len(to) == 2 && to[0] == "overrides" {
					to = nil // what is overridden is where it is put
				}
				walk(c, to)
			}
		}
		walk(part.node, nil)
	}
	return all
}

// occurrencesAt returns the names that a node has at its path in a tenant.
func occurrencesAt(f *file, n *outline.Node, path diag.Path) []occurrence {
	var all []occurrence
	for _, row := range names {
		in, ok := matches(row.path, path)
		if !ok {
			continue
		}
		if row.key {
			o := occurrence{thing{row.kind, in, n.Name}, f, n.Key, false, row.declares, true}
			all = append(all, o.withoutQuotes())
			continue
		}
		if n.Kind != outline.Scalar || strings.HasPrefix(f.Text[n.Value.Start:], "|") || strings.HasPrefix(f.Text[n.Value.Start:], ">") {
			continue
		}
		o := occurrence{thing{row.kind, in, n.Text}, f, n.Value, false, false, false}.withoutQuotes()
		switch row.kind {
		case "endpoint":
			workload, port, ok := strings.Cut(n.Text, ".")
			first, second := o, o
			first.thing, first.End = thing{"workload", "", workload}, min(o.Start+len(workload), o.End)
			second.thing, second.Start = thing{"port", workload, port}, min(first.End+1, o.End)
			if all = append(all, first); ok {
				all = append(all, second)
			}
		case "file":
			if config := n.Parent.Child("config"); config != nil {
				o.in = config.Text
				all = append(all, o)
			}
		default:
			all = append(all, o)
		}
	}
	return all
}

func (o occurrence) withoutQuotes() occurrence {
	text := o.Text[o.Start:o.End]
	if len(text) > 1 && (text[0] == '"' || text[0] == '\'') {
		o.Start, o.End, o.quoted = o.Start+1, o.End-1, true
	}
	return o
}

func (o occurrence) withQuotes() outline.Span {
	if o.quoted {
		return outline.Span{Start: o.Start - 1, End: o.End + 1}
	}
	return o.Span
}

// matches reports whether a path is one of a row of names, and what the name is unique in.
func matches(pattern string, path diag.Path) (in string, ok bool) {
	i := 0
	for elem := range strings.SplitSeq(pattern, ".") {
		if i == len(path) {
			return "", false
		}
		switch {
		case elem == "*" || elem == "NAME":
		case elem == strings.ToUpper(elem):
			in = path[i]
		case elem != path[i]:
			return "", false
		}
		i++
	}
	return in, i == len(path)
}

// occurrenceAt returns the name at a position, and all names of the tenant that it is in.
func (s *server) occurrenceAt(a at) (found *occurrence, all []occurrence) {
	d := s.document(a.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	f := fileOf(d)
	offset := f.offset(a.Position)
	n, _ := f.At(offset)
	all = occurrences(s.tenantParts(s.placeOf(f, n)))
	for i, o := range all {
		if o.file == f && o.withQuotes().Contains(offset) {
			found = &all[i]
		}
	}
	return found, all
}

func (o occurrence) location() location { return location{o.uri, o.span(o.Start, o.End)} }

// same returns those of the same thing.
func (o *occurrence) same(all []occurrence) []occurrence {
	return slices.DeleteFunc(slices.Clone(all), func(other occurrence) bool { return other.thing != o.thing })
}

// onDefinition returns where what is named at a position is declared.
func (s *server) onDefinition(_ context.Context, a at) (any, error) {
	found, all := s.occurrenceAt(a)
	places := []location{}
	if found != nil {
		for _, o := range found.same(all) {
			if o.declares {
				places = append(places, o.location())
			}
		}
	}
	return places, nil
}

type referencesParams struct {
	at
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

// onReferences returns where what is named at a position is used.
func (s *server) onReferences(_ context.Context, p referencesParams) (any, error) {
	found, all := s.occurrenceAt(p.at)
	places := []location{}
	if found != nil {
		for _, o := range found.same(all) {
			if !o.declares || p.Context.IncludeDeclaration {
				places = append(places, o.location())
			}
		}
	}
	return places, nil
}

// onPrepareRename returns what is renamed at a position.
func (s *server) onPrepareRename(_ context.Context, a at) (any, error) {
	found, all := s.occurrenceAt(a)
	if found == nil {
		return nil, nil
	}
	if err := found.renamable(all); err != nil {
		return nil, err
	}
	return map[string]any{"range": found.span(found.Start, found.End), "placeholder": found.name}, nil
}

// renamable returns why a name cannot be renamed.
func (o *occurrence) renamable(all []occurrence) error {
	if !slices.ContainsFunc(o.same(all), func(o occurrence) bool { return o.declares }) {
		return jrpc2.Errorf(requestFailed, "%s %q is not declared in this tenant's files: a template may have it", o.kind, o.name)
	}
	return nil
}

// The forms of names, as the schema has them.
var (
	aName     = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)
	aFileName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	aWord     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// yamlWords are names that YAML, in one version or another, takes for other values.
var yamlWords = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

type renameParams struct {
	at
	NewName string `json:"newName"`
}

// onRename renames what is named at a position, wherever it is used.
func (s *server) onRename(_ context.Context, p renameParams) (any, error) {
	found, all := s.occurrenceAt(p.at)
	if found == nil {
		return nil, jrpc2.Errorf(requestFailed, "there is no name here")
	}
	if err := found.renamable(all); err != nil {
		return nil, err
	}
	if form := map[bool]*regexp.Regexp{true: aFileName, false: aName}[found.kind == "file"]; !form.MatchString(p.NewName) {
		return nil, jrpc2.Errorf(requestFailed, "%q is no name of a %s: use lower-case letters, digits and hyphens, and begin with a letter", p.NewName, found.kind)
	}
	becomes := thing{found.kind, found.in, p.NewName}
	if p.NewName != found.name && slices.ContainsFunc(all, func(o occurrence) bool { return o.thing == becomes && o.declares }) {
		return nil, jrpc2.Errorf(requestFailed, "%s %q is already defined", found.kind, p.NewName)
	}
	edits := map[string][]textEdit{}
	for _, o := range found.same(all) {
		text := p.NewName
		switch {
		case o.quoted:
		case o.Lang == "yaml" && slices.Contains(yamlWords, text), o.Lang != "yaml" && !aWord.MatchString(text):
			text = `"` + text + `"`
		}
		edits[o.uri] = append(edits[o.uri], textEdit{o.span(o.Start, o.End), text})
	}
	return map[string]any{"changes": edits}, nil
}
