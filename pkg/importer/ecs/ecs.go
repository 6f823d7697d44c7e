// Package ecs imports task definitions of Amazon ECS, with the services, runs, schedules and
// scaling that belong to them, as aws ecs describe-* prints them and as register-* and create-*
// take them.
package ecs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Format is the task definitions of ECS.
var Format = importer.Format{
	Name: "ecs", Provider: "ecs",
	Doc:    "task definitions of Amazon ECS, services and schedules, as the AWS command line has them",
	Detect: detect, Import: read, Facts: factsOf, Added: added,
}

// detect reports whether a document is a task definition, or belongs to one.
func detect(root *data.Node) bool {
	for _, p := range partsOf(root) {
		if p.what == "task" || p.what == "service" {
			return true
		}
	}
	return false
}

// part is one thing of the input: a task definition, or what starts its tasks.
type part struct {
	what string // task, service, update, run, schedule, target, policy, group
	node *data.Node
	tags *data.Node // of a task definition that was described
}

// partsOf are the things that a document is.
func partsOf(root *data.Node) []part {
	if root.Kind != data.Struct {
		return nil
	}
	if t := get(root, "taskDefinition"); t != nil && get(t, "containerDefinitions") != nil {
		return []part{{"task", t, get(root, "tags")}}
	}
	for field, what := range map[string]string{"services": "service", "scalableTargets": "target", "scalingPolicies": "policy"} {
		if list := get(root, field); list != nil && list.Kind == data.List {
			var all []part
			for _, e := range list.Elems {
				all = append(all, part{what, e, nil})
			}
			return all
		}
	}
	if s := get(root, "service"); s != nil && get(s, "serviceName") != nil {
		return []part{{"service", s, nil}}
	}
	has := func(fields ...string) bool {
		return !slices.ContainsFunc(fields, func(f string) bool { return get(root, f) == nil })
	}
	switch {
	case has("containerDefinitions"):
		return []part{{"task", root, nil}}
	case has("serviceName", "taskDefinition"):
		return []part{{"service", root, nil}}
	case has("service", "taskDefinition"):
		return []part{{"update", root, nil}}
	case has("scheduleExpression"):
		return []part{{"schedule", root, nil}}
	case has("policyName", "resourceId"):
		return []part{{"policy", root, nil}}
	case has("resourceId", "maxCapacity"):
		return []part{{"target", root, nil}}
	case has("taskDefinition"):
		return []part{{"run", root, nil}}
	case has("name", "tags") && len(root.Fields) == 2:
		return []part{{"group", root, nil}}
	}
	return nil
}

// get is a field, whose name may begin with a capital, as Scheduler has it.
func get(n *data.Node, path ...string) *data.Node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		next := n.Get(name)
		if next == nil {
			next = n.Get(strings.ToUpper(name[:1]) + name[1:])
		}
		n = next
	}
	return n
}

func textAt(n *data.Node, path ...string) string {
	if v := get(n, path...); v != nil && len(v.Fields)+len(v.Elems) == 0 {
		return v.Text
	}
	return ""
}

// lower is a field's name with a small first letter.
func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// workload is one task definition, and what starts its tasks.
type workload struct {
	part
	family  string
	id      string
	runs    []part // a service, an update, a run or a schedule
	targets []part // of scaling
}

func (w *workload) in(elems ...any) diag.Path  { return diag.At("workloads", w.id).To(elems...) }
func (w *workload) ext(elems ...any) diag.Path { return w.in("extensions", "ecs").To(elems...) }

func tenant(elems ...any) diag.Path { return diag.At("extensions", "ecs").To(elems...) }

// reader makes a tenant of task definitions.
type reader struct {
	*importer.Draft
	id        string
	workloads []*workload
}

// read reads the documents of the draft.
func read(d *importer.Draft) {
	r := &reader{Draft: d}
	var others []part
	for _, doc := range d.Docs {
		for _, p := range partsOf(doc.Root) {
			if p.what == "task" {
				r.workloads = append(r.workloads, &workload{part: p, family: cmp.Or(textAt(p.node, "family"), "app")})
				continue
			}
			others = append(others, p)
		}
	}
	if len(r.workloads) == 0 {
		e := d.Errorf(d.Docs[0].Root, diag.NotATenant, "there is no task definition")
		e.Help = "give the task definitions that services and schedules name, too: aws ecs describe-task-definition prints one"
		return
	}
	r.names()
	for _, p := range others {
		r.assign(p)
	}
	if d.Diagnostics.HasErrors() {
		return
	}
	for _, w := range r.workloads {
		r.Put(w.in("containers"), nil, w.node)
		r.task(w)
		for _, p := range w.runs {
			r.run(w, p)
		}
		for _, p := range w.targets {
			r.scaling(w, p)
		}
	}
	r.shared()
	for _, w := range r.workloads {
		r.keep(w)
	}
}

