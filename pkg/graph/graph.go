// Package graph draws the parts of tenants and their dependencies, for reviews: containers in
// workloads in tenants, their endpoints, and the secrets and volumes that they use.
package graph

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Writer writes a drawing: call Add for each tenant, then Close once.
type Writer interface {
	Add(*plan.Plan) error
	Close() error
}

// formats are the known formats; each has its own file.
var formats = map[string]func(io.Writer) Writer{
	"dot":     newDOT,
	"mermaid": newMermaid,
}

// Formats returns the names of the known formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// New makes a writer of the named format.
func New(format string, w io.Writer) (Writer, error) {
	make, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("unknown format %q: known are %s", format, strings.Join(Formats(), ", "))
	}
	return make(w), nil
}

// shape is the kind of a node.
type shape int

const (
	process  shape = iota // a container
	endpoint              // an exposed port
	entry                 // an ingress
	secret
	volume
)

// box is a tenant or a workload. Its id is unique.
type box struct {
	id    []string
	title string
	nodes []node
	boxes []box
}

// node is a drawn thing, with lines of text.
type node struct {
	id    []string
	shape shape
	lines []string
}

// edge leads from a user to what it uses, and from an endpoint to the container that serves it.
type edge struct {
	from, to []string
	label    string
	faint    bool // a call, or a dependency
}

// drawing is the drawing of one tenant.
type drawing struct {
	box
	edges []edge
}

// draw lays out a plan.
func draw(p *plan.Plan) drawing {
	root := []string{p.Provider, p.ID}
	d := drawing{box: box{id: id(root, "tenant"), title: fmt.Sprintf("%s (%s)", p.ID, p.Provider)}}
	for name := range plan.Sorted(p.Secrets) {
		d.nodes = append(d.nodes, node{id(root, "secret", name), secret, []string{name}})
	}
	for name, v := range plan.Sorted(p.Volumes) {
		d.nodes = append(d.nodes, node{id(root, "volume", name), volume, []string{name, "shared, " + plan.Size(v.SizeMiB)}})
	}
	for name, w := range plan.Sorted(p.Workloads) {
		d.workload(root, name, w)
	}
	return d
}

func (d *drawing) workload(root []string, name string, w plan.Workload) {
	b := box{id: id(root, "workload", name), title: name + ": " + title(w)}
	for volumeName, v := range plan.Sorted(w.Volumes) {
		if v.Shared != "" {
			continue // shared, drawn with the tenant
		}
		b.nodes = append(b.nodes, node{id(root, "volume", name, volumeName), volume, []string{volumeName, storage(v)}})
	}
	for containerName, c := range plan.Sorted(w.Containers) {
		lines := []string{containerName, c.Image}
		if c.Role != plan.Main {
			lines[0] += ": " + string(c.Role)
		}
		at := id(root, "container", name, containerName)
		b.nodes = append(b.nodes, node{at, process, lines})
		for port, p := range plan.Sorted(c.Ports) {
			if p.Expose == "none" {
				continue
			}
			text := fmt.Sprintf("%d/%s", p.Number, p.Protocol)
			if p.Expose == "public" {
				text += ", public"
			}
			b.nodes = append(b.nodes, node{id(root, "endpoint", name, port), endpoint, []string{port, text}})
			d.edges = append(d.edges, edge{from: id(root, "endpoint", name, port), to: at})
		}
		d.uses(root, name, at, w, c)
		for other, condition := range plan.Sorted(c.DependsOn) {
			d.edges = append(d.edges, edge{at, id(root, "container", name, other), "waits: " + condition, true})
		}
	}
	for i, in := range w.Ingress {
		at := id(root, "ingress", name, fmt.Sprint(i))
		scheme := "http://"
		if in.TLS || in.TLSSecret != "" {
			scheme = "https://"
		}
		d.nodes = append(d.nodes, node{at, entry, []string{scheme + in.Host + in.Path}})
		d.edges = append(d.edges, edge{from: at, to: id(root, "endpoint", name, in.Port)})
		if in.TLSSecret != "" {
			d.edges = append(d.edges, edge{at, id(root, "secret", in.TLSSecret), "TLS", false})
		}
	}
	d.boxes = append(d.boxes, b)
}

// uses draws what a container uses: one edge for each source, with all of the container's names
// for it.
func (d *drawing) uses(root []string, workload string, at []string, w plan.Workload, c plan.Container) {
	var edges []edge
	add := func(source []string, label string, faint bool) {
		for i := range edges {
			if slices.Equal(edges[i].to, source) {
				edges[i].label += ", " + label
				return
			}
		}
		edges = append(edges, edge{at, source, label, faint})
	}
	for at, e := range c.Sources() {
		name := fmt.Sprint(at[1])
		if e.Secret != "" {
			add(id(root, "secret", e.Secret), name, false)
		}
		if e.Endpoint != nil {
			add(id(root, "endpoint", e.Endpoint.Workload, e.Endpoint.Port), name, true)
		}
	}
	for path, m := range plan.Sorted(c.Mounts) {
		if m.Secret != "" {
			add(id(root, "secret", m.Secret), path, false)
		}
		if shared := w.Volumes[m.Volume].Shared; shared != "" {
			add(id(root, "volume", shared), path, false)
		} else if m.Volume != "" {
			add(id(root, "volume", workload, m.Volume), path, false)
		}
	}
	d.edges = append(d.edges, edges...)
}

// title describes how a workload runs.
func title(w plan.Workload) string {
	switch {
	case w.Kind == plan.Cron:
		return fmt.Sprintf("cron, %s %s", w.Schedule, w.Timezone)
	case w.Autoscale != nil:
		return fmt.Sprintf("%s, %d to %d copies", w.Kind, w.Autoscale.Min, w.Autoscale.Max)
	case w.Replicas == 1:
		return string(w.Kind)
	}
	return fmt.Sprintf("%s, %d copies", w.Kind, w.Replicas)
}

func storage(v plan.Volume) string {
	if v.Persistent != nil {
		return "persistent, " + plan.Size(v.Persistent.SizeMiB)
	}
	if v.Ephemeral.SizeMiB > 0 {
		return "ephemeral, " + plan.Size(v.Ephemeral.SizeMiB)
	}
	return "ephemeral"
}

// id returns an id that is unique among all tenants.
func id(root []string, words ...string) []string { return slices.Concat(words[:1], root, words[1:]) }

// ident encodes an id as letters, digits and underscores, without collisions: other bytes
// become _ and two digits, and two underscores separate the words.
func ident(id []string) string {
	var b strings.Builder
	for i, word := range id {
		if i > 0 {
			b.WriteString("__")
		}
		for _, c := range []byte(word) {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "_%02x", c)
			}
		}
	}
	return b.String()
}
