// Package kubernetes imports objects of Kubernetes: files of them, and what helm template and
// kustomize build print. A workload is a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod, with the
// Services, Ingresses, ConfigMaps, claims, autoscalers and budgets that belong to it.
package kubernetes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Format is the objects of Kubernetes.
var Format = importer.Format{
	Name: "kubernetes", Provider: "kubernetes",
	Doc:    "objects of Kubernetes, also of helm template or kustomize build",
	Detect: detect, Import: read, Facts: factsOf, Added: added,
}

// detect reports whether a document is an object of Kubernetes.
func detect(root *data.Node) bool {
	return root.Kind == data.Struct && root.TextAt("apiVersion") != "" && root.TextAt("kind") != "" && !strings.HasPrefix(root.TextAt("apiVersion"), "score.dev/")
}

// object is one object of the input.
type object struct {
	kind, name string
	node       *data.Node
}

// objectsOf are the objects of documents, those of lists too.
func objectsOf(docs []*importer.Document) (all []object) {
	var add func(*data.Node)
	add = func(n *data.Node) {
		if n.Kind != data.Struct {
			return
		}
		if items := n.Get("items"); strings.HasSuffix(n.TextAt("kind"), "List") && items != nil {
			for _, e := range items.Elems {
				add(e)
			}
			return
		}
		all = append(all, object{n.TextAt("kind"), n.Get("metadata").TextAt("name"), n})
	}
	for _, doc := range docs {
		add(doc.Root)
	}
	return all
}

// controllers are the kinds that run pods, and where they have the template of these.
var controllers = map[string][]string{
	"Deployment":            {"spec", "template"},
	"StatefulSet":           {"spec", "template"},
	"ReplicaSet":            {"spec", "template"},
	"ReplicationController": {"spec", "template"},
	"DaemonSet":             {"spec", "template"},
	"Job":                   {"spec", "template"},
	"CronJob":               {"spec", "jobTemplate", "spec", "template"},
	"Pod":                   {},
}

// workload is one workload in the making.
type workload struct {
	object
	id       string     // its name in the tenant
	template *data.Node // of its pods
	pod      *data.Node // the spec of these
	served   map[string]bool
	public   map[string]bool
}

func (w *workload) in(elems ...any) diag.Path { return diag.At("workloads", w.id).To(elems...) }

func (w *workload) extension(elems ...any) diag.Path {
	return w.in("extensions", "kubernetes").To(elems...)
}

// reader makes a tenant of objects.
type reader struct {
	*importer.Draft
	id        string
	objects   []object
	workloads []*workload
	configs   map[string]object // ConfigMaps by their names
	secrets   map[string]object
	claims    map[string]object
	services  map[string]*workload // by the names of Services
	used      map[*data.Node]bool  // objects that something reads
}

// read reads the documents of the draft.
func read(d *importer.Draft) {
	r := &reader{
		Draft: d, objects: objectsOf(d.Docs), configs: map[string]object{}, secrets: map[string]object{}, claims: map[string]object{},
		services: map[string]*workload{}, used: map[*data.Node]bool{},
	}
	for _, o := range r.objects {
		switch o.kind {
		case "ConfigMap":
			r.configs[o.name] = o
		case "Secret":
			r.secrets[o.name] = o
		case "PersistentVolumeClaim":
			r.claims[o.name] = o
		}
	}
	r.find()
	if len(r.workloads) == 0 && !d.Diagnostics.HasErrors() {
		e := d.Errorf(d.Docs[0].Root, diag.NotATenant, "no object runs anything")
		e.Help = "a tenant is made of Deployments, StatefulSets, DaemonSets, Jobs, CronJobs and Pods"
	}
	if d.Diagnostics.HasErrors() {
		return
	}
	for _, w := range r.workloads {
		r.Put(w.in("containers"), nil, w.node)
		r.containerPorts(w)
	}
	for _, o := range r.objects {
		if o.kind == "Service" {
			r.service(o)
		}
	}
	for _, w := range r.workloads {
		r.exposed(w)
	}
	for _, w := range r.workloads {
		r.metadata(w.object, w)
		r.controller(w)
	}
	for _, o := range r.objects {
		r.beside(o)
	}
	r.namespace()
	for _, w := range r.workloads {
		r.keep(w)
	}
}

// beside reads what belongs to workloads.
func (r *reader) beside(o object) {
	if _, is := controllers[o.kind]; is {
		return
	}
	switch o.kind {
	case "Service": // read before
	case "Ingress":
		r.ingress(o)
	case "ConfigMap":
		r.configMap(o)
	case "Secret":
		r.secret(o)
	case "PersistentVolumeClaim":
		if !r.used[o.node] {
			r.Lose("nothing mounts it", o.node)
		}
	case "HorizontalPodAutoscaler":
		r.autoscaler(o)
	case "PodDisruptionBudget":
		r.budget(o)
	case "ServiceAccount":
		r.serviceAccount(o)
	default:
		r.Lose("a tenant has no "+cmp.Or(o.kind, "such object")+": apply it beside the tenant", o.node)
	}
}

