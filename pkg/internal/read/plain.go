package read

import (
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Plain reads the documents of a text of YAML or JSON, which need be no tenants. Lists and
// scalars are documents too; what is too much for a spec is too much here.
func Plain(src *data.Source, limits limit.Limits) ([]*data.Node, diag.List) {
	var diags diag.List
	if !gate.Text(limits, &diags, src) {
		return nil, diags
	}
	if !utf8.Valid(src.Text) {
		diags.Errorf(diag.Syntax, nil, "the file is not UTF-8 text").File = src.Name
		return nil, diags
	}
	nodes := data.NodesOf(len(src.Text))
	docs, found := JSON(src, limits, &nodes)
	if found.HasErrors() || len(docs) == 0 {
		docs, found = YAML(src, limits, &nodes)
	}
	for _, doc := range docs {
		if _, ok := gate.Tree(limits, &found, doc); !ok {
			return nil, found
		}
	}
	return docs, found
}
