package cuedata

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/literal"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// explainOne reports a single problem.
func (j *Judgement) explainOne(p problem) diag.Diagnostic {
	switch p.format {
	case notAllowed:
		return j.unknownField(p)
	case required:
		return j.at(diag.MissingField, p, true, "field %q is required", last(p.path))
	case conflictKinds:
		return j.wrongKind([]problem{p})
	case conflictValues:
		return j.notInEnum([]problem{p})
	case outOfBound:
		return j.outOfBounds(p)
	case notSatisfied:
		if strings.Contains(fmt.Sprint(p.args[1]), "MinFields(1)") {
			return j.at(diag.OutOfBounds, p, true, "%s is empty: at least one is needed", last(p.path))
		}
		if p.isMatchN() {
			return j.at(diag.OutOfBounds, p, true, "%s does not fit as many of the forms as it must", last(p.path))
		}
		return j.at(diag.OutOfBounds, p, false, "%s does not satisfy %s", quote(p.args[0]), quote(p.args[1]))
	case incomplete:
		if j.Data != nil {
			return j.at(diag.MissingField, p, true, "%s has none of the forms that it can take", last(p.path))
		}
		return j.at(diag.NotConcrete, p, false, "%s is not a concrete value: %s", pathOrTenant(p.path), quote(p.args[0]))
	case notFound:
		return j.at(diag.UnknownName, p, false, "reference %s not found", quote(p.args[0]))
	case unusedImport:
		return j.at(diag.Import, p, false, "import %s is not used", quote(p.args[0]))
	case noPackage:
		d := j.at(diag.Import, p, false, "no package %s in the standard library", quote(p.args[0]))
		if near := diag.Nearest(fmt.Sprint(p.args[0]), StandardPackages); near != "" {
			d.Help = fmt.Sprintf("did you mean %q?", near)
		}
		return d
	case notFunction:
		if fmt.Sprint(p.args[1]) != "_|_" {
			break
		}
		d := j.at(diag.UnknownName, p, false, "there is no function %s", quote(p.args[0]))
		d.Help = "the functions are listed at https://pkg.go.dev/cuelang.org/go/pkg"
		return d
	case unreferenced:
		d := j.at(diag.Syntax, p, false, "%s is followed by =, and never used", quote(p.args[0]))
		d.Help = fmt.Sprintf("a field is set by a colon, as in %v: VALUE", p.args[0])
		return d
	}
	// Error includes the wrapped errors, which Msg leaves out.
	msg := p.err.Error()
	msg = strings.TrimPrefix(msg, strings.Join(p.err.Path(), ".")+": ")
	if strings.Contains(msg, "non-concrete value") {
		return j.at(diag.NotConcrete, p, false, "%s", msg)
	}
	return j.at(diag.Conflict, p, false, "%s", msg)
}

// StandardPackages are the packages of CUE's standard library that are useful in specs.
var StandardPackages = []string{"list", "math", "net", "path", "regexp", "strconv", "strings", "struct", "text/template", "time", "encoding/base64", "encoding/json", "encoding/yaml", "crypto/sha256"}

func pathOrTenant(p diag.Path) string { return cmp.Or(p.String(), "the tenant") }

func last(p diag.Path) string {
	if len(p) == 0 {
		return "the tenant"
	}
	return p[len(p)-1]
}

// unknownField reports a field that a struct does not have, or a map's key that does not have
// the required form. CUE may name a field below the key that is wrong.
func (j *Judgement) unknownField(p problem) diag.Diagnostic {
	for i, key := range p.path {
		if _, patterns := j.allowed(p.path[:i]); len(patterns) > 0 && !matches(key, patterns) {
			p.path = p.path[:i+1]
			return j.at(diag.BadFormat, p, true, "%q is not %s", key, j.keyText(patterns))
		}
	}
	key, parent := last(p.path), p.path[:max(len(p.path)-1, 0)]
	names, _ := j.allowed(parent)
	if other := j.otherForm(parent, key); other != "" {
		d := j.at(diag.Conflict, p, true, "%s and %s exclude each other", other, key)
		d.Help = "keep one of them"
		return d
	}
	d := j.at(diag.UnknownField, p, true, "unknown field %q", key)
	if near := diag.Nearest(key, names); near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) > 0 {
		d.Help = "allowed fields: " + strings.Join(names, ", ")
	}
	return d
}

// keyText describes the form of a map's keys.
func (j *Judgement) keyText(patterns []cue.Value) string {
	for _, p := range patterns {
		if words := j.Library.Words(p.Pos().Filename(), p.Pos().Line()); words != "" {
			return words
		}
	}
	return "a name that can stand here"
}

// otherForm returns a sibling field that selects another form of the struct than the key does.
// Without that field, the struct is valid.
func (j *Judgement) otherForm(parent diag.Path, key string) string {
	if j.Admits == nil {
		return ""
	}
	n := j.Data.Find(parent)
	for i := 0; n != nil && i < len(n.Fields); i++ {
		f := n.Fields[i]
		if f.Name != key && j.Admits(j.Data.Without(parent.To(f.Name))) {
			return f.Name
		}
	}
	return ""
}

// matches reports whether a key matches all patterns: the core's, and a provider's, which are
// narrower.
func matches(key string, patterns []cue.Value) bool {
	return !slices.ContainsFunc(patterns, func(p cue.Value) bool {
		return p.Unify(cuecontext.New().Encode(key)).Err() != nil
	})
}

func selector(key string) cue.Selector {
	var i int
	if _, err := fmt.Sscanf(key, "[%d]", &i); err == nil {
		return cue.Index(i)
	}
	return cue.Str(key)
}

