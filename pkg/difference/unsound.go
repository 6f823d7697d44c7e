package difference

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// NotComparable is a tenant with errors on one side or both, so that its changes are unknown;
// or a file, or all policies, whose tenants are unknown.
type NotComparable struct {
	ID       string `json:"tenant,omitempty"`
	Provider string `json:"provider,omitempty"`
	Old      *Cause `json:"old,omitempty"` // why there is no old plan
	New      *Cause `json:"new,omitempty"` // why there is no new one

	// Verdict is what policies of both sides make of a tenant that one of them refuses; empty
	// for other errors, and where the old side had no policies of its own.
	Verdict Verdict `json:"verdict,omitempty"`
}

// Verdict is what becomes of a tenant by a change.
type Verdict string

const (
	Refused  Verdict = "refused"  // by a policy, and was not before
	Admitted Verdict = "admitted" // and was refused by a policy before
)

// Cause is the first error that prevents a plan.
type Cause struct {
	Place   *Place    `json:"place,omitempty"`
	Code    diag.Code `json:"code"`
	Message string    `json:"message"`
	More    int       `json:"more,omitempty"` // number of further errors

	Policy *Place `json:"policy,omitempty"` // position of the constraint that refuses the tenant
}

// Unsound is a tenant or a file with errors.
type Unsound struct {
	ID       string // "" if unknown: any tenant of the file
	Provider string // "" for any

	// File is the file or directory of the tenant, as [Comparison.OldFile] and
	// [Comparison.NewFile] return it; "" for any file.
	File  string
	Cause Cause
}

// CauseOf returns the first error of several diagnostics, with the number of the others.
func CauseOf(diags diag.List) Cause {
	c := Cause{More: diags.Count(diag.Error) - 1}
	if i := slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }); i >= 0 {
		d := diags[i]
		c.Code, c.Message = d.Code, d.Message
		if d.File != "" {
			c.Place = &Place{File: d.File, Line: d.Line, Column: d.Column}
		}
		if d.Code == diag.Policy {
			c.Policy = policyOf(d)
		}
	}
	return c
}

// policyOf returns the position of the constraint that a problem is about, or nil. A value that
// is not set has the constraint's own position.
func policyOf(d diag.Diagnostic) *Place {
	at := d.Range
	for _, r := range d.Related {
		if r.Message == "the policy" {
			at = r.Range
		}
	}
	if at.File == "" {
		return nil
	}
	return &Place{File: at.File, Line: at.Line, Column: at.Column}
}

// side holds the tenants of one side that have errors.
type side struct {
	all  []Unsound
	used []bool // the elements of all that were matched with a tenant of the other side
}

func (s *side) add(u Unsound) { s.all, s.used = append(s.all, u), append(s.used, false) }

// find returns why a tenant of the other side has no counterpart on this one, nil if it does
// not exist here. A tenant's own errors precede those of its file.
func (s *side) find(k key, file string) *Cause {
	for _, matches := range []func(Unsound) bool{
		func(u Unsound) bool { return u.ID == k.id && (u.Provider == k.provider || u.Provider == "") },
		func(u Unsound) bool { return u.ID == "" && (u.File == "" || file == "" || u.File == file) },
	} {
		if i := slices.IndexFunc(s.all, matches); i >= 0 {
			s.used[i] = true
			return &s.all[i].Cause
		}
	}
	return nil
}

// rest returns those that were matched with no tenant of the other side.
func (s *side) rest() []Unsound {
	var rest []Unsound
	for i, u := range s.all {
		if !s.used[i] {
			rest = append(rest, u)
		}
	}
	return rest
}

// OldUnsound adds a tenant or a file of the old side that has errors. It is not compared.
func (x *Comparison) OldUnsound(u Unsound) {
	x.oldIDs[u.ID] = true
	x.oldUnsound.add(u)
}

// NewUnsound is OldUnsound for the new side.
func (x *Comparison) NewUnsound(u Unsound) {
	x.newIDs[u.ID] = true
	x.newUnsound.add(u)
}

// setAside removes the tenants that have errors on the other side: whether they were added or
// removed is unknown.
func (x *Comparison) setAside() {
	list := map[key]*NotComparable{}
	entry := func(k key) *NotComparable {
		if list[k] == nil {
			list[k] = &NotComparable{ID: k.id, Provider: k.provider}
		}
		return list[k]
	}
	for k, old := range x.old {
		if cause := x.newUnsound.find(k, fileOf(old, x.OldFile)); cause != nil {
			entry(k).New = cause
			if x.Policies && cause.Code == diag.Policy {
				entry(k).Verdict = Refused
			}
			delete(x.old, k)
		}
	}
	for k, now := range x.added {
		if cause := x.oldUnsound.find(k, fileOf(now, x.NewFile)); cause != nil {
			entry(k).Old = cause
			if x.Policies && cause.Code == diag.Policy {
				entry(k).Verdict = Admitted
			}
			delete(x.added, k)
		}
	}
	files := map[string]*NotComparable{} // by their common names
	for _, s := range []struct {
		rest []Unsound
		set  func(n *NotComparable, c *Cause)
	}{
		{x.oldUnsound.rest(), func(n *NotComparable, c *Cause) { n.Old = c }},
		{x.newUnsound.rest(), func(n *NotComparable, c *Cause) { n.New = c }},
	} {
		for _, u := range s.rest {
			if u.ID != "" {
				s.set(entry(key{u.ID, u.Provider}), &u.Cause)
				continue
			}
			if files[u.File] == nil {
				files[u.File] = &NotComparable{}
			}
			s.set(files[u.File], &u.Cause)
		}
	}
	for _, n := range list {
		x.result.NotComparable = append(x.result.NotComparable, *n)
	}
	for _, n := range files {
		x.result.NotComparable = append(x.result.NotComparable, *n)
	}
	slices.SortFunc(x.result.NotComparable, func(a, b NotComparable) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.cause().text(), b.cause().text()))
	})
}

// fileOf returns the file of a tenant's id, by its common name, "" if the sides have no common
// files.
func fileOf(s spec, name func(string) string) string {
	at := place(s.author, diag.At("id"))
	if at == nil || name == nil {
		return ""
	}
	return name(at.File)
}

// cause returns why the tenant is not comparable: the old side's cause first.
func (n *NotComparable) cause() *Cause {
	if n.Old != nil {
		return n.Old
	}
	return n.New
}

// title returns the name of the tenant or file.
func (n *NotComparable) title() string {
	switch {
	case n.ID != "" && n.Provider != "":
		return "tenant " + n.ID + " on " + n.Provider
	case n.ID != "":
		return "tenant " + n.ID
	case n.cause().Place != nil:
		return n.cause().Place.File
	}
	return "tenants"
}

// why returns which side has errors.
func (n *NotComparable) why() string {
	switch {
	case n.Verdict != "":
		return "newly " + string(n.Verdict)
	case n.Old != nil && n.New != nil:
		return "errors before and after"
	case n.Old != nil:
		return "errors before"
	}
	return "errors after"
}

// text returns the error with its position and the number of the others.
func (c *Cause) text() string {
	text := fmt.Sprintf("%s [%s]", visible(c.Message), c.Code)
	if c.Place != nil {
		text = c.Place.String() + ": " + text
	}
	if c.Policy != nil && (c.Place == nil || *c.Place != *c.Policy) {
		text += ", the policy: " + c.Policy.String()
	}
	if c.More > 0 {
		text += fmt.Sprintf(", and %s more", many(c.More, "error"))
	}
	return text
}
