package load

import (
	"cmp"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
)

// tenants adds the tenants in a package's value.
func (e *evaluation) tenants(u find.Unit, v cue.Value, holes []token.Pos, places *cuedata.Places) {
	e.holes = holes
	before := len(e.out.Diagnostics)
	e.parameters(&e.out.Diagnostics)
	e.misnamed = slices.Clone(e.out.Diagnostics[before:])
	judge := &cuedata.Judgement{Library: e.library, Sources: e.out.Sources, Locate: places.Locate}
	names := regularFields(v)
	if len(names) == 0 && v.Err() != nil {
		e.out.Tenants = 1
		if len(holes) == 0 { // otherwise a consequence of reported mistakes
			e.out.Diagnostics = append(e.out.Diagnostics, judge.Diagnose(v.Err())...)
		}
		return
	}
	if u.Tests {
		e.tests(v, names, places, judge)
		return
	}
	if u.PassedOver(names) {
		return
	}
	if policy := policyOf(names, places.Key(data.Pos{})); policy != nil && e.out.foreign(policy) {
		return // a policy's constraints are not data
	}
	var refused error
	if len(e.holes) == 0 {
		refused = v.Validate(vetOptions...)
	}
	defer func() { e.unexplained(refused, judge) }()
	if len(names) == 1 && names[0] == "tenants" {
		entries, err := cuedata.Fields(v.LookupPath(cue.ParsePath("tenants")))
		if err != nil && e.mapProblems(v) {
			return
		}
		if err == nil {
			e.entries(v, entries, places.Field("tenants"), refused == nil)
			e.mapProblems(v)
			nameEntries(e.out.Diagnostics)
			e.reportOutside(v, entries, judge)
			return
		}
	}
	defer func() { nameTenant(e.out.Diagnostics, text(v, "id")) }()
	if len(e.holes) > 0 || refused != nil && v.Validate(cue.Concrete(true)) != nil {
		e.broken = true
		if root := e.survey(v, v, places, ""); root != nil {
			e.out.add(root)
			e.markBroken()
		} else {
			e.out.Tenants = 1
		}
	} else if root := e.node(v, places); root != nil {
		e.out.add(root)
	}
}

// vetOptions are the options of `cue vet -c` (cuelang.org/go v0.17.1, cmd/cue/cmd/vet.go).
var vetOptions = []cue.Option{cue.Attributes(true), cue.Optional(true), cue.Definitions(true), cue.Hidden(true), cue.Concrete(true)}

// unexplained reports CUE's own errors for a package without any diagnostic: every mistake is
// reported, even if it has no better explanation.
func (e *evaluation) unexplained(refused error, judge *cuedata.Judgement) {
	if refused == nil || e.out.Diagnostics.HasErrors() {
		return
	}
	for _, use := range e.uses {
		for _, name := range use.Lacks {
			if slices.ContainsFunc(errors.Errors(refused), func(e errors.Error) bool { return strings.HasSuffix(e.Error(), "required field missing: "+name) }) {
				d := e.out.Diagnostics.Errorf(diag.NotConcrete, nil, "%s of %s is not set", name, use.Template)
				d.Range, d.Help = use.Range, "add "+name+": …"
			}
		}
	}
	if e.out.Diagnostics.HasErrors() {
		return
	}
	keyed := func(d diag.Diagnostic) bool { // the id comes from the map's key
		return d.Code == diag.MissingField && len(d.Path) == 3 && d.Path[0] == "tenants" && d.Path[2] == "id"
	}
	e.out.Diagnostics = append(e.out.Diagnostics, slices.DeleteFunc(judge.Diagnose(refused), keyed)...)
}

// entries adds the entries of a tenants map; a broken entry does not prevent the others from
// being checked. sound means that CUE has no error for any of them.
func (e *evaluation) entries(v cue.Value, entries []cuedata.Field, places *cuedata.Places, sound bool) {
	for _, entry := range entries {
		at := places.Field(entry.Name)
		var root *data.Node
		e.broken = false
		if len(e.holes) == 0 && (sound || entry.Value.Validate(cue.Concrete(true)) == nil) {
			root = e.node(entry.Value, at)
		} else if root = e.survey(v, entry.Value, at, entry.Name); root == nil {
			e.out.Tenants++
		}
		if root != nil {
			e.out.entry(data.Field{Name: entry.Name, At: at.Key(root.At), Value: root}, 1+gate.SizeOf(root))
			e.markBroken()
		}
	}
	if len(entries) == 0 {
		e.out.reportNoTenant("", places.Key(data.Pos{}).Range(), "tenants is empty")
	}
}

