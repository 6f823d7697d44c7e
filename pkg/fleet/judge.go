package fleet

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Rules are what a landlord's policies say about all tenants: the field fleet.
type Rules interface {
	// By returns what the rules count by: labels.NAME, or one of [Dimensions].
	By() []string

	// Label returns where a policy counts by a label, which each tenant has to have then.
	Label(name string) diag.Range

	// Mentions reports whether a rule is about one of the [Measures].
	Mentions(measure string) bool

	// Hold returns what the rules have against the shares. A path leads into [Shares].
	Hold(ctx context.Context, s *Shares) (diag.List, error)

	// Bound returns the most that the rules admit at a path of the shares; ok is false where
	// they do not say.
	Bound(path diag.Path) (most int64, ok bool)
}

// Options say how to judge.
type Options struct {
	Rules Rules // nil: what is built in alone

	// By is what shares are summed up by, beside what the rules count by: labels.NAME, or one
	// of [Dimensions].
	By []string

	// Notes asks for what several tenants only read too.
	Notes bool

	// Limit is how many problems of each code are returned; the rest is counted. 0: 200.
	Limit int
}

// Verdict is what is wrong with all tenants together, and what they ask for.
type Verdict struct {
	Tenants     int
	Diagnostics diag.List // by their places
	Shares      *Shares
	Bounds      map[string]int64 // that the rules set, by path: by.team.web.memoryMiB
}

// Judge reads facts to their end and judges them. The readers are all shards of one run, in any
// order. An error that wraps [ErrFacts] says that they cannot be used.
func Judge(ctx context.Context, o Options, readers ...*Reader) (*Verdict, error) {
	if err := whole(readers); err != nil {
		return nil, err
	}
	if o.Limit <= 0 {
		o.Limit = 200
	}
	found := &findings{limit: o.Limit, omitted: map[diag.Code]int{}, shown: map[diag.Code]int{}}
	t := &tenants{found: found, rules: o.Rules, sums: newSums(o)}
	c := &collisions{found: found, notes: o.Notes, reported: map[[2]string]bool{}}
	err := merge(ctx, readers, func(line []byte, claim bool) error {
		if claim {
			return c.claim(line)
		}
		return t.fact(line)
	})
	if err != nil {
		return nil, err
	}
	t.flush()
	v := &Verdict{Tenants: t.count, Shares: t.sums.done()}
	if o.Rules != nil {
		held, err := o.Rules.Hold(ctx, v.Shares)
		if err != nil {
			return nil, err
		}
		for _, d := range held {
			found.add(explained(d, v.Shares))
		}
		v.Bounds = boundsOf(o.Rules, v.Shares)
	}
	v.Diagnostics = found.done()
	return v, nil
}

// findings are the first problems of each code, and how many there are more.
type findings struct {
	limit          int
	list           diag.List
	shown, omitted map[diag.Code]int
}

// full reports whether no more problems of a code are shown.
func (f *findings) full(code diag.Code) bool { return f.shown[code] >= f.limit }

func (f *findings) add(d diag.Diagnostic) {
	if f.full(d.Code) {
		f.omitted[d.Code]++
		return
	}
	f.shown[d.Code]++
	f.list = append(f.list, d)
}

