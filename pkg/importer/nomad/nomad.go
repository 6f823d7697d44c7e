// Package nomad imports jobs of Nomad in JSON, as nomad job run -output and the API print them: a
// workload a group of tasks.
package nomad

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Format is the jobs of Nomad.
var Format = importer.Format{
	Name: "nomad", Provider: "nomad",
	Doc:    "jobs of Nomad in JSON, as nomad job run -output prints them",
	Detect: detect, Import: read, Facts: factsOf, Added: added,
}

// detect reports whether a document is a job.
func detect(root *data.Node) bool { return jobOf(root) != nil }

// jobOf is the job of a document; nil where it has none.
func jobOf(root *data.Node) *data.Node {
	if root.Kind != data.Struct {
		return nil
	}
	if job := root.Get("Job"); job != nil && job.Get("TaskGroups") != nil {
		return job
	}
	if root.Get("TaskGroups") != nil {
		return root
	}
	return nil
}

// workload is one group of tasks.
type workload struct {
	id         string
	job, group *data.Node
	ports      map[string]string // of the containers' ports, by the labels of the network
	container  map[string]string // that have them
}

func (w *workload) in(elems ...any) diag.Path  { return diag.At("workloads", w.id).To(elems...) }
func (w *workload) ext(elems ...any) diag.Path { return w.in("extensions", "nomad").To(elems...) }

func tenant(elems ...any) diag.Path { return diag.At("extensions", "nomad").To(elems...) }

// reader makes a tenant of jobs.
type reader struct {
	*importer.Draft
	id        string
	jobs      []*data.Node
	workloads []*workload
}

// read reads the documents of the draft.
func read(d *importer.Draft) {
	r := &reader{Draft: d}
	var names []string
	for _, doc := range d.Docs {
		if job := jobOf(doc.Root); job != nil {
			r.jobs = append(r.jobs, job)
			names = append(names, nameOf(job))
		}
	}
	if len(r.jobs) == 0 {
		d.Errorf(d.Docs[0].Root, diag.NotATenant, "there is no job with groups of tasks")
		return
	}
	r.id = importer.Name(cmp.Or(d.Options.ID, prefixOf(names)))
	r.id = strings.Trim(r.id[:min(len(r.id), importer.ShortName)], "-")
	r.Put(diag.At("id"), r.id, r.jobs[0])
	taken := r.Names("group of tasks", importer.ShortName)
	for _, job := range r.jobs {
		groups := elems(job.Get("TaskGroups"))
		for _, group := range groups {
			name := workloadName(job, group, r.id)
			if len(elems(group.Get("Tasks"))) == 0 {
				r.loseStated("a group without tasks runs nothing", group)
				continue
			}
			at := group.Get("Name")
			if at == nil {
				at = group
			}
			r.workloads = append(r.workloads, &workload{id: taken.Take(name, at), job: job, group: group, ports: map[string]string{}, container: map[string]string{}})
		}
	}
	if len(r.workloads) == 0 {
		d.Errorf(r.jobs[0], diag.NotATenant, "no group of the job has tasks")
	}
	if d.Diagnostics.HasErrors() {
		return
	}
	for _, w := range r.workloads {
		r.Put(w.in("containers"), nil, w.group)
		r.readGroup(w)
	}
	for _, job := range r.jobs {
		r.readJob(job)
	}
	for _, w := range r.workloads {
		r.keep(w)
	}
}

// keep has a patch keep what else is lost of a job with one group, the group and its tasks.
func (r *reader) keep(w *workload) {
	key := func(at diag.Path) string {
		return map[string]string{"VolumeMounts": "Destination", "Networks": "Mode"}[at[len(at)-1]]
	}
	for _, task := range elems(w.group.Get("Tasks")) {
		if name := task.TextAt("Name"); importer.Name(name) == name {
			r.Keep(w.ext("patch", "tasks", name), task, key)
		}
	}
	r.Keep(w.ext("patch", "group"), w.group, key)
	if len(elems(w.job.Get("TaskGroups"))) == 1 {
		r.Keep(w.ext("patch", "job"), w.job, key)
	}
}

func nameOf(job *data.Node) string { return cmp.Or(job.TextAt("ID"), job.TextAt("Name"), "app") }

// workloadName is what a group is called: as its job, where that has no other.
func workloadName(job, group *data.Node, id string) string {
	name := nameOf(job)
	if short, ok := strings.CutPrefix(name, id+"-"); ok && short != "" {
		name = short
	}
	own := group.TextAt("Name")
	several := len(elems(job.Get("TaskGroups"))) > 1
	switch {
	case own != "" && (importer.Name(name) == id || several && own == name):
		return own
	case several:
		return name + "-" + own
	}
	return name
}

func prefixOf(names []string) string {
	first, _, ok := strings.Cut(names[0], "-")
	for _, name := range names {
		ok = ok && strings.HasPrefix(name, first+"-")
	}
	if !ok {
		return names[0]
	}
	return first
}

