package read

import (
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Plain reads the documents of a YAML or JSON text that need not be tenants: lists and scalars
// are documents too. The limits are those of a spec.
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
