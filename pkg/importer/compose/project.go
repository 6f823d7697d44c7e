package compose

import (
	"bytes"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// project is what Compose files state together: later ones over earlier ones, with what they
// include and extend, and their variables replaced. compose-go reads the same without
// positions, which the account needs.
type project struct {
	draft *importer.Draft
	quiet bool // documents that were rendered: nothing is reported
	root  *data.Node
	vars  map[string]string
	info  map[*data.Node]filled
	from  map[*data.Node]*data.Node // of copies, what they are copies of
	file  map[*data.Node]string     // of services, the file that they are in
	over  map[*data.Node]*data.Node // what a later file replaced, by what
	depth int
}

// mostDepth is how many files may include or extend each other.
const mostDepth = 32

func load(d *importer.Draft, docs []*importer.Document, rendered bool) *project {
	p := &project{
		draft: d, quiet: rendered, vars: map[string]string{}, root: &data.Node{Kind: data.Struct},
		info: map[*data.Node]filled{}, from: map[*data.Node]*data.Node{}, file: map[*data.Node]string{}, over: map[*data.Node]*data.Node{},
	}
	if !rendered && len(docs) > 0 {
		p.variables(docs[0].File)
	}
	for _, doc := range docs {
		p.add(doc)
	}
	p.extend()
	return p
}

// variables reads the files of variables that were asked for, or .env beside the first file.
func (p *project) variables(beside string) {
	files := p.draft.Options.EnvFiles
	for _, name := range files {
		text, _, err := p.draft.Open("-", name)
		if err != nil {
			p.draft.Diagnostics.Errorf(diag.Unreadable, nil, "cannot be read: %v", err).File = name
			continue
		}
		p.read(text)
	}
	if len(files) == 0 && beside != "-" {
		if text, _, err := p.draft.Open(beside, ".env"); err == nil {
			p.read(text)
		}
	}
}

func (p *project) read(text []byte) {
	for _, v := range envFile(text) {
		p.vars[v.name] = fill(v.value, p.vars).text
	}
}

// variable is a line of a file of variables.
type variable struct {
	name, value string
	start, end  int // of the line
	given       bool
}

// envFile reads a file of variables (compose-go v2, dotenv).
func envFile(text []byte) []variable {
	var all []variable
	at := 0
	for line := range bytes.Lines(text) {
		start := at
		at += len(line)
		body := strings.TrimPrefix(strings.TrimSpace(string(line)), "export ")
		if body == "" || body[0] == '#' {
			continue
		}
		name, value, given := strings.Cut(body, "=")
		value = strings.TrimSpace(value)
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') {
			if end := strings.IndexByte(value[1:], value[0]); end >= 0 {
				quote := value[0]
				value = value[1 : 1+end]
				if quote == '\'' {
					value = strings.ReplaceAll(value, "$", "$$")
				}
			}
		} else if i := strings.Index(value, " #"); i >= 0 {
			value = strings.TrimSpace(value[:i])
		}
		all = append(all, variable{strings.TrimSpace(name), value, start, start + len(bytes.TrimRight(line, "\r\n")), given})
	}
	return all
}

// add puts a document over the project.
func (p *project) add(doc *importer.Document) {
	if doc.Root.Kind != data.Struct {
		return
	}
	root := p.copy(doc.Root, nil)
	if services := root.Get("services"); services != nil {
		for _, f := range services.Fields {
			p.file[f.Value] = doc.File
		}
	}
	if list := root.Get("include"); list != nil && !p.quiet {
		for _, e := range list.Elems {
			p.include(doc.File, e)
		}
	}
	p.root = p.merge(p.root, root, nil)
}

// include adds the files of an element of include.
func (p *project) include(beside string, n *data.Node) {
	paths := []*data.Node{n}
	if path := n.Get("path"); path != nil {
		paths = []*data.Node{path}
		if path.Kind == data.List {
			paths = path.Elems
		}
	}
	if p.depth++; p.depth > mostDepth {
		p.draft.Errorf(n, diag.Limit, "more than %d files include each other", mostDepth)
		return
	}
	for _, at := range paths {
		text, name, err := p.draft.Open(beside, at.Text)
		if err != nil {
			p.draft.Errorf(at, diag.Unreadable, "%s cannot be read: %v", at.Text, err)
			continue
		}
		p.draft.Holds("what it includes is read", at)
		for _, doc := range p.draft.Parse(name, text) {
			p.add(doc)
		}
	}
	p.depth--
}

// copy is a tree with its variables replaced.
func (p *project) copy(n *data.Node, path diag.Path) *data.Node {
	c := *n
	p.from[&c] = n
	p.draft.Stands(&c, n)
	if n.Kind == data.String {
		if f := fill(n.Text, p.vars); len(f.vars) > 0 || f.text != n.Text {
			c.Text = f.text
			p.info[&c] = f
		}
	}
	c.Fields = slices.Clone(n.Fields)
	for i := range c.Fields {
		c.Fields[i].Value = p.copy(n.Fields[i].Value, path)
	}
	c.Elems = make([]*data.Node, len(n.Elems))
	for i, e := range n.Elems {
		c.Elems[i] = p.copy(e, path)
	}
	return &c
}

