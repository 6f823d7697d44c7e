package providertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// forTheCore are fields that the core reads, and no platform.
var forTheCore = []string{"workloads.accept", "workloads.containers.accept"}

// trial is a tenant with one leaf set, and what becomes of it.
type trial struct {
	leaf   *leaf
	path   diag.Path
	base   *trial         // the tenant without it
	value  any            // nil: the leaf is left out
	tenant map[string]any // with it

	plan  *plan.Plan // nil: the core refuses it
	diags diag.List  // of Validate
	files []provider.File
}

func (t *trial) accepted() bool { return t.plan != nil && !t.diags.HasErrors() }

// documents is all that is rendered.
func (t *trial) documents() string {
	var b strings.Builder
	for _, f := range t.files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Data)
	}
	return b.String()
}

// why are the diagnostics about the trial's leaf, what it is in, or what had to be written
// beside it; but for those that the tenant has without it.
func (t *trial) why() diag.List {
	places := []diag.Path{t.path}
	var at any = t.base.tenant
	for i, s := range t.leaf.steps {
		if s.needs != nil {
			places = append(places, append(slices.Clone(t.path[:i]), s.needs.Field))
		}
		if at = valueAt(at, t.path[i:i+1]); at == nil {
			places = append(places, t.path[:i+1])
			break
		}
	}
	var all diag.List
	for _, d := range t.diags {
		about := func(place diag.Path) bool {
			n := min(len(d.Path), len(place))
			return slices.Equal(d.Path[:n], place[:n])
		}
		whole := slices.Contains([]string{"", "workloads", "workloads.containers"}, provider.FieldOf(d.Path))
		same := func(w diag.Diagnostic) bool { return w.Message == d.Message }
		if slices.ContainsFunc(places, about) && !(whole && slices.ContainsFunc(t.base.diags, same)) {
			all = append(all, d)
		}
	}
	return all
}

// perFile is how many trials are compiled as one file.
const perFile = 100

// try compiles trials, calls Validate, and renders those that pass.
func (s *suite) try(trials []*trial) error {
	for chunk := range slices.Chunk(trials, perFile) {
		if err := s.plans(chunk); err != nil {
			return err
		}
	}
	p := s.fresh()
	r, ok := p.(provider.Renderer)
	for _, t := range trials {
		if t.plan == nil {
			continue
		}
		var err error
		if t.diags, err = p.Validate(s.ctx, t.plan); err != nil {
			return fmt.Errorf("Validate with %s: %w", t, err)
		}
		if t.accepted() && ok {
			if t.files, err = r.Render(s.ctx, t.plan); err != nil {
				return fmt.Errorf("Render with %s: %w", t, err)
			}
		}
	}
	return nil
}

// plans compiles trials up to Validate, as the tenants of one file.
func (s *suite) plans(trials []*trial) error {
	tenants := map[string]any{}
	for i, t := range trials {
		tenant := maps.Clone(t.tenant)
		delete(tenant, "id") // the key supplies it
		tenants[fmt.Sprintf("t%d", i)] = tenant
	}
	return s.units(&recording{Provider: s.fresh()}, []spec{{name: "fields.json", text: toJSON(map[string]any{"tenants": tenants})}}, func(u compile.Unit) error {
		for _, found := range u.Tenants {
			i, err := strconv.Atoi(strings.TrimPrefix(found.ID, "t"))
			if err != nil || len(found.Plans) != 1 {
				continue
			}
			p, err := newTenant(spec{}, found.Plans[0])
			if err != nil {
				return err
			}
			trials[i].plan = p.as("acme")
		}
		return nil
	})
}

func (t *trial) String() string {
	if t.value == nil {
		return fmt.Sprintf("no %s", t.path)
	}
	b, err := json.Marshal(t.value)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return fmt.Sprintf("%s: %s", t.path, b)
}

// base is a tenant that leaves are set in.
type base struct {
	names [][]string // that fields may refer to
	*trial
}

