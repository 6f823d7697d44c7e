package compose

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// envName is what the vocabulary takes for the name of a variable.
var envName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func (r *reader) environment(s *service, n *data.Node) {
	for _, f := range r.project.named(n).Fields {
		r.variable(s, f.Name, f.Value)
	}
}

// variable sets a variable of the process. What is a credential, or comes from where docker
// compose runs, is a reference to a secret.
func (r *reader) variable(s *service, name string, n *data.Node) {
	path := s.at("env", name)
	f := r.project.info[n]
	if !envName.MatchString(name) {
		r.Lose("the variable has a name that a tenant's cannot have", n)
		return
	}
	switch {
	case n.Kind == data.Null:
		r.fromOutside(path, name, name, n, "")
	case f.whole != "" && len(f.unset) > 0:
		r.fromOutside(path, name, f.unset[0], n, f.says)
	case importer.Credential(name, n.Text) != "" || len(f.unset) > 0:
		r.Hidden(n.Text)
		variable := f.whole
		if variable == "" {
			variable = name
		}
		secret := r.Secret(secretName(variable), variable, "", n)
		r.Near(path.To("secret"), secret, "its value is not written: set "+variable+" where docker compose runs", n)
	default:
		r.value(s, path, n)
	}
}

// toldSecret is what a rendered variable says of the secret that it holds.
var toldSecret = lazyregexp.New(`^set it to the value of secret ([a-z][a-z0-9-]*)$`)

// fromOutside sets a variable that has the value of one where docker compose runs.
func (r *reader) fromOutside(path diag.Path, name, variable string, n *data.Node, says string) {
	secret := secretName(variable)
	if m := toldSecret.FindStringSubmatch(says); m != nil {
		secret = m[1]
	}
	r.Set(path.To("secret"), r.Secret(secret, variable, "", n), n)
}

func secretName(variable string) string {
	name := importer.Name(variable)
	return strings.Trim(name[:min(len(name), importer.LongName)], "-")
}

// value sets a variable to a text, or to the endpoint of a workload that it names.
func (r *reader) value(s *service, path diag.Path, n *data.Node) {
	other, port, format := r.endpoint(s, n.Text)
	if other == nil {
		r.put(path, r.scalar(n), n, "")
		return
	}
	why := ""
	if other.host() != other.workload {
		why = "the host is " + other.workload + " now"
	}
	fields := []any{"endpoint", other.workload + "." + port, "format", nil}
	if format != "{host}:{port}" {
		fields[3] = format
	}
	r.put(path, importer.Struct(n.At, fields...), n, why)
}

// scalar keeps numbers and bools where they are passed on just so.
func (r *reader) scalar(n *data.Node) any {
	switch {
	case n.Kind == data.Bool:
		return n.Text == "true"
	case n.Kind == data.Int && len(n.Text) < 16:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
	}
	return n.Text
}

// endpoint finds the host of another service in a text, and its port: http://api:9000/v1.
func (r *reader) endpoint(s *service, text string) (other *service, port, format string) {
	if strings.ContainsAny(text, "{}") {
		return nil, "", ""
	}
	for _, h := range r.hostsIn(text) {
		o := h.of
		if o.workload == s.workload || o.pause || len(r.portsOf(o)) == 0 {
			continue
		}
		if h.port != "" {
			for _, p := range r.portsOf(o) {
				if strconv.Itoa(p.number) == h.port {
					return o, p.name, h.before + "{host}:{port}" + h.after
				}
			}
			continue
		}
		if h.before == "" && h.after == "" || strings.HasSuffix(h.before, "://") && (h.after == "" || h.after[0] == '/') {
			return o, r.portsOf(o)[0].name, h.before + "{host}" + h.after
		}
	}
	return nil, "", ""
}

// hostIn is the host of a service in a text, with the port behind it.
type hostIn struct {
	of                  *service
	before, port, after string
}

// hostsIn finds hosts of services in a text: the whole of it, or behind // or @, and before a
// port or a path.
func (r *reader) hostsIn(text string) (all []hostIn) {
	for start := 0; start >= 0; {
		rest := text[start:]
		end := strings.IndexAny(rest, ":/")
		if end < 0 {
			end = len(rest)
		}
		if o := r.hosts[rest[:end]]; o != nil {
			h := hostIn{of: o, before: text[:start], after: rest[end:]}
			if digits, ok := strings.CutPrefix(h.after, ":"); ok {
				n := strings.IndexFunc(digits, func(c rune) bool { return c < '0' || c > '9' })
				if n < 0 {
					n = len(digits)
				}
				h.port, h.after = digits[:n], digits[n:]
			}
			if start > 0 || h.after == "" || h.port != "" {
				all = append(all, h)
			}
		}
		next := -1
		for _, sign := range []string{"//", "@"} {
			if i := strings.Index(rest, sign); i >= 0 && (next < 0 || start+i+len(sign) < next) {
				next = start + i + len(sign)
			}
		}
		start = next
	}
	return all
}

// envFiles reads files of variables into the process's. What environment states wins.
func (r *reader) envFiles(s *service, n *data.Node) {
	files := n.Elems
	if n.Kind != data.List {
		files = []*data.Node{n}
	}
	for _, e := range files {
		name, required, at := e.Text, true, e
		if e.Kind == data.Struct {
			at = e.Get("path")
			name, required = e.TextAt("path"), e.TextAt("required") != "false"
			if of := e.Get("required"); of != nil {
				r.Holds("it says whether the file may be missing", of)
			}
		}
		text, path, err := r.Open(s.file, name)
		switch {
		case err != nil && !required:
			r.Holds("the file is not there, and may be missing", at)
			continue
		case err != nil:
			d := r.Errorf(at, diag.Unreadable, "the file of variables %s cannot be read", name)
			d.Help = "put it there, or take it out of env_file: without its variables the tenant would not be the same"
			continue
		}
		r.Holds("its variables are read", at)
		r.envFile(s, path, text)
	}
}

// envFile adds the variables of a file; each line is a value of the input.
func (r *reader) envFile(s *service, path string, text []byte) {
	src := data.NewSource(path, text)
	root := &data.Node{Kind: data.Struct, At: src.Pos(0, 0)}
	own := r.project.named(s.node.Get("environment"))
	for _, v := range envFile(text) {
		f := fill(v.value, r.project.vars)
		n := &data.Node{Kind: data.String, Text: f.text, At: src.Pos(v.start, v.end)}
		if !v.given {
			n.Kind = data.Null
		}
		r.project.info[n] = f
		root.Set(v.name, n.At, n)
	}
	r.Count(&importer.Document{File: path, Root: root, Text: src})
	for _, f := range root.Fields {
		if own != nil && own.Field(f.Name) != nil {
			r.Holds("environment states it", f.Value)
			continue
		}
		r.variable(s, f.Name, f.Value)
	}
}
