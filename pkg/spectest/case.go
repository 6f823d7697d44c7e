package spectest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// testCase is one test, read.
type testCase struct {
	file, name string
	at         diag.Range

	now, old source

	providers, tags   []string
	policies, waivers []string // paths
	today             string
	want              want

	templates map[string][]byte // that the table reads, by their names
}

// source is where a spec is: in the table, or in a file.
type source struct {
	spec *compile.Spec
	path string
}

func (s source) there() bool { return s.spec != nil || s.path != "" }

// want is what a test expects.
type want struct {
	clean    bool
	problems []problem // nil: not said
	plan     any       // nil: not said
	planFile string    // path
	rendered map[string]any
	names    []string // of rendered, in order
	effect   provider.Effect
}

// problem is what a problem has.
type problem struct {
	code, severity, path, message string
	line                          int
}

func (p problem) String() string {
	text := "[" + p.code + "]"
	if p.severity != "" {
		text = p.severity + " " + text
	}
	if p.path != "" {
		text += " at " + p.path
	}
	if p.line > 0 {
		text += fmt.Sprintf(" on line %d", p.line)
	}
	if p.message != "" {
		text += ": …" + p.message + "…"
	}
	return text
}

func (p problem) matches(d diag.Diagnostic) bool {
	return p.code == string(d.Code) && (p.severity == "" || p.severity == string(d.Severity)) &&
		(p.line == 0 || p.line == d.Line) && (p.path == "" || p.path == d.Path.String()) && strings.Contains(d.Message, p.message)
}

// casesOf reads the tests of a table that are to be run.
func (r *runner) casesOf(t compile.Table, root *data.Node) (cases []testCase, diags diag.List) {
	path := func(n *data.Node) string {
		p := r.inside(t.Dir, n.Text)
		if p == "" {
			d := diags.Errorf(diag.BadFormat, nil, "%q is no path in the repository", n.Text)
			d.Range = n.At.Range()
		}
		return p
	}
	paths := func(n *data.Node) (all []string) {
		for _, e := range n.Elems {
			all = append(all, path(e))
		}
		return all
	}
	for i := range root.Get("tests").Fields {
		f := &root.Get("tests").Fields[i]
		n := f.Value
		c := testCase{file: t.Path, name: f.Name, at: f.At.Range(), policies: r.Policies, templates: t.Templates()}
		if c.at.File == "" { // a comprehension makes it
			c.at = root.Field("tests").At.Range()
		}
		if c.at.File != "" {
			c.file = c.at.File
		}
		if r.Run != nil && !r.Run.MatchString(c.file+"/"+c.name) {
			continue
		}
		for _, lists := range []*data.Node{root, n} {
			if p := lists.Get("policies"); p != nil {
				c.policies = paths(p)
			}
			if w := lists.Get("waivers"); w != nil {
				c.waivers = paths(w)
			}
		}
		c.now, c.old = source{spec: t.Spec(f.Name, "spec")}, source{spec: t.Spec(f.Name, "old")}
		if p := n.Get("file"); p != nil {
			c.now.path = path(p)
		}
		if p := n.Get("oldFile"); p != nil {
			c.old.path = path(p)
		}
		if p := n.TextAt("provider"); p != "" {
			c.providers = []string{p}
		}
		c.tags, c.today = r.tagsOf(n), n.TextAt("today")
		c.want = wantOf(n.Get("want"), path)
		c.check(&diags, n)
		cases = append(cases, c)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	return cases, diags
}

// tagsOf are a test's tags, and those of the run that it does not set.
func (r *runner) tagsOf(n *data.Node) []string {
	var tags []string
	if own := n.Get("tags"); own != nil {
		for _, f := range own.Fields {
			tags = append(tags, f.Name+"="+f.Value.Text)
		}
	}
	for _, t := range r.Tags {
		key, _, _ := strings.Cut(t, "=")
		if !slices.ContainsFunc(tags, func(own string) bool { return strings.HasPrefix(own, key+"=") }) {
			tags = append(tags, t)
		}
	}
	return tags
}

// check reports what the definition cannot.
func (c testCase) check(diags *diag.List, n *data.Node) {
	report := func(format string, args ...any) {
		d := diags.Errorf(diag.Conflict, nil, format, args...)
		d.Range = c.at
		if d.File == "" {
			d.File = c.file
		}
	}
	switch {
	case c.now.spec != nil && c.now.path != "":
		report("test %q has spec and file, and takes one", c.name)
	case !c.now.there() && n.Get("file") == nil:
		report("test %q has neither spec nor file", c.name)
	case c.old.spec != nil && c.old.path != "":
		report("test %q has old and oldFile, and takes one", c.name)
	case c.want.clean && c.want.problems != nil:
		report("test %q wants clean and problems, which exclude each other", c.name)
	case c.want.effect != "" && !c.old.there():
		report("test %q wants an effect, and has no old to compare with", c.name)
	case len(n.Get("want").Fields) == 0:
		report("test %q wants nothing", c.name)
	}
}

// wantOf reads what is expected.
func wantOf(n *data.Node, path func(*data.Node) string) want {
	w := want{effect: provider.Effect(n.TextAt("effect"))}
	w.clean = n.Get("clean") != nil
	if p := n.Get("problems"); p != nil {
		w.problems = []problem{}
		for _, e := range p.Elems {
			one := problem{code: e.TextAt("code"), severity: e.TextAt("severity"), path: e.TextAt("path"), message: e.TextAt("message")}
			if line := e.Get("line"); line != nil {
				_, _ = fmt.Sscan(line.Text, &one.line) // a whole number, by the definition
			}
			w.problems = append(w.problems, one)
		}
	}
	if p := n.Get("plan"); p != nil {
		w.plan = valueOf(p)
	}
	if p := n.Get("planFile"); p != nil {
		w.planFile = path(p)
	}
	if p := n.Get("rendered"); p != nil {
		w.rendered = map[string]any{}
		for _, f := range p.Fields {
			w.rendered[f.Name] = valueOf(f.Value)
			w.names = append(w.names, f.Name)
		}
	}
	return w
}

// valueOf is data as encoding/json has it, numbers as they are written.
func valueOf(n *data.Node) any {
	switch n.Kind {
	case data.Null:
		return nil
	case data.Bool:
		return n.Text == "true"
	case data.Int, data.Float:
		return json.Number(n.Text)
	case data.Struct:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Name] = valueOf(f.Value)
		}
		return m
	case data.List:
		l := make([]any, len(n.Elems))
		for i, e := range n.Elems {
			l[i] = valueOf(e)
		}
		return l
	}
	return n.Text
}