// basesOf are tenants with a workload of each kind, and with all that leaves may refer to, in so
// far as the provider takes it.
func (s *suite) basesOf() ([]base, error) {
	text, err := own.ReadFile("tenants/additions.yaml")
	if err != nil {
		return nil, err
	}
	var additions []map[string]any
	if err := fromYAML(text, &additions); err != nil {
		return nil, err
	}
	entries, err := own.ReadDir("tenants/fields")
	if err != nil {
		return nil, err
	}
	var all []base
	for _, e := range entries {
		text, err := own.ReadFile("tenants/fields/" + e.Name())
		if err != nil {
			return nil, err
		}
		var tenant map[string]any
		if err := fromYAML(text, &tenant); err != nil {
			return nil, err
		}
		b, err := s.base(tenant)
		for _, addition := range additions {
			if err != nil || !b.accepted() {
				break // a provider may refuse a kind of workload
			}
			var more base
			if more, err = s.base(merged(b.tenant, addition)); err == nil && more.accepted() {
				b = more
			}
		}
		if err != nil {
			return nil, err
		}
		if b.accepted() {
			all = append(all, b)
		}
	}
	return all, nil
}

func (s *suite) base(tenant map[string]any) (base, error) {
	t := &trial{tenant: tenant}
	return base{namesIn(tenant), t}, s.try([]*trial{t})
}

// fromYAML reads YAML as JSON is read.
func fromYAML(text []byte, v any) error {
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(toJSON(tree)))
	d.UseNumber()
	return d.Decode(v)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read from JSON or YAML
	}
	return string(b)
}

// given are the tenants of options that the provider takes: those of [Tenant], or the others.
func (s *suite) given(fromTenant bool) ([]base, error) {
	specs := slices.DeleteFunc(slices.Clone(s.specs), func(sp spec) bool { return sp.tenant != fromTenant })
	if len(specs) == 0 {
		return nil, nil
	}
	var all []base
	err := s.units(&recording{Provider: s.fresh()}, specs, func(u compile.Unit) error {
		for _, t := range u.Tenants {
			tenant, ok := plain(t.For("").(*data.Node)).(map[string]any)
			if ok { // whatever other files call theirs
				all = append(all, base{namesIn(tenant), &trial{tenant: tenant}})
			}
		}
		return nil
	})
	if err == nil {
		trials := make([]*trial, len(all))
		for i, b := range all {
			trials[i] = b.trial
		}
		err = s.try(trials)
	}
	return slices.DeleteFunc(all, func(b base) bool { return !b.accepted() }), err
}

// namesIn are the names of a tenant's entries, which its fields may refer to, by what
// they name.
func namesIn(tenant map[string]any) [][]string {
	all := [][]string{{"api.http", "api.grpc"}}
	var walk func(v any)
	walk = func(v any) {
		m, _ := v.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(m)) {
			inner, ok := m[name].(map[string]any)
			if ok && slices.Contains([]string{"config", "secrets", "volumes", "containers", "ports"}, name) {
				all = append(all, slices.Sorted(maps.Keys(inner)))
			}
			if name == "config" {
				for _, files := range plan.Sorted(inner) {
					if m, ok := files.(map[string]any); ok {
						all = append(all, slices.Sorted(maps.Keys(m)))
					}
				}
			}
			walk(inner)
		}
	}
	walk(tenant)
	return all
}

// checkFields sets each leaf of the schema, and demands that the documents say what was
// set, or a diagnostic why not.
func (s *suite) checkFields() {
	if _, ok := s.fresh().(provider.Renderer); !ok || !s.words.whole {
		return
	}
	var err error
	if s.bases, err = s.basesOf(); err != nil {
		s.problem("%v", err)
		return
	}
	if len(s.bases) == 0 {
		s.problem("the provider takes no workload of any kind")
		return
	}
	leaves := leavesOf(s.words.tenant, s.info.Name)
	leaves = slices.DeleteFunc(leaves, func(l leaf) bool { return slices.Contains(forTheCore, l.field()) })
	services := slices.DeleteFunc(slices.Clone(s.bases), func(b base) bool { return valueAt(b.tenant, kindOfWeb) != nil })
	others := slices.DeleteFunc(slices.Clone(s.bases), func(b base) bool { return valueAt(b.tenant, kindOfWeb) == nil })
	leaves = s.tryLeaves(leaves, services, false)
	leaves = s.tryLeaves(leaves, others, false)
	// What only matters beside something else is tried in the provider's own tenants.
	for _, there := range []bool{false, true} {
		given, err := s.given(!there)
		if err != nil {
			s.problem("%v", err)
			return
		}
		leaves = s.tryLeaves(leaves, given, there)
	}
	for field := range plan.Sorted(s.unseen) {
		if !slices.ContainsFunc(leaves, func(l leaf) bool { return l.field() == field }) {
			s.problem("%s is said to be unseen, and is not", field)
		}
	}
	for _, l := range leaves {
		if s.unseen[l.field()] == "" {
			s.problem("%s", l.verdict)
		}
	}
}