// mapProblems reports the mistakes of a tenants map outside its entries, such as an entry
// without a name, and whether there are any.
func (e *evaluation) mapProblems(pkg cue.Value) bool {
	tenants := pkg.LookupPath(cue.ParsePath("tenants"))
	if tenants.Err() == nil {
		return false
	}
	s := &cuedata.Survey{Library: e.library, Sources: e.out.Sources, Package: e.authorPackage(), Holes: e.holes, Uses: e.uses, Misnamed: e.misnamed}
	diags := s.Itself(pkg, tenants, nil)
	if len(diags) > 0 {
		e.out.Tenants++
		e.out.Diagnostics = append(e.out.Diagnostics, diags...)
	}
	return len(diags) > 0
}

// survey reports the mistakes of a tenant that cannot be evaluated as a whole. It returns the
// tenant, with unknown values; key is its key in a tenants map, or "".
func (e *evaluation) survey(pkg, v cue.Value, places *cuedata.Places, key string) *data.Node {
	s := &cuedata.Survey{Library: e.library, Sources: e.out.Sources, Package: e.authorPackage(), Holes: e.holes, Misnamed: e.misnamed, Uses: e.uses, KeyIsID: key != ""}
	root, diags := s.Of(pkg, v, places)
	nameTenant(diags, cmp.Or(key, text(v, "id")))
	e.out.Diagnostics = append(e.out.Diagnostics, diags...)
	if root.Kind != data.Struct {
		return nil
	}
	if id := root.Get("id"); key != "" && id != nil && id.Kind == data.Unknown {
		root = root.Without(diag.At("id"))
	}
	for _, d := range e.misnamed { // regular fields that were meant as parameters
		root = root.Without(d.Path)
	}
	for _, p := range s.Meant() {
		root = root.Without(p)
	}
	unused := slices.ContainsFunc(e.out.Diagnostics, func(d diag.Diagnostic) bool { return d.Code == diag.Import })
	e.broken = len(diags) > 0 || unused || hasUnknown(root)
	return root
}

func hasUnknown(n *data.Node) bool {
	return n.Kind == data.Unknown ||
		slices.ContainsFunc(n.Fields, func(f data.Field) bool { return hasUnknown(f.Value) }) ||
		slices.ContainsFunc(n.Elems, hasUnknown)
}

// markBroken marks the last document as broken if it is.
func (e *evaluation) markBroken() {
	if n := len(e.out.Documents); n > 0 && e.broken {
		e.out.Documents[n-1].Broken = true
	}
}

// text returns the text of a field, or "".
func text(v cue.Value, field string) string {
	s, _ := v.LookupPath(cue.ParsePath(field)).String()
	return s
}

// nameTenant adds the tenant's name to diagnostics.
func nameTenant(diags diag.List, tenant string) {
	for i := range diags {
		if diags[i].Tenant == "" {
			diags[i].Tenant = tenant
		}
	}
}

// nameEntries adds the tenant's name to diagnostics whose paths begin at the file, not at the
// tenant.
func nameEntries(diags diag.List) {
	for i := range diags {
		if d := &diags[i]; d.Tenant == "" && len(d.Path) > 1 && d.Path[0] == "tenants" {
			d.Tenant, d.Path = d.Path[1], d.Path[2:]
		}
	}
}

// policyOf returns a node for an evaluated policy, with only the names of its fields. It is nil
// if the fields are not a policy's.
func policyOf(names []string, at data.Pos) *data.Node {
	root := &data.Node{Kind: data.Struct, At: at}
	for _, name := range names {
		if name != "tenant" && name != "plan" {
			return nil
		}
		root.Fields = append(root.Fields, data.Field{Name: name, Value: &data.Node{}})
	}
	return root
}

// reportOutside reports the mistakes outside the entries of tenants, such as in a definition.
func (e *evaluation) reportOutside(v cue.Value, entries []cuedata.Field, judge *cuedata.Judgement) {
	for _, d := range judge.Diagnose(v.Validate()) {
		isEntry := len(d.Path) > 1 && d.Path[0] == "tenants" && slices.ContainsFunc(entries, func(f cuedata.Field) bool { return f.Name == d.Path[1] })
		if !isEntry && !(len(d.Path) == 1 && d.Path[0] == "tenants") {
			e.out.Diagnostics = append(e.out.Diagnostics, d)
		}
	}
}

// node converts a value to data. A value that is not data is reported, and its node is nil.
func (e *evaluation) node(v cue.Value, places *cuedata.Places) *data.Node {
	n, err := cuedata.NodeOf(v, e.out.Sources, places, e.authorPackage())
	if err == nil {
		return n
	}
	no := &cuedata.NoDataError{Code: diag.BadFormat, Msg: err.Error()}
	errors.As(err, &no)
	e.out.Tenants++
	e.out.Diagnostics = append(e.out.Diagnostics, no.Diagnostic(places.Key(data.Pos{}).Range()))
	return nil
}

// regularFields returns the names of the top-level regular fields.
func regularFields(v cue.Value) []string {
	var names []string
	if fields, err := cuedata.Fields(v); err == nil {
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	return names
}
