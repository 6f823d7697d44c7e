package compile

import (
	"context"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// native is the name of a resource, and what of the author's it is made of.
type native struct {
	provider.NativeName
	provider string
	at       diag.Range
}

// natives returns what a plan's resources are called; nothing for a provider that makes
// none.
func natives(target provider.Provider, p *plan.Plan, author *data.Node) ([]native, error) {
	renderer, ok := target.(provider.Renderer)
	if !ok {
		return nil, nil
	}
	names, err := renderer.Names(p)
	if err != nil {
		return nil, fmt.Errorf("provider %s: tenant %s: %w", p.Provider, p.ID, err)
	}
	all := make([]native, len(names))
	for i, n := range names {
		all[i] = native{n, p.Provider, author.Locate(n.Path).Key}
	}
	return all, nil
}

// render returns a plan's native resources. That a provider makes none is the spec's
// problem, which names it.
func render(ctx context.Context, target provider.Provider, p *plan.Plan) ([]provider.File, diag.List, error) {
	renderer, ok := target.(provider.Renderer)
	if !ok {
		var diags diag.List
		d := diags.Errorf(diag.Unsupported, diag.At("provider"), "provider %q makes no native resources", p.Provider)
		d.Help = "plan shows what the tenant compiles to"
		return nil, diags, nil
	}
	files, err := renderer.Render(ctx, p)
	if err != nil {
		return nil, nil, fmt.Errorf("provider %s: tenant %s: %w", p.Provider, p.ID, err)
	}
	return files, nil, nil
}