var kindOfWeb = diag.At("workloads", "web", "kind")

// tryLeaves sets leaves in tenants, only where they are set already if there is true. It
// returns those that are open: not seen in any documents, and no diagnostic says why.
func (s *suite) tryLeaves(leaves []leaf, bases []base, there bool) (open []leaf) {
	var trials []*trial
	of := make([][]*trial, len(leaves))
	for n := range leaves {
		l := &leaves[n]
		for _, b := range bases {
			values := l.values(b.names)
			for i, path := range l.paths(b.tenant, b.names, there) {
				values := values
				if there {
					have := valueAt(b.tenant, path)
					values = distinct(slices.Concat([]any{have}, near(have), values))
				}
				if i > 0 {
					values = values[:min(len(values), 4)]
				}
				for _, v := range append(slices.Clip(values), nil) {
					of[n] = append(of[n], &trial{leaf: l, path: path, base: b.trial, value: v, tenant: l.set(b.tenant, path, v, b.names)})
				}
			}
		}
		trials = append(trials, of[n]...)
	}
	if err := s.try(trials); err != nil {
		s.problem("%v", err)
		return nil
	}

	s.trials = append(s.trials, trials...)
	for n := range leaves {
		if !s.judgeLeaf(&leaves[n], of[n]) {
			open = append(open, leaves[n])
		}
	}
	return open
}

// judgeLeaf looks at all trials of one leaf, and reports whether it is settled.
func (s *suite) judgeLeaf(l *leaf, trials []*trial) bool {
	sound, shown, explained, dropped := false, false, false, ""
	for _, group := range grouped(trials) {
		var passed []*trial
		for _, t := range group {
			sound = sound || t.plan != nil && t.value != nil
			explained = explained || t.value != nil && len(t.why()) > 0
			if t.accepted() && (t.value != nil || len(passed) == 1 && toJSON(t.tenant) != toJSON(passed[0].tenant)) {
				passed = append(passed, t)
			}
		}
		differ, why := false, false
		for i, a := range passed {
			why = why || len(a.why()) > 0
			differ = differ || i > 0 && a.documents() != passed[0].documents()
		}
		shown = shown || differ
		if n := len(passed); n > 1 && !differ && !why && passed[n-1].value != nil && dropped == "" {
			dropped = fmt.Sprintf("%s is dropped: the documents are the same with %s and with %s, and no diagnostic says why", l.field(), passed[0], passed[1])
		}
	}
	fixed := !slices.ContainsFunc(trials, func(t *trial) bool { return t.value != nil && !t.isDefault() })
	switch {
	case shown, explained, len(trials) > 0 && fixed:
		return true
	case dropped != "":
		l.verdict = dropped
	case l.verdict != "":
	case !sound:
		l.verdict = l.field() + " was not tried: the suite knows no value of it that the schema and the core take. Give an example in the field's comment, or a tenant with it as an option"
	default:
		l.verdict = l.field() + " is neither seen in the documents nor refused"
	}
	return false
}

// field is the leaf's path without the names that authors choose.
func (l *leaf) field() string {
	var names []string
	for _, s := range l.steps {
		if s.name != "" {
			names = append(names, s.name)
		}
	}
	return strings.Join(names, ".")
}

// isDefault reports whether a value is what a leaf is where it is left out.
func (t *trial) isDefault() bool {
	d := t.leaf.types.Default()
	return d != nil && scalar(d) == t.value
}

// grouped are trials by their base and path, in order.
func grouped(trials []*trial) [][]*trial {
	var groups [][]*trial
	for i, t := range trials {
		if i == 0 || t.base != trials[i-1].base || !slices.Equal(t.path, trials[i-1].path) {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], t)
	}
	return groups
}