// replaced are the lists that a later file replaces (compose-spec, 13-merge.md).
var replaced = []string{"command", "entrypoint", "test", "profiles"}

// keyed are the lists and structs whose elements have names: NAME=VALUE.
var keyed = []string{"environment", "labels", "args", "annotations", "sysctls", "extra_hosts"}

// merge puts a value over another (compose-spec, 13-merge.md).
func (p *project) merge(base, over *data.Node, path diag.Path) *data.Node {
	last := ""
	if len(path) > 0 {
		last = path[len(path)-1]
	}
	if slices.Contains(keyed, last) {
		base, over = p.named(base), p.named(over)
	}
	switch {
	case base.Kind == data.Struct && over.Kind == data.Struct:
		m := *over
		m.Fields = slices.Clone(base.Fields)
		if o, ok := p.from[over]; ok {
			p.from[&m] = o
			p.draft.Stands(&m, o)
		}
		if file, ok := p.file[over]; ok {
			p.file[&m] = file
		}
		for _, f := range over.Fields {
			if old := m.Field(f.Name); old != nil {
				old.At, old.Value = f.At, p.merge(old.Value, f.Value, path.To(f.Name))
			} else {
				m.Fields = append(m.Fields, f)
			}
		}
		return &m
	case base.Kind == data.List && over.Kind == data.List && !slices.Contains(replaced, last):
		m := *over
		m.Elems = nil
		for _, e := range base.Elems {
			if slices.ContainsFunc(over.Elems, func(o *data.Node) bool { return same(last, e, o) }) {
				p.over[e] = over
				continue
			}
			m.Elems = append(m.Elems, e)
		}
		m.Elems = append(m.Elems, over.Elems...)
		return &m
	}
	p.over[base] = over
	if !p.quiet {
		p.draft.Holds("a later file replaces it", p.from[base])
	}
	return over
}

// same reports whether two elements of a list are about one thing.
func same(list string, a, b *data.Node) bool {
	if a.Kind != data.Struct && b.Kind != data.Struct && a.Text == b.Text {
		return true
	}
	return list == "volumes" && mountOf(a).target == mountOf(b).target
}

// named turns a list of NAME=VALUE into a struct.
func (p *project) named(n *data.Node) *data.Node {
	if n == nil || n.Kind != data.List {
		return n
	}
	m := &data.Node{Kind: data.Struct, At: n.At}
	p.draft.Stands(m, n)
	for _, e := range n.Elems {
		name, value, given := strings.Cut(e.Text, "=")
		v := &data.Node{Kind: data.String, Text: value, At: e.At}
		if !given {
			v.Kind = data.Null
		}
		p.draft.Stands(v, e)
		p.from[v] = p.from[e]
		if f, ok := p.info[e]; ok {
			if raw := p.from[e]; raw != nil {
				_, text, _ := strings.Cut(raw.Text, "=")
				f = fill(text, p.vars)
				v.Text = f.text
			}
			p.info[v] = f
		}
		if old := m.Field(name); old != nil && !p.quiet {
			p.draft.Holds("a later one of its name replaces it", old.Value)
		}
		m.Set(name, e.At, v)
	}
	return m
}

// extend merges services over those that they extend.
func (p *project) extend() {
	services := p.root.Get("services")
	if services == nil {
		return
	}
	for i := range services.Fields {
		f := &services.Fields[i]
		f.Value = p.extended(services, f.Value, p.file[f.Value], []string{f.Name}, 0)
	}
}

func (p *project) extended(services, s *data.Node, file string, chain []string, depth int) *data.Node {
	e := s.Get("extends")
	if e == nil || p.quiet {
		return s
	}
	name, in := e.Text, ""
	if e.Kind == data.Struct {
		name = e.TextAt("service")
		in = e.TextAt("file")
	}
	all := services
	if in != "" {
		text, path, err := p.draft.Open(file, in)
		if err != nil {
			p.draft.Errorf(e, diag.Unreadable, "%s cannot be read: %v", in, err)
			return s
		}
		name = path + ":" + name
		all = nil
		for _, doc := range p.draft.Parse(path, text) {
			if found := doc.Root.Get("services"); found != nil {
				all = p.copy(found, nil)
			}
		}
		file = path
	}
	if slices.Contains(chain, name) || depth > mostDepth {
		p.draft.Errorf(e, diag.DependencyCycle, "services extend each other: %s", strings.Join(append(chain, name), " -> "))
		return s
	}
	short := name[strings.LastIndex(name, ":")+1:]
	base := all.Get(short)
	if all == nil || base == nil {
		p.draft.Errorf(e, diag.UnknownName, "no service %q to extend", short)
		return s
	}
	p.draft.Holds("what it extends is read", p.from[e])
	base = p.extended(all, base, file, append(chain, name), depth+1)
	merged := p.merge(base, s, nil)
	p.file[merged] = p.file[s]
	return merged
}