// keep has a patch keep what else is lost of a task definition, its containers and its service.
func (r *reader) keep(w *workload) {
	key := func(at diag.Path) string {
		return map[string]string{"volumes": "name", "environment": "name", "ulimits": "name", "mountPoints": "containerPath"}[at[len(at)-1]]
	}
	for _, c := range elems(get(w.node, "containerDefinitions")) {
		if name := textAt(c, "name"); importer.Name(name) == name {
			r.Keep(w.ext("patch", "containers", name), c, key)
		}
	}
	r.Keep(w.ext("patch", "taskDefinition"), w.node, key)
	for _, p := range w.runs {
		if p.what == "service" {
			r.Keep(w.ext("patch", "service"), p.node, key)
			break
		}
	}
}

// names gives the tenant and its workloads their names.
func (r *reader) names() {
	first, _, ok := strings.Cut(r.workloads[0].family, "-")
	for _, w := range r.workloads {
		ok = ok && strings.HasPrefix(w.family, first+"-")
	}
	if !ok {
		first = r.workloads[0].family
	}
	r.id = importer.Name(cmp.Or(r.Options.ID, first))
	r.id = strings.Trim(r.id[:min(len(r.id), importer.ShortName)], "-")
	r.Put(diag.At("id"), r.id, r.workloads[0].node)
	taken := r.Names("task definition", importer.ShortName)
	for _, w := range r.workloads {
		at := get(w.node, "family")
		if at == nil {
			at = w.node
		}
		w.id = taken.Take(shortName(w.family, r.id), at)
	}
}

func shortName(name, id string) string {
	if short, ok := strings.CutPrefix(name, id+"-"); ok && short != "" {
		return short
	}
	return name
}

// familyOf is the family in the name or ARN of a task definition.
func familyOf(text string) string {
	if i := strings.LastIndex(text, "task-definition/"); i >= 0 {
		text = text[i+len("task-definition/"):]
	}
	family, _, _ := strings.Cut(text, ":")
	return family
}

// assign finds the workload that a part belongs to.
func (r *reader) assign(p part) {
	family := familyOf(cmp.Or(textAt(p.node, "taskDefinition"), textAt(p.node, "target", "ecsParameters", "taskDefinitionArn"), inputOf(p.node).TaskDefinition))
	for _, w := range r.workloads {
		resource := textAt(p.node, "resourceId")
		switch {
		case p.what == "target" || p.what == "policy":
			name := resource[strings.LastIndex(resource, "/")+1:]
			for _, run := range w.runs {
				if name != "" && name == cmp.Or(textAt(run.node, "serviceName"), textAt(run.node, "service")) {
					w.targets = append(w.targets, p)
					return
				}
			}
		case family != "" && familyOf(w.family) == family:
			w.runs = append(w.runs, p)
			return
		}
	}
	if p.what == "group" && textAt(p.node, "name") == r.id {
		r.Holds("a tenant's schedules are in a group of its name", p.node)
		return
	}
	r.Lose("its task definition is not in the input", p.node)
}

// all reports whether a field of the task definitions is the same in all of them.
func (r *reader) all(field string, text string) bool {
	return !slices.ContainsFunc(r.workloads, func(w *workload) bool { return textAt(w.node, field) != text })
}

// shared sets labels of the tenant by tags that everything has.
func (r *reader) shared() {
	lists := []*data.Node{}
	for _, w := range r.workloads {
		tags := get(w.node, "tags")
		if tags == nil {
			tags = w.tags
		}
		lists = append(lists, tags)
		for _, p := range w.runs {
			if t := get(p.node, "tags"); t != nil && len(t.Elems) > 0 {
				lists = append(lists, t)
			}
		}
	}
	for _, list := range lists {
		if list == nil {
			continue
		}
		for _, tag := range list.Elems {
			key, value := get(tag, "key"), get(tag, "value")
			if key == nil {
				continue
			}
			if slices.ContainsFunc(lists, func(l *data.Node) bool { return tagOf(l, key.Text) == nil || tagOf(l, key.Text).Text != textOf(value) }) {
				r.Lose("labels are of the whole tenant", tag)
				continue
			}
			r.Set(diag.At("labels", key.Text), textOf(value), key, value)
		}
	}
}

func tagOf(list *data.Node, key string) *data.Node {
	if list == nil {
		return nil
	}
	for _, tag := range list.Elems {
		if textAt(tag, "key") == key {
			return get(tag, "value")
		}
	}
	return nil
}

func textOf(n *data.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}
