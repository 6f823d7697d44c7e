package compile

import (
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// hideSecrets removes secret values that an author wrote into a spec from diagnostics. In a
// broken file, not all values are known.
func hideSecrets(diags diag.List, documents []*data.Node, broken bool) {
	if len(diags) == 0 {
		return
	}
	var secrets mask.Secrets
	path := make(diag.Path, 0, 16)
	for _, d := range documents {
		lookForSecrets(&secrets, d, path)
	}
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = secrets.Hide(d.Message, mask.Short), secrets.Hide(d.Help, mask.Short)
		d.Source = secrets.Hide(d.Source, stars)
		if d.Fix != nil && secrets.Hide(d.Fix.NewText, mask.Short) != d.Fix.NewText {
			d.Fix = nil
		}
		switch last := len(d.Path) - 1; {
		case last >= 0 && d.Path[last] == "secret" && d.Code == diag.BadFormat:
			d.Help = "name one of the tenant's secrets"
		case mask.UnderSecrets(d.Path) && d.Code == diag.UnknownField:
			d.Help = strings.TrimPrefix(d.Help+"; a secret's value stays in the platform's store, and path says where", "; ")
		}
		if d.Code == diag.Duplicate && len(documents) == 0 {
			d.Source = before(d.Source, d.EndColumn) // the file was not parsed, so its values cannot be masked
		}
		if mask.UnderSecrets(d.Path) && broken {
			d.Source = "" // CUE that was not evaluated: the line's values are unknown
			d.Message = quoted.ReplaceAllString(d.Message, mask.Masked)
		}
	}
}

// lookForSecrets collects the texts of a tenant that are secret values, or look like it. It
// reuses the capacity of path for each field.
func lookForSecrets(secrets *mask.Secrets, n *data.Node, path diag.Path) {
	for _, f := range n.Fields {
		lookForSecrets(secrets, f.Value, append(path, f.Name))
	}
	earlier := ""
	for _, e := range n.Elems {
		lookForSecrets(secrets, e, mask.Arg(path, earlier))
		earlier = e.Text
	}
	if n.Kind == data.String || n.Kind == data.Int {
		secrets.Look(path, n.Text)
	}
}

// before cuts a line before a column.
func before(line string, column int) string {
	r := []rune(line)
	if column < 1 || column > len(r) {
		return line
	}
	return string(r[:column-1])
}

// stars returns as many stars as the text has characters, so that marks below a line stay in
// place.
func stars(text string) string { return strings.Repeat("*", utf8.RuneCountInString(text)) }

var quoted = lazyregexp.New(`"(?:[^"\\]|\\.)*"`)
