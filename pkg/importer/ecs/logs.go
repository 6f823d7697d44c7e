package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// logs are the tenant's, in the words of the first container that has any. Streams are told
// apart by the workload's name.
func (r *reader) logs(w *workload) {
	for _, c := range get(w.node, "containerDefinitions").Elems {
		n := get(c, "logConfiguration")
		if n == nil || empty(n) {
			continue
		}
		r.log(w, n)
	}
}

// logFields are the options that have fields of their own.
var logFields = map[string]string{"awslogs-group": "group", "awslogs-region": "region", "awslogs-stream-prefix": "streamPrefix"}

func (r *reader) log(w *workload, n *data.Node) {
	at := tenant("logs")
	first := r.Get(at) == nil
	driver := get(n, "logDriver")
	if driver == nil || driver.Text == "awsfirelens" {
		r.Lose("the router of logs has no place in a tenant", n)
		return
	}
	set := func(path []string, standard string, v *data.Node) {
		known := r.Get(path)
		switch {
		case v.Text == standard && known == nil:
			r.Holds("a tenant's default", v)
		case first, known != nil && known.Text == v.Text:
			r.Set(path, v.Text, v)
		default:
			r.Lose("all containers of a tenant log to one place", v)
		}
	}
	if first {
		r.Put(at, nil, n)
	}
	set(at.To("driver"), "awslogs", driver)
	options := get(n, "options")
	usual := textAt(options, "awslogs-group") == "/ecs/"+r.id && textAt(options, "awslogs-create-group") == "true"
	for _, f := range fieldsOf(options) {
		if usual && (f.Name == "awslogs-group" || f.Name == "awslogs-create-group") {
			r.Holds("a tenant's default", f.Value)
			continue
		}
		switch field := logFields[f.Name]; {
		case field == "streamPrefix" && f.Value.Text == w.id:
			r.Holds("a tenant's default", f.Value)
		case field != "":
			set(at.To(field), "", f.Value)
		default:
			set(at.To("options", f.Name), "", f.Value)
		}
	}
	if list := get(n, "secretOptions"); list != nil && empty(list) {
		r.Holds("nothing is stated", list)
	}
	for _, e := range elems(get(n, "secretOptions")) {
		name, from := get(e, "name"), get(e, "valueFrom")
		if name != nil && from != nil {
			set(at.To("secretOptions", name.Text), "", from)
			r.Said(at.To("secretOptions"), name)
		}
	}
}

func fieldsOf(n *data.Node) []data.Field {
	if n == nil {
		return nil
	}
	return n.Fields
}
