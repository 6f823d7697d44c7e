package compile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// checkRegistered returns an error for each requested provider that is not registered.
func checkRegistered(reg *provider.Registry, names []string) error {
	var errs []error
	for _, name := range names {
		if _, err := reg.Get(name); err != nil {
			errs = append(errs, fmt.Errorf("%w: %s", err, suggest(name, reg.Names())))
		}
	}
	return errors.Join(errs...)
}

func suggest(name string, known []string) string {
	all := "known are " + strings.Join(known, ", ")
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %q? %s", near, all)
	}
	return all
}

// providers returns the providers that a tenant is compiled for, and the problems with the
// providers that it names.
func (w *worker) providers(tenant *data.Node) ([]string, diag.List) {
	var diags diag.List
	w.extensionsOf(&diags, tenant)
	w.overrideKeys(&diags, tenant.Get("overrides"))
	if len(w.input.Providers) > 0 {
		return w.input.Providers, diags
	}
	n := tenant.Get("provider")
	if n == nil && misspelt(tenant, "provider") == nil {
		n = w.policies.Supplied(tenant, "provider")
	}
	switch {
	case n != nil && n.Kind == data.Unknown: // already reported
	case n == nil && misspelt(tenant, "provider") != nil:
		f := misspelt(tenant, "provider")
		d := diags.Errorf(diag.UnknownField, diag.At(f.Name), "unknown field %q", f.Name)
		d.Range = f.At.Range()
		d.Help = `did you mean "provider"?`
		d.Fix = f.Rename("provider")
	case n == nil:
		d := diags.Errorf(diag.MissingField, diag.At("provider"), "field %q is required", "provider")
		d.Range = tenant.At.Range()
		d.Help = "name the platform: " + strings.Join(w.registry.Names(), ", ")
	case n.Kind != data.String:
		d := diags.Errorf(diag.WrongType, diag.At("provider"), "provider is a %s, not a string", n.Kind)
		d.Range = n.At.Range()
	default:
		if _, err := w.registry.Get(n.Text); err == nil {
			return []string{n.Text}, diags
		}
		d := diags.Errorf(diag.UnknownProvider, diag.At("provider"), "no provider %q", n.Text)
		d.Range = n.At.Range()
		d.Help = suggest(n.Text, w.registry.Names())
		if sure := diag.Misspelt(n.Text, w.registry.Names()); sure != "" {
			d.Fix = n.RewriteText(sure)
		}
	}
	return nil, diags
}

// misspelt returns the field whose name is similar to a missing one, or nil.
func misspelt(n *data.Node, name string) *data.Field {
	for i := range n.Fields {
		if diag.Nearest(n.Fields[i].Name, []string{name}) != "" {
			return &n.Fields[i]
		}
	}
	return nil
}

// extensionsOf reports extensions of unregistered providers, in a tenant or in a part of one at
// a path.
func (w *worker) extensionsOf(diags *diag.List, tenant *data.Node, path ...any) {
	w.providerKeys(diags, tenant.Get("extensions"), append(path, "extensions")...)
	if workloads := tenant.Get("workloads"); workloads != nil {
		for _, f := range workloads.Fields {
			w.providerKeys(diags, f.Value.Get("extensions"), append(path, "workloads", f.Name, "extensions")...)
		}
	}
}

// providerKeys reports keys of extensions or overrides that are not registered providers.
func (w *worker) providerKeys(diags *diag.List, n *data.Node, path ...any) {
	if n == nil || n.Kind != data.Struct {
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if _, err := w.registry.Get(f.Name); err == nil || f.Name == data.UnknownPart {
			continue
		}
		d := diags.Errorf(diag.UnknownProvider, diag.At(path...).To(f.Name), "%s for %q, which is no provider", path[len(path)-1], f.Name)
		d.Range = f.At.Range()
		d.Help = suggest(f.Name, w.registry.Names())
		if sure := diag.Misspelt(f.Name, w.registry.Names()); sure != "" && n.Field(sure) == nil {
			d.Fix = f.Rename(sure)
		}
	}
}

