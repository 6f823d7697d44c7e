package compile

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// masked stands for what is not to be printed.
const masked = "***"

// credential is what secrets look like wherever they stand: keys and tokens by the
// prefixes that their issuers give them, private keys, JSON web tokens.
var credential = lazyregexp.New(`\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{20,}|\bglpat-[0-9A-Za-z_-]{20,}|\bxox[abprs]-[0-9A-Za-z-]{10,}|` +
	`\b[rs]k_live_[0-9A-Za-z]{16,}|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----`)

// secretName is what fields that hold secrets are called.
var secretName = lazyregexp.New(`(?i)passw|passphrase|pwd|token|api_?key|credential|private_?key`)

// written is a field of such a name in a line of a spec, with its value.
var written = lazyregexp.New(`(?i)([A-Z_-]*(?:passw|passphrase|pwd|token|api_?key|credential|private_?key)[A-Z_-]*["']?\s*:\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}\[\]"']+)`)

// mask takes what an author should not have written into a spec, a secret's value, out of
// all that is printed.
func mask(diags diag.List, documents []*data.Node) {
	if len(diags) == 0 {
		return
	}
	var secrets []string
	for _, d := range documents {
		secrets = append(secrets, secretsIn(d, nil)...)
	}
	// The longest first, so that none is left standing in part.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	hide := func(text string, by func(string) string) string {
		for _, s := range secrets {
			text = strings.ReplaceAll(text, s, by(s))
		}
		text = credential.ReplaceAllStringFunc(text, by)
		return written.ReplaceAllStringFunc(text, func(field string) string {
			m := written.FindStringSubmatch(field)
			return m[1] + by(m[2])
		})
	}
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = hide(d.Message, short), hide(d.Help, short)
		d.Source = hide(d.Source, stars)
		switch last := len(d.Path) - 1; {
		case last >= 0 && d.Path[last] == "secret" && d.Code == diag.BadFormat:
			d.Help = "name one of the tenant's secrets"
		case underSecrets(d.Path) && d.Code == diag.UnknownField:
			d.Help = strings.TrimPrefix(d.Help+"; a secret's value stays in the platform's store, and path says where", "; ")
		}
		if d.Code == diag.Duplicate && len(documents) == 0 {
			d.Source = upTo(d.Source, d.EndColumn) // the file came to nothing: its values cannot be told
		}
		if underSecrets(d.Path) && len(documents) == 0 {
			d.Source = "" // of CUE that came to nothing: what stands there cannot be told
			d.Message = quoted.ReplaceAllString(d.Message, masked)
		}
	}
}

// upTo cuts a line before a column.
func upTo(line string, column int) string {
	r := []rune(line)
	if column < 1 || column > len(r) {
		return line
	}
	return string(r[:column-1])
}

// isName is what a reference to a secret looks like: what does not is the secret itself.
var isName = lazyregexp.New(`^[a-z][a-z0-9-]*$`)

func short(string) string { return masked }

// stars are as many as the text has letters, so that marks below a line stay in place.
func stars(text string) string { return strings.Repeat("*", utf8.RuneCountInString(text)) }

var quoted = lazyregexp.New(`"(?:[^"\\]|\\.)*"`)

// underSecrets reports whether a path leads into a map of secrets.
func underSecrets(p diag.Path) bool {
	i := slices.Index(p, "secrets")
	return i >= 0 && len(p) > i+1
}

// secretsIn returns the texts of a tenant that are secrets' values, or look like it: what
// stands under secrets and is no place, and what a field of a telling name holds.
func secretsIn(n *data.Node, path diag.Path) []string {
	var found []string
	for _, f := range n.Fields {
		found = append(found, secretsIn(f.Value, append(slices.Clip(path), f.Name))...)
	}
	for _, e := range n.Elems {
		found = append(found, secretsIn(e, path)...)
	}
	if n.Kind != data.String && n.Kind != data.Int || len(n.Text) < 3 || len(path) == 0 {
		return found
	}
	last := path[len(path)-1]
	place := (last == "path" || last == "key") && len(path) > 2
	if last == "secret" && !isName.MatchString(n.Text) || underSecrets(path) && !place || secretName.MatchString(last) && !underSecrets(path) {
		found = append(found, n.Text)
	}
	return found
}
