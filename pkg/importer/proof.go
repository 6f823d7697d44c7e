package importer

import (
	"cmp"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// Fact is one thing that documents state, in the platform's own terms.
type Fact struct {
	Key   string // web.app/environment/LOG_LEVEL
	Value string

	// Node is the value that states it; nil for a default of the platform.
	Node *data.Node
}

// Difference is a fact that the original and what is rendered do not share, and that the
// account does not name.
type Difference struct {
	Key                string
	Original, Rendered string // "" where it is not stated
	At                 diag.Range
}

// prove compares the facts of the original with those of what is rendered. Each value that
// the account calls exact has to be a fact that both share. What only what is rendered
// states is an addition, for which the format has a reason.
func (d *Draft) prove(original, rendered []Fact) (unnamed []Difference, additions []Addition) {
	is := map[string]Fact{}
	for _, f := range rendered {
		is[f.Key] = f
	}
	stated := map[*data.Node]bool{}
	was := map[string]bool{}
	for _, f := range original {
		was[f.Key] = true
		f.Node = d.origin(f.Node)
		r, there := is[f.Key]
		same := there && r.Value == f.Value
		if f.Node != nil {
			if same || d.claims[f.Node].becomes != "" || !d.exact(f.Node) {
				stated[f.Node] = true
			}
			if c := d.claims[f.Node]; !same && (d.exact(f.Node) || c.verdict == Native) {
				unnamed = append(unnamed, Difference{f.Key, f.Value, r.Value, f.Node.At.Range()})
			}
			continue
		}
		if same || !there { // of what is not rendered at all, the account says why
			continue
		}
		why := d.format.Added(f.Key)
		if why == "" {
			unnamed = append(unnamed, Difference{f.Key, f.Value, r.Value, diag.Range{}})
			continue
		}
		additions = append(additions, Addition{f.Key, d.shown(f.Key, r.Value), why})
	}
	for _, r := range rendered {
		if was[r.Key] || r.Node == nil {
			continue
		}
		why := d.format.Added(r.Key)
		if why == "" {
			unnamed = append(unnamed, Difference{r.Key, "", r.Value, diag.Range{}})
			continue
		}
		additions = append(additions, Addition{r.Key, d.shown(r.Key, r.Value), why})
	}
	for _, doc := range d.Docs {
		d.leaves(doc.Root, nil, claim{verdict: Lost}, false, func(n *data.Node, path diag.Path, c claim, _ bool) {
			if c.verdict == Exact && !stated[n] {
				unnamed = append(unnamed, Difference{"no fact of " + path.String(), n.Text, "", n.At.Range()})
			}
		})
	}
	unnamed = append(unnamed, d.missing()...)
	slices.SortStableFunc(unnamed, func(a, b Difference) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(additions, func(a, b Addition) int { return cmp.Compare(a.Path, b.Path) })
	return unnamed, additions
}

// exact reports whether the account says of a value that it is kept just so, or holds anyway.
func (d *Draft) exact(n *data.Node) bool {
	c, ok := d.claims[n]
	return ok && c.verdict == Exact
}

func (d *Draft) shown(key, value string) string {
	return d.secrets.Hide(value, mask.Short)
}

// missing are the values that became a field which the tenant does not have.
func (d *Draft) missing() (all []Difference) {
	for n, c := range d.claims {
		if c.becomes == "" {
			continue
		}
		path, err := diag.ParsePath(c.becomes)
		if err != nil || d.root.Find(path) == nil {
			all = append(all, Difference{c.becomes, n.Text, "", n.At.Range()})
		}
	}
	return all
}