func elems(n *data.Node) []*data.Node {
	if n == nil {
		return nil
	}
	return n.Elems
}

func fieldsOf(n *data.Node) []data.Field {
	if n == nil {
		return nil
	}
	return n.Fields
}

func number(n *data.Node) int64 {
	if n == nil {
		return 0
	}
	i, _ := strconv.ParseInt(n.Text, 10, 64)
	return i
}

func texts(n *data.Node) (list []string) {
	for _, e := range elems(n) {
		list = append(list, e.Text)
	}
	return list
}

// empty reports whether a value states nothing, as Nomad prints what is not set.
func empty(n *data.Node) bool {
	return n.Kind == data.Null || n.Kind == data.String && n.Text == "" || len(n.Fields)+len(n.Elems) == 0 && (n.Kind == data.List || n.Kind == data.Struct)
}

// written are what the server writes of a job.
var written = []string{
	"CreateIndex", "ModifyIndex", "JobModifyIndex", "SubmitTime", "Status", "StatusDescription", "Version", "Stable", "Stop", "Dispatched",
	"ParentID", "NomadTokenID", "ConsulToken", "VaultToken", "ConsulNamespace", "VaultNamespace", "DispatchIdempotencyToken", "VersionTag", "Payload",
}

// readJob reads what is of a job as a whole, and so of each of its groups.
func (r *reader) readJob(job *data.Node) {
	var of []*workload
	for _, w := range r.workloads {
		if w.job == job {
			of = append(of, w)
		}
	}
	for _, f := range job.Fields {
		n := f.Value
		switch {
		case f.Name == "TaskGroups":
		case slices.Contains(written, f.Name):
			r.Holds("the server writes it", n)
		case empty(n):
			r.Holds("nothing is stated", n)
		default:
			for _, w := range of {
				r.jobField(w, f.Name, n)
			}
		}
	}
}

func (r *reader) jobField(w *workload, field string, n *data.Node) {
	switch field {
	case "ID", "Name":
		if n.Text == r.id+"-"+w.id {
			r.Said(w.in(), n)
		} else {
			r.Nearly(w.in(), "names are made of the tenant's and the workload's: "+r.id+"-"+w.id, n)
		}
	case "Type":
		r.kind(w, n)
	case "Region":
		r.shared("region", "global", n)
	case "Namespace":
		r.shared("namespace", "default", n)
	case "NodePool":
		r.shared("nodePool", "default", n)
	case "Datacenters":
		r.datacenters(n)
	case "Priority":
		if n.Text == "50" {
			r.Holds("the platform's default", n)
		} else {
			r.Set(w.ext("priority"), number(n), n)
		}
	case "Constraints":
		r.constraints(w, n)
	case "Affinities":
		r.rules(w, "affinities", n)
	case "Spreads":
		r.spreads(w, n)
	case "Meta":
		r.meta(n)
	case "Periodic":
		r.periodic(w, n)
	case "Update":
		if w.group.Get("Update") == nil {
			r.update(w, n)
		} else {
			r.Holds("the group states it", n)
		}
	case "AllAtOnce":
		if n.Text == "false" {
			r.Holds("the platform's default", n)
		}
	case "Migrate", "Reschedule":
		r.Lose("where copies go when machines do is the platform's own matter", n)
	case "ParameterizedJob":
		r.Lose("a job has no parameters", n)
	}
}

// kind is by the job's type, and whether it is periodic.
func (r *reader) kind(w *workload, n *data.Node) {
	periodic := w.job.Get("Periodic") != nil && !empty(w.job.Get("Periodic"))
	switch {
	case n.Text == "service":
		r.Said(w.in(), n)
	case n.Text == "batch" && periodic:
		r.Set(w.in("kind"), "cron", n)
	case n.Text == "batch":
		r.Set(w.in("kind"), "job", n)
	case n.Text == "system":
		r.Set(w.in("kind"), "daemon", n)
	default:
		r.Lose("a tenant has no job that runs on every machine", n)
	}
}

// shared sets a field of the tenant that all jobs have.
func (r *reader) shared(field, standard string, n *data.Node) {
	set := r.Get(tenant(field))
	switch {
	case n.Text == standard && set == nil:
		r.Holds("the platform's default", n)
	case set == nil || set.Text == n.Text:
		r.Set(tenant(field), n.Text, n)
	default:
		r.Lose("all jobs of a tenant have one "+field, n)
	}
}

func (r *reader) datacenters(n *data.Node) {
	if list := texts(n); len(list) == 1 && list[0] == "*" {
		r.Holds("the platform's default", n)
		return
	}
	set := r.Get(tenant("datacenters"))
	if set != nil && !slices.Equal(texts(set), texts(n)) {
		r.Lose("all jobs of a tenant have the same datacenters", n)
		return
	}
	r.Set(tenant("datacenters"), texts(n), n)
}

