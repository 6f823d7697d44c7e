package load

import (
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Plain reads the documents of a text of YAML or JSON, which need be no tenants. Lists and
// scalars are documents too; what is too much for a spec is too much here.
func Plain(src *data.Source, limits Limits) ([]*data.Node, diag.List) {
	var diags diag.List
	if !limits.text(&diags, src) {
		return nil, diags
	}
	if !utf8.Valid(src.Text) {
		diags.Errorf(diag.Syntax, nil, "the file is not UTF-8 text").File = src.Name
		return nil, diags
	}
	nodes := data.NodesOf(len(src.Text))
	docs, found := readJSON(src, limits, &nodes)
	if found.HasErrors() || len(docs) == 0 {
		docs, found = readYAML(src, limits, &nodes)
	}
	for _, doc := range docs {
		if _, ok := limits.tree(&found, doc); !ok {
			return nil, found
		}
	}
	return docs, found
}
