// Package compose imports Compose files (https://github.com/compose-spec/compose-spec): a
// workload a service. Several files are merged as docker compose merges them, with what they
// include and extend, and their variables replaced.
package compose

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Format is the Compose file.
var Format = importer.Format{
	Name: "compose", Provider: "compose",
	Doc:    "Compose files, the later ones over the earlier",
	Detect: detect, Import: read, Facts: factsOf, Added: added,
}

// detect reports whether a document has services.
func detect(root *data.Node) bool {
	services := root.Get("services")
	return root.Kind == data.Struct && (services != nil && services.Kind == data.Struct || root.Get("include") != nil) && root.Get("workloads") == nil
}

// reader makes a tenant of a project.
type reader struct {
	*importer.Draft
	project  *project
	services []*service
	byName   map[string]*service
	names    *importer.Names
	volumes  map[string][]*service // that mount a named volume
	shared   map[string]bool       // volumes that several workloads mount
	labels   map[string]int        // how many services have a label of that value
	configs  map[string]string     // files that are carried, by where they came from

	hosts     map[string]*service // by the names that others find them by
	lookedFor map[*service][]look
	published string // the address of the machine's ports
}

// service is one service on its way into a container.
type service struct {
	name      string // in the file
	node      *data.Node
	file      string
	workload  string
	container string
	pause     bool // it only holds a network
	init      bool
}

// host is what others find the service by: its name or, where it is one of a workload's, the
// alias that such services are rendered with.
func (s *service) host() string {
	if workload, _, dotted := strings.Cut(s.name, "."); dotted && workload == s.workload {
		return workload
	}
	return s.name
}

func (s *service) in(elems ...any) diag.Path { return diag.At("workloads", s.workload).To(elems...) }

func (s *service) at(elems ...any) diag.Path {
	return s.in("containers", s.container).To(elems...)
}

// literal keeps values with a $ out of patches, where it would be replaced again.
func (r *reader) literal(n *data.Node) {
	if strings.Contains(n.Text, "$") {
		r.Refuse(n, "a $ in it would be replaced again")
	}
	for _, f := range n.Fields {
		r.literal(f.Value)
	}
	for _, e := range n.Elems {
		r.literal(e)
	}
}

// patch is where the service's own words are kept.
func (s *service) patch(elems ...any) diag.Path {
	return s.in("extensions", "compose", "patch", "containers", s.container).To(elems...)
}

// read reads the documents of the draft.
func read(d *importer.Draft) {
	r := &reader{
		Draft: d, project: load(d, d.Docs, false), byName: map[string]*service{}, volumes: map[string][]*service{},
		labels: map[string]int{}, configs: map[string]string{},
		hosts: map[string]*service{}, lookedFor: map[*service][]look{}, names: d.Names("service", importer.ShortName),
	}
	root := r.project.root
	services := root.Get("services")
	if services == nil || services.Kind != data.Struct || len(services.Fields) == 0 {
		e := d.Errorf(d.Docs[0].Root, diag.NotATenant, "the file has no services")
		e.Help = "name the Compose file that has them"
		return
	}
	r.top(root)
	for _, f := range services.Fields {
		r.learn(f)
	}
	r.place()
	if d.Diagnostics.HasErrors() {
		return
	}
	r.look()
	r.share()
	for _, s := range r.services {
		r.ports(s)
	}
	for _, s := range r.services {
		r.service(s)
	}
	r.topVolumes(root.Get("volumes"))
	for _, s := range r.services {
		if !s.pause {
			r.literal(s.node)
			r.Keep(s.patch(), s.node, func(at diag.Path) string {
				return map[string]string{"volumes": "target"}[at[len(at)-1]]
			})
		}
	}
}