func (f *findings) done() diag.List {
	slices.SortStableFunc(f.list, func(a, b diag.Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
	for code, n := range sorted(f.omitted) {
		d := f.list.Errorf(diag.Limit, nil, "%d more problems of all tenants together are not shown: %s", n, code)
		d.Help, d.Bound = "fix these first", "diagnostics"
	}
	return f.list
}

// tenants reads facts, one id after another.
type tenants struct {
	found *findings
	rules Rules
	sums  *sums
	same  []Facts // of one id
	count int
}

func (t *tenants) fact(line []byte) error {
	var f Facts
	if err := json.Unmarshal(line, &f); err != nil {
		return fmt.Errorf("%w: %v", ErrFacts, err)
	}
	f.Amounts = f.long()
	for pool, a := range f.NodePools {
		f.NodePools[pool] = a.long()
	}
	if len(t.same) > 0 && t.same[0].ID != f.ID {
		t.flush()
	}
	t.same = append(t.same, f)
	return nil
}

// flush judges the facts of one id: of several tenants that have it, the first by its place
// counts, as in one run.
func (t *tenants) flush() {
	if len(t.same) == 0 {
		return
	}
	slices.SortStableFunc(t.same, func(a, b Facts) int { return compare(a.At, b.At) })
	first := t.same[0]
	own := 1
	for own < len(t.same) && t.same[own].At == first.At {
		own++
	}
	for i := own; i < len(t.same); i++ {
		f := t.same[i]
		if t.same[i-1].At == f.At {
			continue // for another provider
		}
		t.found.add(diag.Diagnostic{
			Severity: diag.Error, Code: diag.Duplicate, Message: fmt.Sprintf("tenant %q is already defined", f.ID),
			Tenant: f.ID, Path: diag.At("id"), Range: f.At.Range(),
			Related: []diag.Related{{Range: first.At.Range(), Message: "defined here"}},
		})
	}
	t.count++
	t.labels(&first)
	t.sums.tenant(t.same[:own])
	t.same = t.same[:0]
}

// labels reports labels that the rules count by and the tenant lacks.
func (t *tenants) labels(f *Facts) {
	for _, name := range t.sums.labels {
		if _, ok := f.Labels[name]; ok || !t.sums.ruled[name] {
			continue
		}
		t.found.add(diag.Diagnostic{
			Severity: diag.Error, Code: diag.Policy, Message: fmt.Sprintf("labels.%s is not set, and the fleet is counted by it", name),
			Help: fmt.Sprintf("set it; a policy's tenant: labels: %s!: string asks each author for it", name), Tenant: f.ID, Path: diag.At("labels", name), Range: f.At.Range(),
			Related: []diag.Related{{Range: t.rules.Label(name), Message: "the policy"}},
		})
	}
}

// explained names the group that a rule refuses, and the tenants that have the most of it.
func explained(d diag.Diagnostic, s *Shares) diag.Diagnostic {
	group, share, measure := s.find(d.Path)
	if share == nil {
		return d
	}
	last := measure[strings.LastIndexByte(measure, '.')+1:]
	if rest, ok := strings.CutPrefix(d.Message, last+" "); ok {
		d.Message = measure + " " + rest // percent.memoryMiB is no amount
	}
	d.Message = group + ": " + d.Message
	all, listed := share.biggest[strings.TrimPrefix(measure, "percent.")]
	if !listed {
		measure, all = "tenants", share.biggest["tenants"]
	}
	for _, b := range all {
		text := "tenant " + b.id + " is one of them"
		if measure != "tenants" {
			text = fmt.Sprintf("tenant %s has %d", b.id, b.amount)
		}
		d.Related = append(d.Related, diag.Related{Range: b.at.Range(), Message: text})
	}
	if n := int(share.Tenants) - len(all); n > 0 && len(all) > 0 && d.Help == "" {
		d.Help = strconv.Itoa(n) + " more tenants are of the group; those with the most of it are named"
		if n == 1 {
			d.Help = "1 more tenant is of the group; those with the most of it are named"
		}
	}
	return d
}

// find returns the share that a path leads into, what it is called, and the rest of the path.
func (s *Shares) find(path diag.Path) (name string, share *Share, measure string) {
	rest := func(n int) string { return path[n:].String() }
	switch {
	case len(path) > 0 && path[0] == "total":
		return "all tenants", &s.Total, rest(1)
	case len(path) > 2 && path[0] == "by":
		return fmt.Sprintf("%s %q", path[1], path[2]), s.By[path[1]][path[2]], rest(3)
	case len(path) > 1 && s.Of(path[0]) != nil:
		return fmt.Sprintf("%s %q", words[path[0]], path[1]), s.Of(path[0])[path[1]], rest(2)
	}
	return "", nil, ""
}

var words = map[string]string{"provider": "provider", "namespace": "namespace", "nodePool": "node pool", "registry": "registry"}

// boundsOf returns what the rules admit of each share at most.
func boundsOf(rules Rules, s *Shares) map[string]int64 {
	all := map[string]int64{}
	note := func(path diag.Path) {
		for _, m := range boundMeasures() {
			if !rules.Mentions(m) {
				continue
			}
			at, _ := diag.ParsePath(m) // Measures are paths
			full := path.To()
			full = append(full, at...)
			if most, ok := rules.Bound(full); ok {
				all[full.String()] = most
			}
		}
	}
	note(diag.At("total"))
	for label, group := range s.By {
		for value := range group {
			note(diag.At("by", label, value))
		}
	}
	for _, dimension := range Dimensions() {
		for key := range s.Of(dimension) {
			note(diag.At(dimension, key))
		}
	}
	return all
}
