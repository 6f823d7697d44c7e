package load

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/cuedata"
	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// usual are the limits of an evaluation where none are set.
var usual = sandbox.Limits{Time: 5 * time.Second, Memory: 512 << 20}

// many writes a text once for each number, which stands for each N in it.
func many(n int, text, between string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(text, "N", fmt.Sprint(i))
	}
	return strings.Join(all, between)
}

var (
	tenNumbers = "_n: {" + many(10, "aN: N", ", ") + "}\n"
	nestedDefs = "#A: {" + many(5, "aN: {"+many(5, "bN: {c: int, d: e: int}", ", ")+"}", ", ") + "}\n"
)

// foreseen are evaluations whose steps are known before, some of them as many as are let
// pass.
var foreseen = map[string]string{
	"a hidden field":          "_host: \"a.example\"\nurl: \"https://\\(_host)/\"\nhosts: [_host, _host]",
	"a let clause":            "let registry = \"ghcr.io\"\nimage: \"\\(registry)/x:1\"",
	"a regular field":         "name: \"a\"\nlabel: name",
	"a template":              "#Web: {image: string, cpu: *\"100m\" | string, ports: [string]: int, ...}\n" + many(10, "cN: #Web & {image: \"x:N\", ports: http: 80N}", "\n"),
	"a loop":                  "_of: {a: {image: \"x:1\"}, b: {image: \"x:2\"}}\nworkloads: {for name, w in _of {(name): w}}",
	"a loop in a list":        tenNumbers + "x: [for v in _n {v + 1}]",
	"loops in a loop":         tenNumbers + "x: {for k, v in _n for l, w in _n {\"\\(k)-\\(l)\": v + w}}",
	"a loop over a variable":  "_a: {" + many(3, "aN: {"+many(3, "bN: c: 1", ", ")+"}", ", ") + "}\nx: {for k, v in _a for l, w in v {\"\\(k)\\(l)\": w}}",
	"a field beside":          "x: {_a: 1, y: _a}",
	"fields of a tenant":      "tenants: a: {_of: {b: {image: \"x:1\"}}, let home = \"ghcr.io\", name: \"x\", workloads: {for k, w in _of {(k): w}}, config: y: \"\\(home)/\\(name)\"}",
	"one field of a loop":     tenNumbers + "for k, v in _n {x: int, y: z: int, y: u: \"s\"}",
	"a conflict of a loop":    tenNumbers + "for k, v in _n {x: v}",
	"conditions":              "_debug: true\n" + many(100, "if _debug {xN: N}", "\n"),
	"arithmetic":              "_n: 7\nreplicas: 2 * _n + div(_n, 3) - 1\nbig: _n > 3 && !(_n == 4) || false",
	"long sums":               "_n: " + strings.Repeat("9", 380) + "\nx: " + many(90, "_n", " + "),
	"an element":              "_sizes: {s: 1, l: 2}\n_l: [1, 2, 3]\nx: _sizes[\"s\"]\ny: _l[1]\nz: _l[1:2]\nu: {a: 1}.a",
	"repeated text":           "x: 90 * \"ab\"",
	"long texts":              "_t: \"" + strings.Repeat("x", 60000) + "\"\nx: \"" + strings.Repeat("\\(_t)", 12) + "\"",
	"fields of one name":      many(4000, "x: 1", "\n"),
	"conflicts":               many(4000, "x: N", "\n"),
	"long conflicts":          many(2000, "x: \"N"+strings.Repeat("y", 60)+"\"", "\n"),
	"constants":               many(60, "x: *\"aN\" | \"bN\" | \"c\" | string", "\n"),
	"constants of a struct":   "_d: {" + many(30, "aN: *\"x\" | string", ", ") + "}\n" + many(30, "x: _d & {aN: \"y\"}", "\n"),
	"depth":                   many(50, "x: "+strings.Repeat("a: ", 90)+"b_N: 1", "\n"),
	"definitions":             nestedDefs + many(9, "xN: #A & {a1: b1: c: 5}", "\n"),
	"definitions in one":      nestedDefs + many(9, "x: #A & {a1: b1: c: 5}", "\n"),
	"one struct often":        tenNumbers + "x: " + many(80, "_n", " & ") + "\n" + many(80, "y: _n", "\n"),
	"patterns":                tenNumbers + "_p: [string]: int\nx: " + many(80, "_p", " & ") + " & _n",
	"a list of any length":    "x: [...{" + many(20, "bN: int", ", ") + "}]\nx: [" + many(100, "{}", ", ") + "]",
	"many fields":             "x: {" + many(5000, "aN: 1", ", ") + "}",
	"an embedded field":       "_base: {image: \"x:1\"}\na: {_base, cpu: 1}\nb: {{_base}, cpu: 2}",
	"a let clause of a field": "x: {let r = \"a\", image: \"\\(r):1\"}",
	"a pattern of constants":  "#A: ports: [string]: int | *\"x\" | string\n" + many(10, "xN: #A & {ports: a: N}", "\n"),
	"long lists":              "x: [...{a: int}]\nx: [" + many(2000, "{a: 1}", ", ") + "]",
	"optional fields":         many(3000, "xN?: int", "\n"),
	"let clauses":             many(2000, "let xN = N", "\n"),
	"no such field":           tenNumbers + many(100, "xN: _n.zN", "\n"),
	"no text":                 tenNumbers + many(100, "xN: \"\\(_n)\"", "\n"),
}

