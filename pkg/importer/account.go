package importer

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Verdict says what became of a value of the input.
type Verdict string

// The verdicts, from the best to the worst.
const (
	Default      Verdict = "default"      // what holds anyway: nothing is written
	Exact        Verdict = "exact"        // the tenant says just this
	Native       Verdict = "native"       // kept in the platform's own words
	Approximated Verdict = "approximated" // the tenant says nearly this
	Lost         Verdict = "lost"         // the tenant does not say it
)

// Verdicts lists them in the order in which they are counted.
var Verdicts = []Verdict{Exact, Approximated, Native, Default, Lost}

var worse = map[Verdict]int{Default: 0, Exact: 1, Native: 2, Approximated: 3, Lost: 4}

// Entry is what became of one value of the input.
type Entry struct {
	File    string  `json:"file"`
	Line    int     `json:"line"`
	Column  int     `json:"column"`
	Path    string  `json:"path"` // in the input
	Verdict Verdict `json:"verdict"`
	Becomes string  `json:"becomes,omitempty"` // the path in the tenant
	Why     string  `json:"why,omitempty"`
}

// Addition is what the tenant states and the input does not.
type Addition struct {
	Path  string `json:"path"` // in the platform's own terms
	Value string `json:"value"`
	Why   string `json:"why"`
}

// Account has exactly one entry for every value of the input that holds no others.
type Account struct {
	Version   int             `json:"version"`
	Entries   []Entry         `json:"entries"`
	Additions []Addition      `json:"additions,omitempty"`
	Summary   map[Verdict]int `json:"summary"`
}

// WriteJSON writes the account for programs: fields are only ever added to version 1.
func (a Account) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a)
}

// Worst returns the worst verdict in the account; Default where it is empty.
func (a Account) Worst() Verdict {
	worst := Default
	for _, e := range a.Entries {
		if worse[e.Verdict] > worse[worst] {
			worst = e.Verdict
		}
	}
	return worst
}

// AtLeast reports whether a verdict is as bad as another, or worse.
func (v Verdict) AtLeast(other Verdict) bool { return worse[v] >= worse[other] }

// claim is what a format says of a value of the input.
type claim struct {
	verdict Verdict
	becomes string
	why     string
	whole   bool // of what is below too
}

const notInVocabulary = "the vocabulary has no such field"

// account makes the entries of all values, in the order of their places.
func (d *Draft) account(additions []Addition) Account {
	type at struct {
		file  string
		start int
	}
	found := map[at]Entry{}
	claimed := map[at]bool{}
	several := map[string]int{} // documents of a file
	for _, doc := range d.counted {
		several[doc.File]++
	}
	seen := map[string]int{}
	for _, doc := range d.counted {
		var in diag.Path
		if several[doc.File] > 1 {
			in = diag.At(seen[doc.File])
			seen[doc.File]++
		}
		d.leaves(doc.Root, in, claim{verdict: Lost, why: notInVocabulary}, false, func(n *data.Node, path diag.Path, c claim, is bool) {
			start, _, _ := n.At.Bytes()
			key, where := at{doc.File, start}, n.At.Range()
			e := Entry{where.File, where.Line, where.Column, path.String(), c.verdict, c.becomes, c.why}
			old, again := found[key]
			if again { // one that aliases repeat
				e.Path = old.Path
				if claimed[key] && (!is || worse[old.Verdict] >= worse[c.verdict]) {
					return
				}
			}
			found[key], claimed[key] = e, is
		})
	}
	a := Account{Version: 1, Summary: map[Verdict]int{}, Entries: []Entry{}, Additions: additions}
	for _, e := range found {
		a.Entries = append(a.Entries, e)
		a.Summary[e.Verdict]++
	}
	files := map[string]int{}
	for i, doc := range d.counted {
		if _, ok := files[doc.File]; !ok {
			files[doc.File] = i
		}
	}
	slices.SortFunc(a.Entries, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(files[x.File], files[y.File]), cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	})
	return a
}

// leaves walks the values that hold no others, each with what is claimed of it.
func (d *Draft) leaves(n *data.Node, path diag.Path, above claim, is bool, visit func(*data.Node, diag.Path, claim, bool)) {
	own, ok := d.claims[n]
	leaf := len(n.Fields)+len(n.Elems) == 0
	if ok && (own.whole || leaf) {
		above, is = own, true
	}
	if leaf {
		visit(n, path, above, is)
	}
	for _, f := range n.Fields {
		d.leaves(f.Value, path.To(f.Name), above, is, visit)
	}
	for i, e := range n.Elems {
		d.leaves(e, path.To(i), above, is, visit)
	}
}
