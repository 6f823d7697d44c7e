package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

func TestMain(m *testing.M) {
	compile.ChildMain(providers.All()...) // so that these tests' CUE is evaluated as the command's is
	os.Exit(m.Run())
}

// head begins a tenant in each language.
const (
	headYAML = "id: bad\nprovider: kubernetes\n"
	headCUE  = "id: \"bad\"\nprovider: \"kubernetes\"\n"
)

func repeat(n int, s string) string { return strings.Repeat(s, n) }

// nested is n times open, a middle, and n times close.
func nested(n int, open, middle, end string) string {
	return repeat(n, open) + middle + repeat(n, end)
}

// numbered joins what a format makes of 0 to n-1.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostile are inputs that ask for more than a machine has, and the code that each is
// told by.
var hostile = []struct {
	name string
	code diag.Code
	text func() string
}{
	{"brackets.yaml", diag.Syntax, func() string { return headYAML + "x: " + nested(1_000_000, "[", "", "]") }},
	{"braces.yaml", diag.Limit, func() string { return headYAML + "x: " + nested(1_000_000, "{a: ", "1", "}") }},
	{"block.yaml", diag.Limit, func() string {
		var b strings.Builder
		for i := range 3000 {
			b.WriteString(repeat(i, " ") + "a:\n")
		}
		return headYAML + b.String()
	}},
	{"sequences.yaml", diag.Limit, func() string { return headYAML + "x:\n " + repeat(5000, "- ") + "1\n" }},
	{"elements.yaml", diag.Limit, func() string { return headYAML + "x: [" + repeat(3_000_000, "a,") + "]" }},
	{"elements-few.yaml", diag.Limit, func() string { return headYAML + "x: [" + repeat(100_000, "a,") + "]" }},
	{"workloads.yaml", diag.Limit, func() string {
		return headYAML + "workloads:\n" + numbered(200_000, "  w%d: {containers: {app: {image: \"nginx:1\"}}}\n")
	}},
	{"documents.yaml", diag.Limit, func() string { return repeat(200_000, "---\n"+headYAML) }},
	{"number.yaml", diag.WrongType, func() string { return headYAML + "workloads: {web: {replicas: " + repeat(1_000_000, "9") + "}}" }},
	{"key.yaml", diag.Syntax, func() string { return headYAML + "\"" + repeat(1_000_000, "k") + "\": 1" }},
	{"key-long.yaml", diag.Limit, func() string { return headYAML + "? \"" + repeat(100_000, "k") + "\"\n: 1" }},
	{"aliases.yaml", diag.Limit, func() string {
		var b strings.Builder
		b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
		for i := range 12 {
			fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(repeat(10, fmt.Sprintf("*a%d, ", i)), ", "))
		}
		return headYAML + b.String()
	}},
	{"alias-itself.yaml", diag.Syntax, func() string { return headYAML + "workloads: &w {web: *w}\n" }},
	{"merges.yaml", diag.Syntax, func() string { return headYAML + "x: &x {<<: *x}\n" }},
	{"large.yaml", diag.Limit, func() string { return headYAML + "# " + repeat(20<<20, "x") }},
	{"nul.yaml", diag.Syntax, func() string { return headYAML + "x: \x00" }},
	{"utf16.yaml", diag.Syntax, func() string { return "\xff\xfei\x00d\x00" }},
	{"text.yaml", diag.WrongType, func() string { return headYAML + "workloads: \"" + repeat(8<<20, "x") + "\"" }},

	{"brackets.json", diag.Syntax, func() string { return `{"id": "bad", "x": ` + nested(1_000_000, "[", "", "]") + "}" }},
	{"braces.json", diag.Limit, func() string { return `{"id": "bad", "x": ` + nested(1_000_000, `{"a":`, "1", "}") + "}" }},
	{"deep.json", diag.Limit, func() string { return `{"id": "bad", "x": ` + nested(5_000, "[", "", "]") + "}" }},
	{"elements.json", diag.Limit, func() string { return `{"id": "bad", "x": [` + repeat(3_000_000, "1,") + "1]}" }},
	{"fields.json", diag.Limit, func() string { return `{"id": "bad", "x": {` + numbered(100_000, `"f%d": 1, `) + `"last": 1}}` }},
	{"number.json", diag.BadFormat, func() string { return `{"id": "bad", "x": 1e` + repeat(100, "9") + "}" }},
	{"digits.json", diag.Limit, func() string { return `{"id": "bad", "x": ` + repeat(1_000_000, "9") + "}" }},
	{"stream.json", diag.Limit, func() string { return repeat(100_000, `{"id": "bad"}`) }},

	{"brackets.cue", diag.Syntax, func() string { return headCUE + "x: " + nested(1_000_000, "[", "1", "]") }},
	{"parentheses.cue", diag.Syntax, func() string { return headCUE + "x: " + nested(1_000_000, "(", "1", ")") }},
	{"braces.cue", diag.Limit, func() string { return headCUE + "x: " + nested(1_000_000, "{a: ", "1", "}") }},
	{"labels.cue", diag.Limit, func() string { return headCUE + repeat(1_000_000, "a: ") + "1" }},
	{"labels-few.cue", diag.Limit, func() string { return headCUE + repeat(5_000, "a: ") + "1" }},
	{"not.cue", diag.Syntax, func() string { return headCUE + "x: " + repeat(1_000_000, "!") + "true" }},
	{"sum.cue", diag.Limit, func() string { return headCUE + "x: 1" + repeat(200_000, "+1") }},
	{"interpolations.cue", diag.Syntax, func() string { return headCUE + "x: " + nested(100_000, `"\(`, "1", `)"`) }},
	{"strings.cue", diag.Limit, func() string {
		var b strings.Builder
		b.WriteString("_s0: \"xxxxxxxxxxxxxxxx\"\n")
		for i := range 40 {
			fmt.Fprintf(&b, "_s%d: _s%d + _s%d\n", i+1, i, i)
		}
		return headCUE + b.String() + "workloads: web: containers: app: image: \"\\(_s40)\""
	}},
	{"lists.cue", diag.Limit, func() string {
		var b strings.Builder
		b.WriteString("import \"list\"\n" + headCUE + "_l0: [1, 2, 3, 4]\n")
		for i := range 40 {
			fmt.Fprintf(&b, "_l%d: list.Concat([_l%d, _l%d])\n", i+1, i, i)
		}
		return b.String() + "labels: n: \"\\(len(_l40))\""
	}},
	{"range.cue", diag.Limit, func() string {
		return "import \"list\"\n" + headCUE + "labels: n: \"\\(len(list.Range(0, 1000000000, 1)))\""
	}},
	{"repeat.cue", diag.Limit, func() string {
		return "import \"strings\"\n" + headCUE + "labels: n: strings.Repeat(strings.Repeat(\"x\", 1000000), 1000000)"
	}},
	{"product.cue", diag.Limit, func() string {
		return "import \"list\"\n" + headCUE + "_n: list.Range(0, 3000, 1)\nworkloads: {for a in _n for b in _n for c in _n if a+b+c < 0 {\"w\\(a)\": {}}}"
	}},
	{"structural.cue", diag.Conflict, func() string { return headCUE + "#a: {b: #a}\nx: #a & {}" }},
	{"cycle.cue", diag.Conflict, func() string { return headCUE + "x: y\ny: x + 1\nz: \"\\(x)\"" }},
	{"regex.cue", diag.Conflict, func() string {
		return headCUE + "_e: \"" + nested(200, "(", "a", "{1,9})") + "\"\nx: \"aaaa\" & =~_e\ny: \"\\(x)\""
	}},
}

