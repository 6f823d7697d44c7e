package compose

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// reference is what Compose replaces in a text (compose-go v2, template.DefaultPattern):
// $NAME, ${NAME}, and ${NAME} with a default, an error or a replacement; $$ is a dollar.
var reference = lazyregexp.New(`\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)((?::?[-?+])(?:[^{}]|\$\{[^{}]*\})*)?\})`)

// filled is a text whose variables are replaced.
type filled struct {
	text  string
	vars  []string // that it names
	unset []string // that have no value and no default
	whole string   // the variable that is the whole text
	says  string   // what the file says where the whole is missing
}

// fill replaces the variables of a text.
func fill(text string, vars map[string]string) filled {
	f := filled{}
	if !strings.Contains(text, "$") {
		f.text = text
		return f
	}
	var b strings.Builder
	done := 0
	for _, m := range reference.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[done:m[0]])
		done = m[1]
		if m[2] >= 0 {
			b.WriteByte('$')
			continue
		}
		name, rest := "", ""
		if m[4] >= 0 {
			name = text[m[4]:m[5]]
		} else {
			name = text[m[6]:m[7]]
			if m[8] >= 0 {
				rest = text[m[8]:m[9]]
			}
		}
		f.vars = append(f.vars, name)
		if m[0] == 0 && m[1] == len(text) {
			f.whole = name
		}
		value, set := vars[name]
		colon := strings.HasPrefix(rest, ":")
		there := set && (!colon || value != "")
		rest = strings.TrimPrefix(rest, ":")
		switch {
		case strings.HasPrefix(rest, "+"):
			if there {
				b.WriteString(fill(rest[1:], vars).text)
			}
		case there:
			b.WriteString(value)
		case strings.HasPrefix(rest, "-"):
			inner := fill(rest[1:], vars)
			b.WriteString(inner.text)
			f.unset = append(f.unset, inner.unset...)
		default:
			f.unset = append(f.unset, name)
			f.says = strings.TrimPrefix(rest, "?")
		}
	}
	b.WriteString(text[done:])
	f.text = b.String()
	return f
}

// words splits a command as a shell does (compose-go v2 uses github.com/mattn/go-shellwords).
func words(text string) ([]string, bool) {
	var all []string
	var word strings.Builder
	in, quote := false, rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, in = true, true
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				word.WriteRune(r)
			}
		case r == '"' || r == '\'':
			quote, in = r, true
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			if in {
				all = append(all, word.String())
				word.Reset()
				in = false
			}
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if in {
		all = append(all, word.String())
	}
	return all, quote == 0 && !escaped
}
