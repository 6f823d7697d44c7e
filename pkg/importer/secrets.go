package importer

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// Secret adds a secret whose value lives at a place of the platform's store, and returns its
// name: the same for the same place.
func (d *Draft) Secret(name, path, key string, from ...*data.Node) string {
	secrets := d.Get(diag.At("secrets"))
	if secrets != nil {
		for _, f := range secrets.Fields {
			if f.Value.Get("path").Text == path && textOf(f.Value.Get("key")) == key {
				return f.Name
			}
		}
	}
	name = Name(name)
	for i := 2; secrets.Field(name) != nil; i++ {
		name = fmt.Sprintf("%s-%d", Name(name), i)
	}
	at := diag.At("secrets", name)
	d.put(at.To("path"), path, from)
	if key != "" {
		d.put(at.To("key"), key, from)
	}
	return name
}

func textOf(n *data.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// Credential returns what credential the value of a variable is, or "".
func Credential(name, value string) string { return mask.KindOf(name, value) }

// Hidden notes a text that is never shown.
func (d *Draft) Hidden(text string) { d.secrets.Look(diag.At("secrets", "x"), text) }