// find finds the workloads, and gives them their names.
func (r *reader) find() {
	var names []string
	namespace := ""
	for _, o := range r.objects {
		at, ok := controllers[o.kind]
		if !ok {
			continue
		}
		template := o.node
		if len(at) > 0 {
			template = o.node.Get(at...)
		}
		w := &workload{object: o, template: template, pod: template.Get("spec"), served: map[string]bool{}, public: map[string]bool{}}
		if w.pod == nil || w.pod.Get("containers") == nil {
			r.Errorf(o.node, diag.MissingField, "%s %s has no containers", o.kind, o.name)
			continue
		}
		r.workloads = append(r.workloads, w)
		names = append(names, o.name)
		namespace = cmp.Or(namespace, o.node.Get("metadata").TextAt("namespace"))
	}
	if len(names) == 0 {
		return
	}
	r.id = cmp.Or(r.Options.ID, prefixOf(names), namespace, names[0])
	r.id = importer.Name(r.id)
	r.id = strings.Trim(r.id[:min(len(r.id), importer.ShortName)], "-")
	r.Put(diag.At("id"), r.id, r.objects[0].node)
	taken := r.Names("object", importer.ShortName)
	for _, w := range r.workloads {
		w.id = taken.Take(shortName(w.name, r.id), w.node.Get("metadata", "name"))
	}
}

// prefixOf is the word that all names begin with.
func prefixOf(names []string) string {
	first, _, ok := strings.Cut(names[0], "-")
	if !ok {
		return ""
	}
	for _, name := range names {
		if !strings.HasPrefix(name, first+"-") {
			return ""
		}
	}
	return first
}

// shortName is a name without the tenant's id before it.
func shortName(name, id string) string {
	if short, ok := strings.CutPrefix(name, id+"-"); ok && short != "" {
		return short
	}
	return name
}

// written are the parts of metadata that the platform writes, or that nobody reads.
var written = []string{"creationTimestamp", "uid", "resourceVersion", "generation", "managedFields", "selfLink", "ownerReferences"}

// metadata reads an object's metadata; w is the workload that it belongs to, if any.
func (r *reader) metadata(o object, w *workload) {
	for _, field := range []string{"apiVersion", "kind"} {
		if n := o.node.Get(field); n != nil && w != nil && !r.Claimed(n) {
			r.Holds("the workload's objects are made of it", n)
		}
	}
	if status := o.node.Get("status"); status != nil {
		r.Holds("the platform writes it", status)
	}
	meta := o.node.Get("metadata")
	if meta == nil || w == nil {
		return
	}
	for _, f := range meta.Fields {
		switch {
		case f.Name == "name":
			if o.name == r.id+"-"+w.id {
				r.Said(w.in(), f.Value)
				continue
			}
			r.Nearly(w.in(), "names are made of the tenant's and the workload's: "+r.id+"-"+w.id, f.Value)
		case f.Name == "labels":
			r.labels(w, f.Value)
		case f.Name == "namespace", f.Name == "annotations":
		case slices.Contains(written, f.Name):
			r.Holds("the platform writes it", f.Value)
		}
	}
}

// annotations sets the annotations of an object at a path of an extension.
func (r *reader) annotations(meta *data.Node, path diag.Path) {
	list := meta.Get("annotations")
	if list == nil {
		return
	}
	for _, f := range list.Fields {
		switch {
		case strings.HasPrefix(f.Name, "kubectl.kubernetes.io/"), strings.HasPrefix(f.Name, "deployment.kubernetes.io/"), f.Name == "checksum/config":
			r.Holds("the platform's clients write it", f.Value)
		default:
			r.Set(path.To(f.Name), f.Value.Text, f.Value)
		}
	}
}

// recommended are the labels that every object of a tenant has.
const recommended = "app.kubernetes.io/"

// labels makes labels of the tenant of those that all workloads have, in the same words.
func (r *reader) labels(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		switch {
		case r.common(f) && f.Name != recommended+"instance" && (!strings.HasPrefix(f.Name, recommended) || f.Name != recommended+"part-of" && f.Name != recommended+"managed-by" && f.Name != recommended+"name"):
			r.Set(diag.At("labels", f.Name), f.Value.Text, f.Value)
		case strings.HasPrefix(f.Name, recommended), r.selects(w, f):
			r.Nearly(w.in(), "labels tell the workload in words of their own", f.Value)
		default:
			r.Lose("labels are of the whole tenant", f.Value)
		}
	}
}

// common reports whether all workloads and their pods have a label of that value, and no
// selector needs it to tell them apart.
func (r *reader) common(f data.Field) bool {
	for _, w := range r.workloads {
		for _, of := range []*data.Node{w.node, w.template} {
			if of.Get("metadata", "labels").TextAt(f.Name) != f.Value.Text {
				return false
			}
		}
	}
	return len(r.workloads) > 1 || !r.selects(r.workloads[0], f)
}

// selects reports whether an object finds the workload by a label.
func (r *reader) selects(w *workload, f data.Field) bool {
	for _, at := range [][]string{{"spec", "selector", "matchLabels"}, {"spec", "selector"}} {
		if w.node.Get(at...).TextAt(f.Name) == f.Value.Text {
			return true
		}
	}
	for _, o := range r.objects {
		if o.kind == "Service" && o.node.Get("spec", "selector").TextAt(f.Name) == f.Value.Text {
			return true
		}
	}
	return false
}

// namespace sets the namespace that all objects have.
func (r *reader) namespace() {
	of := ""
	for i, o := range r.objects {
		n := o.node.Get("metadata").TextAt("namespace")
		if i > 0 && n != of && n != "" && of != "" {
			return
		}
		of = cmp.Or(of, n)
	}
	if of == "" {
		return
	}
	for _, o := range r.objects {
		if n := o.node.Get("metadata", "namespace"); n != nil && n.Text != "" && !r.Claimed(o.node) {
			r.Set(diag.At("extensions", "kubernetes", "namespace"), of, n)
		}
	}
}