// top reads what is about the whole project.
func (r *reader) top(root *data.Node) {
	id := "app"
	if file := r.Docs[0].File; file != "-" {
		if dir, err := filepath.Abs(file); err == nil {
			id = importer.Name(filepath.Base(filepath.Dir(dir)))
		}
	}
	id = id[:min(len(id), importer.ShortName)]
	r.Put(diag.At("id"), strings.Trim(id, "-"))
	for _, f := range root.Fields {
		switch f.Name {
		case "name":
			own := importer.Name(f.Value.Text)
			r.Put(diag.At("id"), own[:min(len(own), importer.ShortName)], f.Value)
			r.Carry(diag.At("id"), f.Value)
			switch {
			case own == f.Value.Text && len(own) <= importer.ShortName && (r.Options.ID == "" || r.Options.ID == own):
				r.Said(diag.At("id"), f.Value)
			default:
				r.Set(diag.At("extensions", "compose", "project"), f.Value.Text, f.Value)
			}
		case "version":
			r.Holds("docker compose reads no version", f.Value)
		case "services", "volumes", "configs", "secrets", "include":
		case "networks":
			r.Nearly(diag.At("workloads"), "all workloads of a tenant share one network", f.Value)
		default:
			if strings.HasPrefix(f.Name, "x-") {
				r.Lose("it means nothing to docker compose", f.Value)
			}
		}
	}
}

// learn notes a service, and leaves out one of a profile that is not active.
func (r *reader) learn(f data.Field) {
	s := &service{name: f.Name, node: f.Value, file: r.project.file[f.Value]}
	r.byName[f.Name] = s
	if f.Value.Kind != data.Struct {
		r.Errorf(f.Value, diag.WrongType, "service %s is no mapping", f.Name)
		return
	}
	if profiles := f.Value.Get("profiles"); profiles != nil && len(profiles.Elems) > 0 {
		active := slices.ContainsFunc(profiles.Elems, func(n *data.Node) bool {
			return n.Text == jobs || slices.Contains(r.Options.Profiles, n.Text) || slices.Contains(r.Options.Profiles, "*")
		})
		if !active {
			r.Lose("no profile of the service is active: --profile "+profiles.Elems[0].Text+" imports it", f.Value)
			return
		}
	}
	r.services = append(r.services, s)
	labels := r.project.named(f.Value.Get("labels"))
	if labels != nil {
		for _, l := range labels.Fields {
			r.labels[l.Name+"="+l.Value.Text]++
		}
	}
}

// place says which container of which workload each service is.
func (r *reader) place() {
	for _, s := range r.services {
		to, joined := strings.CutPrefix(s.node.TextAt("network_mode"), "service:")
		if other := r.byName[to]; joined && other != nil && strings.Contains(other.node.TextAt("image"), "/pause:") {
			other.pause = true
		}
	}
	for _, s := range r.services {
		workload, container, dotted := strings.Cut(s.name, ".")
		switch {
		case s.pause:
			s.workload = importer.Name(s.name)
		case dotted && plainName(workload) && plainName(container):
			s.workload, s.container = workload, container
		default:
			s.workload, s.container = r.names.Take(s.name, s.node), "app"
		}
	}
	for range r.services { // one may join another that joins a third
		for _, s := range r.services {
			to, joined := strings.CutPrefix(s.node.TextAt("network_mode"), "service:")
			if other := r.byName[to]; joined && other != nil && other.workload != s.workload {
				s.workload, s.container = other.workload, importer.Name(s.name)
			}
		}
	}
	for _, s := range r.services {
		if strings.Contains(s.name, ".") && s.node.Get("networks") == nil && s.node.Get("network_mode") == nil && r.awaited(s) {
			s.init = true
		}
	}
}

func plainName(s string) bool { return importer.Name(s) == s }

// awaited reports whether another service of the workload waits until this one has ended.
func (r *reader) awaited(s *service) bool {
	for _, other := range r.services {
		if other.workload == s.workload && other.node.Get("depends_on", s.name).TextAt("condition") == "service_completed_successfully" {
			return true
		}
	}
	return false
}

// jobs is the profile of the services of jobs, as they are rendered.
const jobs = "jobs"
