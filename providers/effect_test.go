package providers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestEffectAgreesWithRender changes one value after another in the plans of testdata: what
// changes the native resources has an effect, and nothing else has.
func TestEffectAgreesWithRender(t *testing.T) {
	files, err := filepath.Glob("../testdata/plans/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no plans", err)
	}
	for _, p := range providers.All() {
		target, ok := p.(interface {
			provider.Renderer
			provider.Differ
		})
		if !ok {
			t.Errorf("%s renders nothing, or tells no differences", p.Info().Name)
			continue
		}
		t.Run(p.Info().Name, func(t *testing.T) {
			t.Parallel()
			tried := 0
			for _, name := range files {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				for d := json.NewDecoder(bytes.NewReader(text)); ; {
					var tree map[string]any
					d.UseNumber()
					if err := d.Decode(&tree); err == io.EOF {
						break
					} else if err != nil {
						t.Fatal(err)
					}
					if tree["provider"] == p.Info().Name {
						tried += agrees(t, target, tree)
					}
				}
			}
			if tried == 0 {
				t.Error("no plan of testdata is for it")
			}
		})
	}
}

// agrees tries all changes of a plan, and returns how many the provider takes.
func agrees(t *testing.T, target interface {
	provider.Renderer
	provider.Differ
}, tree map[string]any) int {
	from := decoded(t, tree)
	before, err := target.Render(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	changeEach(tree, func(at diag.Path) {
		to := decoded(t, tree)
		diags, err := target.Validate(t.Context(), to)
		if err != nil || diags.HasErrors() {
			return
		}
		tried++
		changes, err := target.Changes(from, to)
		if err != nil {
			t.Fatal(err)
		}
		effect := provider.EffectNone
		for _, c := range changes {
			effect = provider.Worse(effect, c.Effect)
		}
		after, err := target.Render(t.Context(), to)
		if err != nil {
			t.Fatalf("%s: %s: %v", from.ID, at, err)
		}
		same := slices.EqualFunc(before, after, func(a, b provider.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) })
		if same != (effect == provider.EffectNone) {
			t.Errorf("%s: a change of %s has the effect %s, and leaves the native resources as they are: %v", from.ID, at, effect, same)
		}
	})
	return tried
}

func decoded(t *testing.T, tree map[string]any) *plan.Plan {
	t.Helper()
	b, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	p := &plan.Plan{}
	if err := json.Unmarshal(b, p); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return p
}

// optional are fields that a plan can do without.
var optional = []string{
	"labels", "autoscale", "ingress", "rollout", "placement", "accept", "command", "args", "workingDir", "user", "stopSignal", "env",
	"health", "ready", "startup", "dependsOn", "mounts", "security", "class", "cpuMillis", "cpuMaxMillis", "memoryMaxMiB", "extension",
}

// fixed are texts of which a platform knows each: another is none.
var fixed = []string{
	"kind", "protocol", "expose", "role", "policy", "concurrency", "medium", "stopSignal", "os", "arch", "schedule", "timezone",
	"type", "operator", "launchType", "driver", "iam", "transitEncryption", "whenUnsatisfiable", "maxSurge", "maxUnavailable",
}

// changeEach changes each value of a plan to another of its kind, and takes out each field
// that can be; try sees the tree as it is then.
func changeEach(tree map[string]any, try func(diag.Path)) {
	var walk func(v any, at diag.Path, set func(any))
	walk = func(v any, at diag.Path, set func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range plan.Sorted(maps.Clone(v)) {
				path := at.To(name)
				if len(at) == 0 && slices.Contains([]string{"version", "id", "provider"}, name) {
					continue
				}
				walk(value, path, func(n any) { v[name] = n })
				if slices.Contains(optional, name) && (len(at) == 0 || at[len(at)-1] != "exec") { // whose command is required
					delete(v, name)
					try(path)
					v[name] = value
				}
			}
		case []any:
			for i, e := range v {
				walk(e, at.To(i), func(n any) { v[i] = n })
			}
		case string:
			if !slices.Contains(fixed, at[len(at)-1]) {
				set(v + "x")
				try(at)
				set(v)
			}
		case bool:
			set(!v)
			try(at)
			set(v)
		case json.Number:
			if n, err := v.Int64(); err == nil {
				set(json.Number(strconv.FormatInt(n+1, 10)))
				try(at)
				set(v)
			}
		}
	}
	walk(tree, nil, nil)
}