// allowed returns the fields that the struct at a path could have in addition to its own, and
// the patterns of a map's keys.
func (j *Judgement) allowed(path diag.Path) (names []string, patterns []cue.Value) {
	v := j.Value
	for _, key := range path {
		v = v.LookupPath(cue.MakePath(selector(key)))
	}
	if !v.Exists() {
		return nil, nil
	}
	it, err := v.Fields(cue.Optional(true), cue.Patterns(true))
	if err != nil {
		return nil, nil
	}
	for it.Next() {
		sel := it.Selector()
		if sel.LabelType() != cue.StringLabel {
			return nil, nil // a list
		}
		if sel.ConstraintType() == cue.PatternConstraint {
			patterns = append(patterns, sel.Pattern())
		} else if name := sel.Unquoted(); j.Data.Find(path).Get(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, patterns
}

// wrongKind reports a value whose kind no alternative takes.
func (j *Judgement) wrongKind(ps []problem) diag.Diagnostic {
	p := ps[0]
	n := j.node(p.path)
	if n == nil {
		return j.clash(p)
	}
	has := kindOf(n)
	var takes []string
	for _, p := range ps {
		for _, k := range p.args[2:4] {
			if k := fmt.Sprint(k); k != has && !slices.Contains(takes, k) {
				takes = append(takes, k)
			}
		}
	}
	d := j.at(diag.WrongType, p, false, "%s is %s, not %s", last(p.path), article(has), article(strings.Join(takes, " or ")))
	switch w := j.ruleText(p.err); {
	case w != "":
		d.Help = "write " + w
	case n.Kind != data.Struct && n.Kind != data.List && n.Kind != data.Null && slices.Contains(takes, "string"):
		d.Help = fmt.Sprintf("quote it: %q", n.Text)
	}
	return d
}

func article(kind string) string {
	switch {
	case kind == "null":
		return kind
	case strings.ContainsRune("aeiou", rune(kind[0])):
		return "an " + kind
	}
	return "a " + kind
}

func kindOf(n *data.Node) string {
	if n.Kind == data.Float {
		return "float"
	}
	return n.Kind.String()
}

// node returns the data at a path, or nil.
func (j *Judgement) node(path diag.Path) *data.Node {
	if j.Data == nil {
		return nil
	}
	return j.Data.Find(path)
}

// notInEnum reports a value that is none of the allowed ones.
func (j *Judgement) notInEnum(ps []problem) diag.Diagnostic {
	p := ps[0]
	n := j.node(p.path)
	if n == nil || n.Kind == data.Struct || n.Kind == data.List {
		return j.clash(p)
	}
	has := n.Text
	if n.Kind == data.String {
		has = fmt.Sprintf("%q", n.Text)
	}
	var takes []string
	for _, p := range ps {
		for _, a := range p.args[:2] {
			if a := fmt.Sprint(a); a != has && !slices.Contains(takes, a) {
				takes = append(takes, a)
			}
		}
	}
	slices.Sort(takes)
	if len(takes) == 1 {
		return j.at(diag.Conflict, p, false, "%s is %s, and must be %s", last(p.path), quote(has), quote(takes[0]))
	}
	d := j.at(diag.OutOfBounds, p, false, "%s is %s, not one of %s", last(p.path), quote(has), strings.Join(takes, ", "))
	if near := diag.Nearest(has, takes); near != "" {
		d.Help = fmt.Sprintf("did you mean %s?", near)
	}
	return d
}

// unquoted returns the text of a string that CUE prints in quotes.
func unquoted(s string) string {
	if text, err := literal.Unquote(s); err == nil {
		return text
	}
	return s
}

// outOfBounds reports a value outside its limits, or a text that does not match its pattern.
func (j *Judgement) outOfBounds(p problem) diag.Diagnostic {
	name, value, bound := last(p.path), quote(p.args[0]), fmt.Sprint(p.args[1])
	if pattern, ok := strings.CutPrefix(bound, "=~"); ok {
		if words := j.ruleText(p.err); words != "" {
			return j.at(diag.BadFormat, p, false, "%s is %s, not %s", name, value, words)
		}
		_, not := lazyregexp.Words(unquoted(pattern))
		d := j.at(diag.BadFormat, p, false, "%s is %s, which %s", name, value, not)
		d.Help = "the rule is " + bound
		return d
	}
	if pattern, ok := strings.CutPrefix(bound, "!~"); ok {
		does, _ := lazyregexp.Words(unquoted(pattern))
		return j.at(diag.BadFormat, p, false, "%s is %s, which %s, and must not", name, value, does)
	}
	for sign, words := range map[string]string{">=": "at least ", "<=": "at most ", "!=": "other than "} {
		if limit, ok := strings.CutPrefix(bound, sign); ok {
			bound = words + limit
		}
	}
	bound = strings.NewReplacer(">", "more than ", "<", "less than ").Replace(bound)
	return j.at(diag.OutOfBounds, p, false, "%s is %s, and must be %s", name, value, bound)
}

// clash reports two of the author's values that conflict, with both positions.
func (j *Judgement) clash(p problem) diag.Diagnostic {
	return j.at(diag.Conflict, p, false, "%s cannot be both %s and %s", last(p.path), quote(p.args[0]), quote(p.args[1]))
}

// exclusive reports fields that belong to different forms of a struct.
func (j *Judgement) exclusive(ps []problem) diag.Diagnostic {
	var names []string
	for _, p := range ps {
		if !slices.Contains(names, last(p.path)) {
			names = append(names, last(p.path))
		}
	}
	if len(names) == 1 {
		return j.unknownField(ps[0])
	}
	slices.Sort(names)
	d := j.at(diag.Conflict, ps[len(ps)-1], true, "%s exclude each other", strings.Join(names, " and "))
	d.Help = "keep one of them"
	return d
}