// unforeseen are evaluations that may be costly, or are of a kind that may be.
var unforeseen = map[string]string{
	"a chain":                 "x0: {a: 1}\n" + many(3, "yN: {a: x0, b: x0}", "\n") + "\nz: y1",
	"doubled structs":         "x0: {a: 1}\nx1: {a: x0, b: x0}\nx2: {a: x1, b: x1}",
	"doubled texts":           "_a: \"xx\"\n_b: \"\\(_a)\\(_a)\"\n_c: \"\\(_b)\\(_b)\"",
	"a cycle":                 "x: y\ny: x",
	"a structural cycle":      "#A: a: #A",
	"an unknown name":         "x: y",
	"itself":                  "x: self",
	"an import":               "import \"list\"\nx: list.Range(0, 1000000, 1)",
	"a regular expression":    "x: =~\"a\"",
	"a match":                 "_x: \"a\"\nif _x =~ \"a\" {y: 1}",
	"a product":               "_n: 7\nx: _n * _n",
	"a large factor":          "x: 1000000 * \"ab\"",
	"an exponent":             "x: 1e400 + 1",
	"other calls":             "_l: [1, 2]\nx: or(_l)",
	"a call of a field":       "len: 1\nx: len(\"a\")",
	"a field like a type":     "string: 1\nx: string",
	"structs to choose from":  "x: {a: 1} | {b: 1}",
	"bounds":                  "x: >=1",
	"required fields":         "x!: 1\n{a: 1}",
	"a bound of a struct":     "x!: 1\n>0",
	"an embedded type":        "int\na: b: 1",
	"an embedded text":        "\"x\"\n#a: 1",
	"an embedded list":        "x: {[1], _a: 1}",
	"bounds to choose from":   many(20, "x: !=N | !=20N", "\n"),
	"references among these":  "_a: 1\nx: _a | 2",
	"too many constants":      many(100, "x: 1 | 2 | 1N", "\n"),
	"many conditions":         many(2000, "if true {xN: 1}", "\n"),
	"large loops":             "_n: {" + many(100, "aN: N", ", ") + "}\nx: {for k, v in _n for l, w in _n for m, u in _n {\"\\(k)\\(l)\\(m)\": 1}}",
	"a loop over what is so":  tenNumbers + "_m: {for k, v in _n {(k): v}}\nx: {for k, v in _m {(k): v}}",
	"a loop over parts":       tenNumbers + "for v in [for w in _n {w}] {x: v}",
	"what a loop makes":       tenNumbers + "for k, v in _n {y: {a: 1}}\nx: y",
	"a name that is made":     tenNumbers + "y: {a: 1}\nfor k, v in _n {(k): \"\\(v)\"}\nx: y",
	"an alias":                "X=a: {b: 1}\nc: X.b",
	"the name of a pattern":   "[Name=string]: {id: Name}",
	"a pattern of some names": "[=~\"^a\"]: int",
	"patterns in a pattern":   "_p: [string]: [string]: int\nx: _p",
	"a computed pattern":      "_n: 1\n[string]: \"\\(_n)\"",
	"what encloses itself":    "A, A: [string]: A: 0",
	"a loop's in itself":      "_n: {a: {b: 1}}\nfor v in _n {v}",
	"one level from itself":   "x: {a: {y: {}}, y: a}\nx: b\nb: {a: {y: {}}}",
	"an embedded part":        "x: {{_a: 1, y: {t: {_of: 1, w: _of}}}.y, t: {_of: _, v: _of}}",
	"a tenant that is fed":    "_t: a: {_of: {b: 1}}\ntenants: _t\ntenants: a: {_of: {c: 1}, x: _of}",
	"a tenant of any name":    "tenants: {for k, v in {a: {_of: b: 1}} {(k): v}, a: {_of: {c: 1}, x: _of}}",
	"a tenant of a condition": "tenants: a: {_of: {c: 1}, x: _of}\nif true {tenants: a: _of: d: 1}",
	"a field like a hidden":   "tenants: {\"_t\": {_of: {c: 1}, x: _of}, for k, v in {a: 1} {(k): v}}",
	"a field that is asked":   "a: 1\nif a == 1 {b: 2}\nc: b",
	"a top of any name":       "a: 1\nb: a\n[string]: int",
	"an attribute":            "@experiment(explicitopen)\nx: 1",
	"nothing times much":      "_n: {" + many(200, "aN: N", ", ") + "}\nx: 0 * [" + many(200, "_n", ", ") + "]",
	"a list of much":          "x: [..." + strings.Repeat("{a: ", 90) + "[" + many(1000, "1", ", ") + "]" + strings.Repeat("}", 90) + "]\nx: [" + many(1000, "_", ", ") + "]",
	"great depth":             "x: " + strings.Repeat("a: ", 200) + "1",
	"nested brackets":         "x: " + strings.Repeat("[", 200) + strings.Repeat("]", 200),
}

