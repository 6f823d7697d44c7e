package shape

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Narrowing describes what a provider's shape demands of a field in addition to the core's;
// nothing if they are the same.
func (e *Explanation) Narrowing(core *Explanation) []string {
	var known []diag.Range
	required := false
	for _, f := range core.Forms {
		required = required || f.Required
		for _, t := range f.types {
			known = append(known, t.At)
		}
	}
	var words []string
	for _, f := range e.Forms {
		if f.Required && !required {
			words = append(words, "required")
		}
		for _, t := range f.types {
			switch {
			case slices.Contains(known, t.At):
			case t.Struct == nil:
				words = append(words, "only "+describe(Types{t}))
			default:
				for _, path := range narrowed(Types{t}, nil) {
					words = append(words, "its own "+path.String())
				}
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// narrowed returns the paths of the fields in a type's struct literal.
func narrowed(ts Types, at diag.Path) []diag.Path {
	var paths []diag.Path
	for _, s := range within(ts) {
		path := at.To(s.Name)
		if len(s.Types) == 1 && s.Types[0].Struct != nil && s.Types[0].Name == "" {
			paths = append(paths, narrowed(s.Types, path)...)
		} else {
			paths = append(paths, path)
		}
	}
	return paths
}