// meta makes labels of what all jobs have.
func (r *reader) meta(n *data.Node) {
	for _, f := range n.Fields {
		if slices.ContainsFunc(r.jobs, func(job *data.Node) bool { return job.Get("Meta").TextAt(f.Name) != f.Value.Text }) {
			r.Lose("labels are of the whole tenant", f.Value)
			continue
		}
		r.Set(diag.At("labels", f.Name), f.Value.Text, f.Value)
	}
}

func (r *reader) periodic(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch {
		case empty(v):
			r.Holds("nothing is stated", v)
		case f.Name == "Spec":
			r.Set(w.in("schedule"), v.Text, v)
		case f.Name == "Specs":
			r.Set(w.in("schedule"), v.Elems[0].Text, v)
			for _, e := range v.Elems[1:] {
				r.Lose("a workload has one schedule", e)
			}
		case f.Name == "SpecType" && v.Text == "cron", f.Name == "Enabled" && v.Text == "true":
			r.Holds("the platform's default", v)
		case f.Name == "TimeZone":
			if v.Text == "UTC" {
				r.Holds("a tenant's default", v)
			} else {
				r.Set(w.in("timezone"), v.Text, v)
			}
		case f.Name == "ProhibitOverlap" && v.Text == "true":
			r.Said(w.in(), v)
		case f.Name == "ProhibitOverlap":
			r.Set(w.in("concurrency"), "allow", v)
		}
	}
	if n.Get("ProhibitOverlap") == nil {
		r.Put(w.in("concurrency"), "allow", n)
	}
}

// constraints are of the placement, or the workload's own.
func (r *reader) constraints(w *workload, list *data.Node) {
	for _, e := range list.Elems {
		attribute, value := e.TextAt("LTarget"), e.TextAt("RTarget")
		operator := cmp.Or(e.TextAt("Operand"), "=")
		at := diag.Path(nil)
		switch {
		case operator == "=" && attribute == "${attr.cpu.arch}" && (value == "amd64" || value == "arm64"):
			at = w.in("placement", "arch")
			r.Put(at, value, e)
		case operator == "=" && attribute == "${attr.kernel.name}" && (value == "linux" || value == "windows"):
			at = w.in("placement", "os")
			r.Put(at, value, e)
		default:
			c := &data.Node{Kind: data.Struct, At: e.At}
			for field, name := range map[string]string{"attribute": "LTarget", "value": "RTarget"} {
				if v := e.Get(name); v != nil && !empty(v) {
					c.Set(field, v.At, v)
				}
			}
			if operator != "=" {
				c.Set("operator", e.At, e.Get("Operand"))
			}
			at = w.ext("constraints").To(r.Append(w.ext("constraints"), c))
		}
		for _, f := range e.Fields {
			if empty(f.Value) {
				r.Holds("nothing is stated", f.Value)
			} else {
				r.Said(at, f.Value)
			}
		}
	}
}

// rules keeps affinities in the workload's extension.
func (r *reader) rules(w *workload, field string, list *data.Node) {
	names := map[string]string{"LTarget": "attribute", "RTarget": "value", "Operand": "operator", "Weight": "weight"}
	for _, e := range list.Elems {
		c := &data.Node{Kind: data.Struct, At: e.At}
		at := w.ext(field).To(r.Append(w.ext(field), c))
		for _, f := range e.Fields {
			if names[f.Name] != "" && !empty(f.Value) {
				c.Set(names[f.Name], f.At, f.Value)
				r.Said(at.To(names[f.Name]), f.Value)
			}
		}
	}
}

func (r *reader) spreads(w *workload, list *data.Node) {
	for _, e := range list.Elems {
		attribute := e.Get("Attribute")
		at := w.in("placement", "spread")
		if e.TextAt("Attribute") == "${node.unique.id}" && empty(orNull(e.Get("SpreadTarget"))) {
			r.Put(at, true, e)
		} else {
			c := importer.Struct(e.At, "attribute", attribute)
			at = w.ext("spreads").To(r.Append(w.ext("spreads"), c))
			if weight := e.Get("Weight"); weight != nil && !empty(weight) {
				c.Set("weight", weight.At, weight)
			}
			for _, t := range elems(e.Get("SpreadTarget")) {
				r.Put(at.To("targets", t.TextAt("Value")), number(t.Get("Percent")), t)
			}
		}
		for _, f := range e.Fields {
			switch {
			case empty(f.Value):
				r.Holds("nothing is stated", f.Value)
			case f.Name == "SpreadTarget":
				for _, t := range f.Value.Elems {
					r.Nearly(at, "a share is of whole percents", t)
				}
			default:
				r.Said(at, f.Value)
			}
		}
	}
}

func orNull(n *data.Node) *data.Node {
	if n == nil {
		return &data.Node{}
	}
	return n
}