func parsed(t testing.TB, text string) []*ast.File {
	t.Helper()
	f, err := library.Parse("-", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return []*ast.File{f}
}

// TestForecast says which evaluations are left to themselves, and holds those to the memory
// that their steps are given.
func TestForecast(t *testing.T) {
	for name, text := range foreseen {
		files := parsed(t, text)
		if !staysWithin(usual, files) {
			t.Errorf("%s is not foreseen", name)
			continue
		}
		if staysWithin(sandbox.Limits{Time: time.Millisecond, Memory: usual.Memory}, files) {
			t.Errorf("%s is certain to take no millisecond", name)
		}
		low, high := int64(0), usual.Memory // what the forecast says, by asking it
		for low < high {
			if middle := (low + high) / 2; staysWithin(sandbox.Limits{Time: usual.Time, Memory: middle}, files) {
				high = middle
			} else {
				low = middle + 1
			}
		}
		if took := allocated(t, files); took > high {
			t.Errorf("%s takes %d bytes, and should %d at most", name, took, high)
		}
	}
	for name, text := range unforeseen {
		if staysWithin(usual, parsed(t, text)) {
			t.Errorf("%s is let pass", name)
		}
	}
}

// allocated evaluates files, and returns how many bytes that takes.
func allocated(t testing.TB, files []*ast.File) int64 {
	t.Helper()
	lib, err := library.Of()
	if err != nil {
		t.Fatal(err)
	}
	tags, err := NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	u := Unit{Path: "-"}
	e := NewLoader(lib, tags, nil, "").evaluation(u, &Loaded{Sources: cuedata.Sources{}})
	e.files = files
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e.evaluateHere(u)
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// FuzzForecast evaluates what is certain to be quickly done, and would find that it is not.
func FuzzForecast(f *testing.F) {
	for _, text := range foreseen {
		f.Add(text)
	}
	for _, text := range unforeseen {
		f.Add(text)
	}
	files, err := filepath.Glob("../../testdata/tenants/*/*.cue")
	if err != nil || len(files) == 0 {
		f.Fatal(len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	little := sandbox.Limits{Time: 1000 * stepTime, Memory: 1000 * stepMemory}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := library.Parse("-", []byte(text))
		if err != nil || len(text) > small {
			return
		}
		files := []*ast.File{file}
		if !staysWithin(little, files) {
			return
		}
		if took := allocated(t, files); took > little.Memory {
			t.Errorf("it takes %d bytes", took)
		}
	})
}
