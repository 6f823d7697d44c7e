package plan

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Build makes the plan of a tenant for a provider. filled is data that has passed the
// provider's schema, with defaults; author is the same data without them, and shows what was
// written. Each field is read as its declaration says: see [form]. Build reports valid amounts
// that are not a whole number of the plan's units.
func Build(filled, author *data.Node, provider string) (*Plan, diag.List) {
	b := &builder{tenant: filled, provider: provider}
	p := &Plan{Version: Version, Provider: provider}
	planForm().read(value{builder: b, n: filled, author: author}, reflect.ValueOf(p).Elem())
	return p, b.diags
}

type builder struct {
	tenant   *data.Node
	provider string
	diags    diag.List
}

// The types below have short forms in a spec. Their long form, a struct, is read as the
// declaration says.

func (w *Workload) readSpec(v value, f *form) {
	f.readFields(v, reflect.ValueOf(w).Elem())
	if w.Autoscale != nil {
		w.Replicas = w.Autoscale.Min
	}
	w.Schedule = fiveFields(w.Schedule)
}

// readSpec sets the target if the spec has none.
func (a *Autoscale) readSpec(v value, f *form) {
	f.readFields(v, reflect.ValueOf(a).Elem())
	if a.CPUPercent == 0 && a.MemoryPercent == 0 {
		a.CPUPercent = 80
	}
}

// readSpec also accepts only a policy.
func (r *Restart) readSpec(v value, f *form) {
	if v.n.Kind == data.String {
		r.Policy = RestartPolicy(v.n.Text)
		return
	}
	f.readFields(v, reflect.ValueOf(r).Elem())
}

// readSpec makes a volume of exactly one kind.
func (o *Volume) readSpec(v value, f *form) {
	f.readFields(v, reflect.ValueOf(o).Elem())
	if o.Persistent == nil && o.Ephemeral == nil && o.Shared == "" {
		o.Ephemeral = &Ephemeral{}
	}
}

// readSpec accepts tls as a bool, or as a struct with a secret.
func (in *Ingress) readSpec(v value, f *form) {
	f.readFields(v, reflect.ValueOf(in).Elem())
	in.TLS = in.TLS || in.TLSSecret != ""
}

// readSpec also accepts a scalar. A number or bool is passed in its plain decimal or word form.
func (e *EnvValue) readSpec(v value, f *form) {
	if v.n.Kind != data.Struct {
		text := v.n.Text // a copy, because the data may change
		e.Value = &text
		return
	}
	f.readFields(v, reflect.ValueOf(e).Elem())
}

// readSpec parses "workload.port".
func (e *Endpoint) readSpec(v value, _ *form) { e.Workload, e.Port, _ = strings.Cut(v.text(), ".") }

// readSpec also accepts a number, with the defaults of #Port.
func (p *Port) readSpec(v value, f *form) {
	if v.n.Kind != data.Struct {
		p.Number, _ = strconv.Atoi(v.n.Text)
		p.Protocol, p.Expose = "tcp", "internal"
		return
	}
	f.readFields(v, reflect.ValueOf(p).Elem())
}

func (r *PortRef) readSpec(v value, _ *form) {
	if v.n.Kind == data.String {
		r.Name = v.n.Text
		return
	}
	r.Number = v.int()
}

func (c *Count) readSpec(v value, _ *form) { *c = v.count() }

func (e *Extension) readSpec(v value, _ *form) { *e = v.get(v.provider).extension() }