// TestHostile judges each with a tenant beside that is well: in time, and each to its own
// verdict.
func TestHostile(t *testing.T) {
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	good := filepath.Join(dir, "good.cue")
	text := "id: \"good\"\nprovider: \"kubernetes\"\n_tag: \"1.29\"\nworkloads: web: containers: app: image: \"nginx:\\(_tag)\""
	if err := os.WriteFile(good, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			path := filepath.Join(dir, h.name)
			if err := os.WriteFile(path, []byte(h.text()), 0o600); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			in := compile.Input{Paths: []string{path, good}, Jobs: 1, Evaluation: compile.Evaluation{Timeout: 3 * time.Second, Memory: 256 << 20}}
			plans, diags, err := compile.Compile(t.Context(), registry, in)
			took := time.Since(start)
			if err != nil {
				t.Fatal(err)
			}
			if len(plans) != 1 || plans[0].ID != "good" {
				t.Errorf("%d plans: the tenant beside it is not judged alone", len(plans))
			}
			if !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code == h.code && d.File == path }) {
				t.Errorf("no %s: %.300v", h.code, diags)
			}
			for _, d := range diags {
				if len(d.Message)+len(d.Help) > 8000 {
					t.Errorf("a message has %d bytes", len(d.Message)+len(d.Help))
				}
			}
			if took > 30*time.Second { // which would be a hang, not slowness
				t.Errorf("it took %s", took)
			}
		})
	}
}