// withProvider returns the tenant with another provider; it does not change the author's.
func withProvider(tenant *data.Node, name string) *data.Node {
	if textOf(tenant, "provider") == name {
		return tenant
	}
	t := *tenant
	t.Fields = slices.Clone(tenant.Fields)
	key, value := tenant.At, tenant.At
	if f := tenant.Field("provider"); f != nil {
		key, value = f.At, f.Value.At
	}
	t.Set("provider", key, &data.Node{Kind: data.String, Text: name, At: value})
	return &t
}

func textOf(n *data.Node, field string) string {
	if v := n.Get(field); v != nil && v.Kind == data.String {
		return v.Text
	}
	return ""
}

// withoutAccepted removes the warnings about concepts that their workload accepts.
func withoutAccepted(diags diag.List, p *plan.Plan) diag.List {
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Warning && accepts(p, d.Path, d.Concept)
	})
}

// addAcceptHelp adds to warnings without help how to silence them.
func addAcceptHelp(diags diag.List) {
	for i := range diags {
		d := &diags[i]
		if d.Severity == diag.Warning && d.Help == "" && d.Concept != "" && len(d.Path) > 1 && d.Path[0] == "workloads" {
			d.Help = fmt.Sprintf("where that is known, list %s in the workload's accept", d.Concept)
		}
	}
}

// accepts reports whether the workload of a path accepts a concept.
func accepts(p *plan.Plan, path diag.Path, of diag.Concept) bool {
	return len(path) > 1 && path[0] == "workloads" && slices.Contains(p.Workloads[path[1]].Accept, string(of))
}

// locate sets the author's position of each diagnostic: that of the key, of the nearest
// existing parent, or of the value if that is plain and wrong.
func locate(diags diag.List, tenant *data.Node) diag.List {
	for i := range diags {
		d := &diags[i]
		if d.Line > 0 {
			continue
		}
		at := tenant.Locate(d.Path)
		d.Range = at.Key
		switch d.Code {
		case diag.UnknownName, diag.BadFormat, diag.OutOfBounds, diag.Conflict, diag.Policy, diag.InlineSecret:
			if n := tenant.Find(d.Path); n != nil && n.Kind != data.Struct && n.Kind != data.List {
				d.Range = at.Value
			}
		}
	}
	return diags
}

// moveToSource moves diagnostics at a template's field to the author's own text that supplies
// the field's value, and adds the field as a related position. An unknown field stays at its
// name.
func moveToSource(diags diag.List, tenant *data.Node) diag.List {
	var kept diag.List
	for _, d := range diags {
		if d.Code == diag.UnknownField {
			kept = append(kept, d)
			continue
		}
		key, n := tenant.Deepest(d.Path)
		if n.Via == nil || d.Range != n.At.Range() && d.Range != key.Range() {
			kept = append(kept, d)
			continue
		}
		d.Range = n.At.Range()
		use := usedAs(d, n.Via)
		if i := slices.IndexFunc(kept, func(k diag.Diagnostic) bool { return k.Range == d.Range && k.Provider == d.Provider }); i >= 0 && d.Severity == diag.Error && kept[i].Severity == diag.Error {
			kept[i].Related = append(kept[i].Related, use...) // one text with several uses is one mistake
			continue
		}
		d.Related = append(use, d.Related...)
		kept = append(kept, d)
	}
	return kept
}

// usedAs returns the related position of the field through which a value reaches the tenant.
func usedAs(d diag.Diagnostic, via *data.Via) []diag.Related {
	at := via.At.Range()
	if at.Line == 0 {
		return nil
	}
	message := "used as " + last(d.Path)
	if via.Name != "" {
		message += " by " + via.Name
	}
	return []diag.Related{{Range: at, Message: message}}
}

func last(p diag.Path) string { return p[len(p)-1] }

// attribute sets the tenant and the provider of diagnostics that have none.
func attribute(diags diag.List, tenant, provider string) diag.List {
	for i := range diags {
		diags[i].Tenant, diags[i].Provider = tenant, provider
	}
	return diags
}

type sources = cuedata.Sources

// longestLine limits the bytes of a line that is shown.
const longestLine = 8 << 10

// quoteLines adds the source line to each diagnostic whose file was read, for people.
func quoteLines(diags diag.List, from ...sources) {
	for i := range diags {
		for _, s := range from {
			if src := s[diags[i].File]; src != nil && diags[i].Line > 0 {
				if line := src.LineBytes(diags[i].Line); len(line) <= longestLine {
					diags[i].Source = string(line)
				}
			}
		}
	}
}
