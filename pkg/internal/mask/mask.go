// Package mask finds credentials in specs, and removes them from output.
//
// [Kind] and [KindOf] classify a text; [Secrets] collects the secrets of a spec, and hides them
// in any text:
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

// Masked replaces a secret in output.
const Masked = "***"

// isName matches a reference to a secret; any other text is the secret itself.
var isName = lazyregexp.New(`^[a-z][a-z0-9-]*$`)

// Secrets are the texts of a spec that are secret, or look like it. The zero value is empty.
type Secrets struct{ texts []string }

// Look adds a text of a spec if its path shows that it is a secret: it is under secrets and not
// a location, or its field has the name of a secret.
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
	if last == "secret" || last == "tlsSecret" { // the names in a spec and in a plan
		return !isName.MatchString(text)
	}
	return secretValue(certaintyOf(last), last, text)
}

// Arg returns the path of a list's element: after a flag such as --password, the path of the
// flag's value.
func Arg(path diag.Path, before string) diag.Path {
	if IsFlag(before) {
		return path.To(before)
	}
	return path
}

// IsFlag reports whether a text is a flag whose next argument is a secret: --password, but not
// --password=x.
func IsFlag(text string) bool {
	return len(text) > 2 && text[0] == '-' && word.count(text) == len(text) && certaintyOf(text) == yes
}

// UnderSecrets reports whether a path is inside a map of secrets.
func UnderSecrets(p diag.Path) bool {
	i := slices.Index(p, "secrets")
	return i >= 0 && len(p) > i+1
}

// Hide replaces each secret in a text: those that were added, and those that Kind recognises.
// Overlapping secrets get one replacement.
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

// Short masks a text, including its length.
func Short(string) string { return Masked }
