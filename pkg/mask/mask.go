// Package mask takes secrets' values, which an author should not have written into a
// spec, out of what is printed.
package mask

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Masked stands for what is not to be printed.
const Masked = "***"

// credential is what secrets look like wherever they stand: keys and tokens by the
// prefixes that their issuers give them, JSON web tokens, private keys with all that they
// enclose.
var credential = lazyregexp.New(`\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{20,}|\bgithub_pat_[0-9A-Za-z_]{20,}|\bglpat-[0-9A-Za-z_-]{20,}|` +
	`\bxox[abprs]-[0-9A-Za-z-]{10,}|\b[rs]k_live_[0-9A-Za-z]{16,}|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]*|` +
	`-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(-----END [A-Z ]*PRIVATE KEY-----|\z)`)

// prefixes are what credentials begin with: few texts do, and only they are looked at
// closely.
var prefixes = []string{
	"AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
	"xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "rk_live_", "sk_live_", "eyJ", "-----BEGIN ",
}

// firsts are the bytes that credentials begin with.
const firsts = "Agxrse-"

// IsCredential reports whether a text begins with what looks like a credential.
func IsCredential(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	if text == "" || strings.IndexByte(firsts, text[0]) < 0 {
		return false
	}
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			found := credential.FindStringSubmatch(text)
			return found != nil && strings.HasPrefix(text, found[0])
		}
	}
	return false
}

// telling is what fields that hold secrets are called.
const telling = `passw|passphrase|pwd|token|api[_-]?key|credential|private[_-]?key|secret[_-]|[_-]secret`

// part is a text in quotes, or what stands without spaces; in CUE, a default, or with what
// it is compared to.
const part = `(?:\*|[=!]~\s*|!=\s*)?(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}\[\]"']+)`

var (
	secretName = lazyregexp.New(`(?i)` + telling)

	// flag is the name of such a field on a command line, whose value comes next.
	flag = lazyregexp.New(`(?i)^--?[a-z0-9_-]*(` + telling + `)[a-z0-9_-]*$`)

	// written is a field of such a name in a line of a spec or of a configuration, with
	// its value, which in CUE may have several parts.
	written = lazyregexp.New(`(?i)([A-Z0-9_-]*(?:` + telling + `)[A-Z0-9_-]*["']?[?!]?\s*[:=]\s*)(` + part + `(?:\s+[&|]\s+` + part + `)*)`)

	// each is a part of such a value, or an operator.
	each = lazyregexp.New(part)

	// plain is a part that is no value, since CUE has a meaning for it.
	plain = lazyregexp.New(`^(?:&|\||string|bytes|bool|number|int|float|_|strings\.M(?:in|ax)Runes\(\d+\))$`)

	// login is a user's name and password in a URL.
	login = lazyregexp.New(`(://[^/\s:@"']*:)([^/\s@"']+)@`)

	// isName is what a reference to a secret looks like: what does not is the secret itself.
	isName = lazyregexp.New(`^[a-z][a-z0-9-]*$`)
)

// Secrets are the texts of a spec that are secrets' values, or look like it. The zero
// value is none.
type Secrets struct{ texts []string }

// Look notes a text of a spec if its place tells that it is a secret's value: it stands
// under secrets and is no place, or its field has a telling name.
func (s *Secrets) Look(path diag.Path, text string) {
	if len(text) >= 3 && tells(path, text) {
		s.texts = append(s.texts, text)
	}
}

func tells(path diag.Path, text string) bool {
	if len(path) == 0 {
		return false
	}
	last := path[len(path)-1]
	if UnderSecrets(path) {
		place := (last == "path" || last == "key") && len(path) > 2
		return !place
	}
	return last == "secret" && !isName.MatchString(text) || secretName.MatchString(last)
}

// Arg is the path of an element of a list at path: after a flag such as --password, the
// value of what the flag names.
func Arg(path diag.Path, before string) diag.Path {
	if flag.MatchString(before) {
		return path.To(before)
	}
	return path
}

// UnderSecrets reports whether a path leads into a map of secrets.
func UnderSecrets(p diag.Path) bool {
	i := slices.Index(p, "secrets")
	return i >= 0 && len(p) > i+1
}

// Hide puts something else in the place of each secret in a text: of those noted, and of
// what looks like one by itself.
func (s *Secrets) Hide(text string, by func(string) string) string {
	// The longest first, so that none is left standing in part.
	slices.SortFunc(s.texts, func(a, b string) int { return len(b) - len(a) })
	for _, t := range s.texts {
		text = strings.ReplaceAll(text, t, by(t))
	}
	text = credential.ReplaceAllStringFunc(text, by)
	text = login.ReplaceAllStringFunc(text, func(url string) string {
		m := login.FindStringSubmatch(url)
		return m[1] + by(m[2]) + "@"
	})
	return written.ReplaceAllStringFunc(text, func(field string) string {
		m := written.FindStringSubmatch(field)
		return m[1] + each.ReplaceAllStringFunc(m[2], func(part string) string {
			if plain.MatchString(part) {
				return part
			}
			return by(part)
		})
	})
}

// Short masks a text without telling its length.
func Short(string) string { return Masked }
