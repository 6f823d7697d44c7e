package importer

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// withhold takes out of the tenant what looks like a credential and is no variable's value, of
// which formats make secrets: a word of a command, a label, a line of a configuration file.
func (d *Draft) withhold(n *data.Node, path diag.Path) {
	for _, f := range n.Fields {
		if len(path) > 0 || f.Name != "secrets" {
			d.withhold(f.Value, path.To(f.Name))
		}
	}
	for i, e := range n.Elems {
		d.withhold(e, path.To(i))
		if i > 0 && e.Kind == data.String && mask.IsFlag(n.Elems[i-1].Text) && mask.KindOf(n.Elems[i-1].Text, e.Text) != "" {
			d.replace(e, path.To(i), mask.Masked)
		}
	}
	if n.Kind != data.String || mask.Kind(n.Text) == "" {
		return
	}
	var alone mask.Secrets
	d.replace(n, path, alone.Hide(n.Text, mask.Short))
}

// replace puts a text without its credential in the place of one, and says so in the account.
func (d *Draft) replace(n *data.Node, path diag.Path, text string) {
	if text == n.Text {
		return
	}
	own, list := path.String(), path[:len(path)-1].String()
	for from, c := range d.claims {
		switch {
		case c.becomes != own && c.becomes != list:
		case c.becomes == own || from.Text == n.Text || mask.Kind(from.Text) != "":
			c.verdict, c.why = Lost, "it is a credential, which is not written: let the process read a variable that is a secret"
			d.claims[from] = c
		case c.verdict == Exact:
			c.verdict, c.why = Approximated, "another part of it is a credential, which is not written"
			d.claims[from] = c
		}
	}
	d.secrets.Look(diag.At("secrets", "x"), n.Text)
	n.Text = text
}
