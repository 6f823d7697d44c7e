// Package score imports Score files (https://docs.score.dev/docs/score-specification/, v1b1): a
// workload a file. Score is of no platform, and so there is no proof: what a resource becomes is
// the choice of whoever provisions it.
package score

import (
	"cmp"
	"math/big"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Format is the Score file.
var Format = importer.Format{
	Name: "score", Provider: "kubernetes",
	Doc:    "Score files, each a workload",
	Detect: detect, Import: read,
}

// detect reports whether a document is a Score file.
func detect(root *data.Node) bool {
	return strings.HasPrefix(textAt(root, "apiVersion"), "score.dev/")
}

// reader makes a workload of a file.
type reader struct {
	*importer.Draft
	doc  *importer.Document
	root *data.Node
	id   string // the tenant's
	name string // the workload's
}

func (r *reader) in(elems ...any) diag.Path { return diag.At("workloads", r.name).To(elems...) }

// read reads the documents of the draft.
func read(d *importer.Draft) {
	names := d.Names("workload", importer.ShortName)
	id := ""
	for _, doc := range d.Docs {
		name := doc.Root.Get("metadata", "name")
		if v := textAt(doc.Root, "apiVersion"); v != "score.dev/v1b1" {
			d.Errorf(doc.Root, diag.Unsupported, "%q is no version of Score that is known: score.dev/v1b1", v)
			continue
		}
		if name == nil || doc.Root.Get("containers") == nil {
			d.Errorf(doc.Root, diag.MissingField, "a Score file has a name and containers")
			continue
		}
		if id == "" {
			id = importer.Name(cmp.Or(d.Options.ID, name.Text))
			id = strings.Trim(id[:min(len(id), importer.ShortName)], "-")
			d.Put(diag.At("id"), id, name)
		}
		r := &reader{Draft: d, doc: doc, root: doc.Root, id: id, name: names.Take(name.Text, name)}
		r.read(name)
	}
}

func (r *reader) read(name *data.Node) {
	r.Put(r.in("containers"), nil, name)
	r.Carry(r.in(), r.root.Get("apiVersion"))
	r.Holds("the version that is read", r.root.Get("apiVersion"))
	if name.Text == r.name {
		r.Said(r.in(), name)
	} else {
		r.Nearly(r.in(), "names are of lower-case letters, digits and hyphens", name)
	}
	if annotations := r.root.Get("metadata", "annotations"); annotations != nil {
		r.Lose("what implementations of Score read is nothing to others", annotations)
	}
	containers := r.root.Get("containers")
	for _, f := range containers.Fields {
		r.container(f)
	}
	if len(containers.Fields) > 0 {
		r.ports(importer.Name(containers.Fields[0].Name))
	}
	r.resources()
}

func (r *reader) container(c data.Field) {
	at := r.in("containers", importer.Name(c.Name))
	r.Put(at, nil, c.Value)
	r.Carry(at, c.Value)
	for _, f := range c.Value.Fields {
		n := f.Value
		switch f.Name {
		case "image":
			image := n.Text
			if image == "." {
				image = r.name + ":latest"
				r.Near(at.To("image"), image, "a tenant names an image: build it, push it, and name it here", n)
				continue
			}
			if !strings.ContainsAny(image[strings.LastIndex(image, "/")+1:], ":@") {
				image += ":latest"
			}
			r.Set(at.To("image"), image, n)
		case "command", "args":
			var list []string
			for _, e := range n.Elems {
				text, _ := r.plain(e.Text)
				list = append(list, text)
			}
			if len(list) > 0 {
				r.Set(at.To(f.Name), list, n)
			}
		case "variables":
			for _, v := range n.Fields {
				r.variable(at.To("env", v.Name), v.Value)
			}
		case "files":
			r.files(at, n)
		case "volumes":
			r.volumes(at, n)
		case "resources":
			r.amounts(at.To("resources"), n)
		case "livenessProbe":
			r.probe(at.To("health"), n)
		case "readinessProbe":
			r.probe(at.To("ready"), n)
		}
	}
}

// placeholder is what Score replaces in a text; $$ is a dollar.
var placeholder = lazyregexp.New(`\$\$|\$\{([^}]*)\}`)

// plain is a text whose placeholders are of the file itself; ok is false where one is of a
// resource.
func (r *reader) plain(text string) (plain string, ok bool) {
	ok = true
	plain = placeholder.ReplaceAllStringFunc(text, func(m string) string {
		switch {
		case m == "$$":
			return "$"
		case m == "${metadata.name}":
			return textAt(r.root.Get("metadata"), "name")
		}
		ok = false
		return m
	})
	return plain, ok
}

// variable sets a variable. One of a resource's is a secret.
func (r *reader) variable(path diag.Path, n *data.Node) {
	text, ok := r.plain(n.Text)
	name := path[len(path)-1]
	m := placeholder.FindStringSubmatch(n.Text)
	switch {
	case ok && importer.Credential(name, text) == "":
		if n.Kind == data.String {
			r.Set(path, text, n)
		} else {
			r.Set(path, &data.Node{Kind: n.Kind, Text: n.Text, At: n.At}, n)
		}
	case ok:
		r.Hidden(text)
		secret := r.Secret(name, r.id+"-"+r.name, name, n)
		r.Near(path.To("secret"), secret, "its value is not written: put it into the platform's store", n)
	case m != nil && m[0] == n.Text && strings.Count(m[1], ".") >= 2:
		_, rest, _ := strings.Cut(m[1], ".")
		resource, key, _ := strings.Cut(rest, ".")
		secret := r.Secret(resource+"-"+key, r.id+"-"+importer.Name(resource), key, n)
		r.Near(path.To("secret"), secret, "what a resource gives is a secret of the platform's store", n)
	default:
		secret := r.Secret(name, r.id+"-"+r.name, name, n)
		r.Near(path.To("secret"), secret, "a text of what resources give is a secret of the platform's store", n)
	}
}

// files carries files; their paths are the keys, or each names its target.
func (r *reader) files(at diag.Path, n *data.Node) {
	each := func(from *data.Node, to string) {
		content := from.Get("content")
		text := ""
		switch source := from.Get("source"); {
		case content != nil && content.Kind == data.List:
			var lines []string
			for _, e := range content.Elems {
				lines = append(lines, e.Text)
			}
			text = strings.Join(lines, "\n")
		case content != nil:
			text = content.Text
		case source != nil:
			read, _, err := r.Open(r.doc.File, source.Text)
			if err != nil {
				r.Lose("the file is not there to be carried", from)
				return
			}
			text = string(read)
		}
		if textAt(from, "noExpand") != "true" {
			plain, ok := r.plain(text)
			if !ok {
				r.Lose("a file does not hold what resources give", from)
				return
			}
			text = plain
		}
		if text == "" || importer.Credential("", text) != "" {
			r.Lose("a file of a tenant is text, without credentials", from)
			return
		}
		config, file := importer.Name(r.name+"-"+path.Base(to)), filepath.Base(to)
		r.Put(diag.At("config", config, file), text, from)
		r.Put(at.To("mounts", path.Clean(to)), importer.Struct(from.At, "config", config, "file", file), from)
		for _, f := range from.Fields {
			switch f.Name {
			case "content":
				r.Nearly(diag.At("config", config, file), "a file is mounted, and can be read only", f.Value)
			case "source":
				r.Nearly(diag.At("config", config, file), "the file is carried as it is now", f.Value)
			case "target":
				r.Said(at.To("mounts", path.Clean(to)), f.Value)
			case "noExpand":
				r.Holds("nothing is replaced in a file", f.Value)
			case "mode":
				r.Lose("everybody may read a file", f.Value)
			}
		}
	}
	for _, f := range n.Fields {
		each(f.Value, f.Name)
	}
	for _, e := range n.Elems {
		if target := e.Get("target"); target != nil {
			each(e, target.Text)
		}
	}
}

// volumes mounts resources of type volume.
func (r *reader) volumes(at diag.Path, n *data.Node) {
	each := func(from *data.Node, to string) {
		source := from.Get("source")
		m := placeholder.FindStringSubmatch(textAt(from, "source"))
		name := textAt(from, "source")
		if m != nil {
			_, name, _ = strings.Cut(m[1], ".")
		}
		name = importer.Name(name)
		r.Put(r.in("volumes", name, "persistent", "size"), assumedSize, from)
		node := importer.Struct(from.At, "volume", name)
		if textAt(from, "readOnly") == "true" || textAt(from, "read_only") == "true" {
			node = importer.Struct(from.At, "volume", name, "readOnly", true)
		}
		mount := at.To("mounts", path.Clean(to))
		r.Put(mount, node, from)
		for _, f := range from.Fields {
			switch {
			case f.Value == source:
				r.Nearly(mount, "a resource states no size: "+assumedSize+" is assumed", f.Value)
			case f.Name == "path" && f.Value.Text != "":
				r.Lose("a whole volume is mounted", f.Value)
			default:
				r.Said(mount, f.Value)
			}
		}
	}
	for _, f := range n.Fields {
		each(f.Value, f.Name)
	}
	for _, e := range n.Elems {
		each(e, textAt(e, "target"))
	}
}

// assumedSize is the size of a volume, which a resource does not state.
const assumedSize = "10Gi"

func (r *reader) amounts(at diag.Path, n *data.Node) {
	names := map[string]string{"requests cpu": "cpu", "limits cpu": "cpuMax", "requests memory": "memory", "limits memory": "memoryMax"}
	for _, list := range n.Fields {
		for _, f := range list.Value.Fields {
			path := at.To(names[list.Name+" "+f.Name])
			amount, ok := importer.Scaled(f.Value.Text, units)
			if !ok || names[list.Name+" "+f.Name] == "" {
				r.Lose("it is no amount of processor or memory", f.Value)
				continue
			}
			if f.Name == "cpu" {
				millis, exact := importer.Ceil(new(big.Rat).Mul(amount, big.NewRat(1000, 1)))
				r.amount(path, importer.Millis(millis.Int64()), exact, f.Value)
				continue
			}
			bytes, _ := importer.Ceil(amount)
			text, exact := importer.MiB(bytes)
			r.amount(path, text, exact, f.Value)
		}
	}
}

func (r *reader) amount(path diag.Path, text string, exact bool, n *data.Node) {
	if exact {
		r.Set(path, text, n)
		return
	}
	r.Near(path, text, "processors are given to a thousandth, memory in whole MiB", n)
}

// units are those of Kubernetes, which Score has too.
var units = map[string]*big.Rat{
	"": big.NewRat(1, 1), "m": big.NewRat(1, 1000), "k": big.NewRat(1e3, 1), "M": big.NewRat(1e6, 1), "G": big.NewRat(1e9, 1), "T": big.NewRat(1e12, 1),
	"Ki": big.NewRat(1<<10, 1), "Mi": big.NewRat(1<<20, 1), "Gi": big.NewRat(1<<30, 1), "Ti": big.NewRat(1<<40, 1),
}

func (r *reader) probe(at diag.Path, n *data.Node) {
	if get := n.Get("httpGet"); get != nil {
		for _, f := range get.Fields {
			switch {
			case f.Name == "path" && f.Value.Text == "/", f.Name == "scheme" && f.Value.Text == "HTTP":
				r.Holds("the default", f.Value)
			case f.Name == "path":
				r.Set(at.To("http", "path"), f.Value.Text, f.Value)
			case f.Name == "port":
				port, err := strconv.Atoi(f.Value.Text)
				if err != nil {
					r.Lose("a port is a number", f.Value)
					continue
				}
				r.Set(at.To("http", "port"), port, f.Value)
			default:
				r.Lose("a check asks its container by GET, without headers", f.Value)
			}
		}
	}
	if command := n.Get("exec", "command"); command != nil {
		var list []string
		for _, e := range command.Elems {
			list = append(list, e.Text)
		}
		r.Set(at.To("exec", "command"), list, command)
	}
}

// ports are of the first container: Score does not say whose they are.
func (r *reader) ports(container string) {
	ports := r.root.Get("service", "ports")
	if ports == nil {
		return
	}
	for _, f := range ports.Fields {
		port, target := f.Value.Get("port"), f.Value.Get("targetPort")
		if target == nil {
			target = port
		}
		number, err := strconv.Atoi(textOf(target))
		if err != nil {
			r.Lose("a port is a number", f.Value)
			continue
		}
		name := importer.Name(f.Name)
		if len(name) > importer.PortName {
			name = importer.PortOf(number, false, func(string) bool { return false })
		}
		path := r.in("containers", container, "ports", name)
		udp := strings.EqualFold(textAt(f.Value, "protocol"), "udp")
		if udp {
			r.Put(path, importer.Struct(f.Value.At, "port", number, "protocol", "udp"), f.Value)
		} else {
			r.Put(path, number, f.Value)
		}
		r.Carry(path, f.Value)
		for _, g := range f.Value.Fields {
			switch {
			case g.Name == "port" && g.Value.Text != textOf(target):
				r.Nearly(path, "a workload's ports are found by their own numbers", g.Value)
			case g.Name == "protocol" && !udp:
				r.Holds("the default", g.Value)
			default:
				r.Said(path, g.Value)
			}
		}
	}
}

// resources are routes, volumes and what others provision.
func (r *reader) resources() {
	all := r.root.Get("resources")
	if all == nil {
		return
	}
	for _, f := range all.Fields {
		kind := textAt(f.Value, "type")
		switch {
		case kind == "volume" && r.Get(r.in("volumes", importer.Name(f.Name))) != nil:
			r.Nearly(r.in("volumes", importer.Name(f.Name)), "a resource states no size: "+assumedSize+" is assumed", f.Value)
		case kind == "route" && r.route(f.Value):
		case r.given(f.Name):
			r.Nearly(diag.At("secrets"), "who provisions it puts what it gives into the platform's store", f.Value)
		default:
			r.Lose("a tenant has no "+cmp.Or(kind, "such")+" resource: provision it beside the tenant", f.Value)
		}
	}
}

// given reports whether the workload reads what a resource gives.
func (r *reader) given(resource string) bool {
	for _, f := range fieldsOf(r.Get(diag.At("secrets"))) {
		if textAt(f.Value, "path") == r.id+"-"+importer.Name(resource) {
			return true
		}
	}
	return false
}

func fieldsOf(n *data.Node) []data.Field {
	if n == nil {
		return nil
	}
	return n.Fields
}

// route is an ingress, where its host is known.
func (r *reader) route(n *data.Node) bool {
	params := n.Get("params")
	host, ok := r.plain(textAt(params, "host"))
	port := textAt(params, "port")
	if !ok || host == "" {
		return false
	}
	for _, c := range fieldsOf(r.Get(r.in("containers"))) {
		for _, p := range fieldsOf(c.Value.Get("ports")) {
			service := r.root.Get("service", "ports", p.Name)
			if p.Name != port && p.Value.Text != port && textAt(service, "port") != port {
				continue
			}
			entry := importer.Struct(n.At, "host", host)
			if text := textAt(params, "path"); text != "" && text != "/" {
				entry.Set("path", n.At, &data.Node{Kind: data.String, Text: text, At: n.At})
			}
			entry.Set("port", n.At, &data.Node{Kind: data.String, Text: p.Name, At: n.At})
			at := r.in("ingress").To(r.Append(r.in("ingress"), entry))
			r.Nearly(at, "a route is an ingress", n)
			return true
		}
	}
	return false
}

func textAt(n *data.Node, field string) string { return textOf(n.Get(field)) }

func textOf(n *data.Node) string {
	if n == nil || len(n.Fields)+len(n.Elems) > 0 {
		return ""
	}
	return n.Text
}
