package compile

import (
	"iter"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
)

// Coverage collects which rules of policies matched something, over several runs. The zero
// value is ready. It is safe for concurrent use.
type Coverage struct{ rules policy.Coverage }

// Of returns how many rules and conditions a policy has, how many of them matched nothing, and
// a note for each of the outermost of these. compiled is false where CUE's evaluator judges by
// a part of it, whose rules are not counted.
func (c *Coverage) Of(path string) (rules, missing int, notes diag.List, compiled bool) {
	rules, missing, notes, compiled = c.rules.Of(path)
	quoteLines(notes, c.rules.Sources(path))
	return rules, missing, notes, compiled
}

// Positions yields where the values of a tenant come from: the file, and offsets in it, of what
// is written and of the templates' fields that it came through.
func (t Tenant) Positions() iter.Seq2[string, [2]int] {
	return func(yield func(string, [2]int) bool) { positions(t.data, yield) }
}

func positions(n *data.Node, yield func(string, [2]int) bool) bool {
	if n == nil {
		return true
	}
	at := func(p data.Pos) bool {
		start, end, ok := p.Bytes()
		return !ok || yield(p.File(), [2]int{start, end})
	}
	if n.Kind != data.Struct && !at(n.At) || n.Via != nil && !at(n.Via.At) {
		return false
	}
	for _, f := range n.Fields {
		if !at(f.At) || !positions(f.Value, yield) {
			return false
		}
	}
	return !slices.ContainsFunc(n.Elems, func(e *data.Node) bool { return !positions(e, yield) })
}

// Templates returns the texts of the CUE files that a table reads beside its tests, by name.
func (t Table) Templates() map[string][]byte {
	all := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(t.sources)) {
		if strings.HasSuffix(name, "_test.cue") || !strings.HasSuffix(name, ".cue") {
			continue
		}
		if _, err := os.Stat(name); err == nil { // else the binary brings it
			all[name] = t.sources[name].Text
		}
	}
	return all
}
