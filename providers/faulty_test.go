package providers_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
	"github.com/cuecompute/cuecompute/providers/internal/acmecloud"
)

// faulty is acmecloud with one fault.
type faulty struct {
	*acmecloud.Provider
	info    func(*provider.Info)
	drop    func(*plan.Container)    // leaves something out of what is rendered
	escape  func(text []byte) []byte // of the documents
	effects func(to *plan.Plan, e provider.Effect) provider.Effect
}

func (f *faulty) Info() provider.Info {
	i := f.Provider.Info()
	if f.info != nil {
		f.info(&i)
	}
	return i
}

func (f *faulty) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	if f.drop != nil {
		p = copied(p, f.drop)
	}
	files, err := f.Provider.Render(ctx, p)
	for i := range files {
		if f.escape != nil {
			files[i].Data = f.escape(files[i].Data)
		}
	}
	return files, err
}

func (f *faulty) Changes(from, to *plan.Plan) ([]provider.Change, error) {
	changes, err := f.Provider.Changes(from, to)
	for i := range changes {
		if f.effects != nil {
			changes[i].Effect = f.effects(to, changes[i].Effect)
		}
	}
	return changes, err
}

// copied is a plan with its containers changed.
func copied(p *plan.Plan, change func(*plan.Container)) *plan.Plan {
	c := *p
	c.Workloads = maps.Clone(p.Workloads)
	for name, w := range c.Workloads {
		w.Containers = maps.Clone(w.Containers)
		for name, container := range w.Containers {
			change(&container)
			w.Containers[name] = container
		}
		c.Workloads[name] = w
	}
	return &c
}

// TestFaultyProviders: the suite catches each fault that an author of a provider is likely to
// make, and none in the provider without it.
func TestFaultyProviders(t *testing.T) {
	tests := []struct {
		what           string
		faulty         faulty
		check, message string
	}{
		{what: "none"},
		{"env is dropped", faulty{drop: func(c *plan.Container) { c.Env = nil }}, "fields", "workloads.containers.env "},
		{"args are dropped", faulty{drop: func(c *plan.Container) { c.Args = nil }}, "fields", "workloads.containers.args "},
		{"mounts are dropped", faulty{drop: func(c *plan.Container) { c.Mounts = nil }}, "fields", "workloads.containers.mounts.volume "},
		{"a new field of the schema is ignored", faulty{info: func(i *provider.Info) { i.Schema.Files = withMotd(t) }}, "fields", "workloads.containers.motd is dropped"},
		{"a field has no row", faulty{info: func(i *provider.Info) {
			i.Support = without(i.Support, "workloads.containers.args")
		}}, "rows", "workloads.containers.args has no row"},
		{"nothing is escaped", faulty{escape: bytes.Clone}, "texts", `"x$y$$z" is in no document`},
		{"every effect is none", faulty{effects: func(*plan.Plan, provider.Effect) provider.Effect { return provider.EffectNone }}, "effects", `is "none", and changes the documents`},
		{"a field has no effect", faulty{effects: func(*plan.Plan, provider.Effect) provider.Effect { return provider.EffectUnknown }}, "effects", "is not said, nor of any field above it"},
		{"lost data is a replacement", faulty{effects: func(to *plan.Plan, e provider.Effect) provider.Effect {
			if to != nil && e == provider.DataLoss {
				return provider.Replacement
			}
			return e
		}}, "effects", `not "data-loss", and a persistent volume goes`},
		{"a new label loses data", faulty{effects: func(_ *plan.Plan, e provider.Effect) provider.Effect { return provider.Worse(e, provider.DataLoss) }}, "effects", "without a persistent volume"},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.what, " ", "-"), func(t *testing.T) {
			fresh := func() provider.Provider {
				f := tt.faulty
				f.Provider = acmecloud.New()
				if f.escape == nil {
					f.escape = func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("$"), []byte("$$")) }
				}
				return &f
			}
			checks := []string{"fields", tt.check}
			if tt.check == "" {
				checks = []string{"fields", "rows", "texts", "effects"}
			}
			problems, err := providertest.Check(t.Context(), fresh, providertest.Only(checks...),
				providertest.Unescape(func(_, text string) string { return strings.ReplaceAll(text, "$$", "$") }))
			if err != nil {
				t.Fatal(err)
			}
			caught := false
			for _, p := range problems {
				caught = caught || p.Check == tt.check && strings.Contains(p.Message, tt.message)
			}
			if caught != (tt.check != "") || tt.check == "" && len(problems) > 0 {
				t.Errorf("the check %q does not say %q: %v", tt.check, tt.message, problems)
			}
		})
	}
}

// without are the rows of all fields but one.
func without(rows []provider.Support, field string) []provider.Support {
	var all []provider.Support
	for _, r := range rows {
		if r.Field != field {
			all = append(all, r)
		}
	}
	return all
}

// withMotd is acmecloud's schema with the core's own copied into it, whose containers have one
// field more.
func withMotd(t *testing.T) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	add := func(dir fs.FS, edit func(string) string) {
		names, err := fs.Glob(dir, "*.cue")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: []byte(edit(string(text)))}
		}
	}
	add(os.DirFS("../schema"), func(text string) string {
		text = strings.Replace(text, "package schema", "package acmecloud", 1)
		text = strings.Replace(text, "#Tenant: {", "#CoreTenant: {", 1)
		return strings.Replace(text, "#Container: {", "#Container: {\n\t// motd greets who logs in. Example: `hello`.\n\tmotd?: #Text\n", 1)
	})
	add(acmecloud.New().Info().Schema.Files, func(text string) string {
		text = strings.Replace(text, "import \"github.com/cuecompute/cuecompute/schema\"\n", "", 1)
		text = strings.Replace(text, "schema.#Tenant", "#CoreTenant", 1)
		return strings.ReplaceAll(text, "schema.#", "#")
	})
	return files
}
