// Package mask finds credentials that an author wrote into a spec, and takes them out of
// what is printed.
//
// [Kind] and [KindOf] say what credential a text is or holds; [Secrets] gathers those of a
// spec, and hides them in any text:
//
//	var secrets mask.Secrets
//	secrets.Look(diag.At("env", "DB_PASSWORD"), "hunter2")
//	secrets.Hide("it is hunter2", mask.Short) // it is ***
package mask

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Masked stands for what is not to be printed.
const Masked = "***"

// isName is what a reference to a secret looks like: what does not is the secret itself.
var isName = lazyregexp.New(`^[a-z][a-z0-9-]*$`)

// Secrets are the texts of a spec that are secrets' values, or look like it. The zero
// value is none.
type Secrets struct{ texts []string }

// Look notes a text of a spec if its place tells that it is a secret's value: it stands
// under secrets and is no place, or its field has a telling name.
func (s *Secrets) Look(path diag.Path, text string) {
	if len(text) >= 3 && isSecret(path, text) && !slices.Contains(s.texts, text) {
		s.texts = append(s.texts, text)
	}
}

func isSecret(path diag.Path, text string) bool {
	if len(path) == 0 {
		return false
	}
	last := path[len(path)-1]
	if UnderSecrets(path) {
		place := (last == "path" || last == "key") && len(path) > 2
		return !place
	}
	if last == "secret" || last == "tlsSecret" { // of a spec, and of a plan
		return !isName.MatchString(text)
	}
	return secretValue(tells(last), last, text)
}

// Arg is the path of an element of a list at path: after a flag such as --password, the
// value of what the flag names.
func Arg(path diag.Path, before string) diag.Path {
	if IsFlag(before) {
		return path.To(before)
	}
	return path
}

// IsFlag reports whether a text is a flag whose value comes next, and is a secret:
// --password, but not --password=x.
func IsFlag(text string) bool {
	return len(text) > 2 && text[0] == '-' && word.count(text) == len(text) && tells(text) == yes
}

// UnderSecrets reports whether a path leads into a map of secrets.
func UnderSecrets(p diag.Path) bool {
	i := slices.Index(p, "secrets")
	return i >= 0 && len(p) > i+1
}

// Hide puts something else in the place of each secret in a text: of those noted, and of
// what looks like one by itself. Where several overlap, one thing stands for all.
func (s *Secrets) Hide(text string, by func(string) string) string {
	var spans []span
	for _, t := range s.texts {
		for from := 0; len(t) <= len(text)-from; {
			i := strings.Index(text[from:], t)
			if i < 0 {
				break
			}
			spans = append(spans, span{start: from + i, end: from + i + len(t)})
			from += i + len(t)
		}
	}
	find(text, func(f span) bool {
		spans = append(spans, f)
		return true
	})
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var b strings.Builder
	done := 0
	for i := 0; i < len(spans); {
		start, end := spans[i].start, spans[i].end
		for i++; i < len(spans) && spans[i].start <= end; i++ {
			end = max(end, spans[i].end)
		}
		b.WriteString(text[done:start])
		b.WriteString(by(text[start:end]))
		done = end
	}
	b.WriteString(text[done:])
	return b.String()
}

// Short masks a text without telling its length.
func Short(string) string { return Masked }
