package compile

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// native is the name of a resource, and the position of its origin in the spec.
type native struct {
	provider.NativeName
	provider string
	at       diag.Range
	accepted bool // its workload accepts that another tenant has the same name
}

// natives appends the names of a plan's resources to a list, none if the provider renders no
// resources.
func (w *worker) natives(ctx context.Context, target provider.Provider, p *plan.Plan, author *data.Node, to []native) ([]native, error) {
	renderer, ok := target.(provider.Renderer)
	if !ok {
		return to, nil
	}
	names, err := callProvider(ctx, &w.caller, p, "Names", func() ([]provider.NativeName, error) { return renderer.Names(p) })
	if err != nil {
		return nil, err
	}
	to = slices.Grow(to, len(names))
	for _, n := range names {
		to = append(to, native{n, p.Provider, author.LocateKey(n.Path), n.Concept != "" && accepts(p, n.Path, n.Concept)})
	}
	return to, nil
}

// render returns a plan's native resources. If the provider renders none, that is a problem of
// the spec, which names the provider.
func (w *worker) render(ctx context.Context, target provider.Provider, p *plan.Plan) ([]provider.File, diag.List, error) {
	renderer, ok := target.(provider.Renderer)
	if !ok {
		var diags diag.List
		d := diags.Errorf(diag.Unsupported, diag.At("provider"), "provider %q makes no native resources", p.Provider)
		d.Help = "plan shows what the tenant compiles to"
		return nil, diags, nil
	}
	files, err := callProvider(ctx, &w.caller, p, "Render", func() ([]provider.File, error) {
		files, err := renderer.Render(ctx, p)
		return files, errors.Join(err, plainNames(files))
	})
	return files, nil, err
}

// plainNames returns an error for file names that contain a path, or occur twice.
func plainNames(files []provider.File) error {
	taken := map[string]bool{}
	for _, f := range files {
		switch {
		case !filepath.IsLocal(f.Name) || f.Name == "." || filepath.Base(f.Name) != f.Name || path.Base(f.Name) != f.Name:
			return fmt.Errorf("file name %q is not plain", f.Name)
		case taken[f.Name]:
			return fmt.Errorf("file name %q stands twice", f.Name)
		}
		taken[f.Name] = true
	}
	return nil
}
