package policy

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// checker finds the mistakes of a policy that CUE accepts: names that the spec or the plan does
// not have, impossible values, and rules that refuse nothing.
type checker struct {
	file    *ast.File
	sources cuedata.Sources
	spec    Spec
	diags   diag.List

	used     map[string]bool // names that expressions refer to
	within   []ast.Expr      // definitions being checked
	compiler compiler
}

func (c *checker) report(code diag.Code, n ast.Node, format string, args ...any) *diag.Diagnostic {
	d := c.diags.Errorf(code, nil, format, args...)
	d.Range = c.sources.Node(n).Range()
	return d
}

func (c *checker) check() {
	c.used = map[string]bool{}
	names(c.file, c.used, map[string]bool{})
	c.compiler = compiler{sources: c.sources}
	tenant, planned := c.spec.tenantPlace(), c.spec.planPlace()
	file := scopeOf(c.file.Decls, nil)
	file.file = true
	for _, d := range c.file.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		label, _ := plainLabel(field.Label)
		name, isIdent, err := ast.LabelName(label)
		switch {
		case err != nil:
		case name == "tenant" && field.Constraint == token.ILLEGAL:
			if tenant != nil {
				c.expr(field.Value, tenant, "the tenant", file)
			}
		case name == "plan" && field.Constraint == token.ILLEGAL:
			c.expr(field.Value, planned, "the plan", file)
		case name == "fleet" && field.Constraint == token.ILLEGAL:
			c.expr(field.Value, c.spec.fleetPlace(), "the fleet", file)
		default:
			c.topLevel(field, name, isIdent && isLocal(name), tenant)
		}
	}
}

// topFields are what a policy's file may have beside names that these refer to.
var topFields = []string{"tenant", "plan", "fleet"}

// topLevel reports a field of the file that is none of these and has no effect.
func (c *checker) topLevel(field *ast.Field, name string, local bool, tenant place) {
	near := nearTop(strings.TrimLeft(name, "#_"))
	what := fmt.Sprintf("%q", name)
	switch {
	case slices.Contains(topFields, name):
		d := c.report(diag.UnknownField, field.Label, "%s with %s is a constraint on a field that is not there", name, field.Constraint)
		d.Help = fmt.Sprintf("write %s: …", name)
		return
	case local && strings.HasPrefix(strings.TrimLeft(name, "_"), "#"):
		what = name + ", a definition,"
	case local:
		what = name + ", a hidden field,"
	}
	if c.used[name] || local && near == "" {
		return
	}
	d := c.report(diag.UnknownField, field.Label, "%s constrains nothing: a policy has the fields tenant, plan and fleet", what)
	switch {
	case near != "":
		d.Help = fmt.Sprintf("did you mean %q?", near)
	case tenant != nil && tenant.field(name) != nil:
		d.Help = fmt.Sprintf("write tenant: %s: …", name)
	default:
		d.Help = fmt.Sprintf("for a value that other fields refer to, write _%s", name)
	}
}

func nearTop(name string) string {
	for _, known := range topFields {
		if strings.EqualFold(name, known) || strings.EqualFold(name, known+"s") {
			return known
		}
	}
	return diag.Nearest(name, topFields)
}

// expr checks an expression at a place, which messages call name.
func (c *checker) expr(x ast.Expr, at place, name string, sc *scope) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		c.expr(x.X, at, name, sc)
	case *ast.Alias:
		c.expr(x.Expr, at, name, sc)
	case *ast.UnaryExpr:
		if x.Op == token.MUL {
			c.expr(x.X, at, name, sc)
			return
		}
		c.value(x, at, name, sc)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.AND:
			if c.contradicts(x, sc) {
				c.report(diag.Conflict, x, "no %s is both: %s", name, source(x))
				return
			}
			for _, p := range operands(x, token.AND) {
				c.expr(p, at, name, sc)
			}
		case token.OR:
			c.union(x, at, name, sc)
		}
	case *ast.StructLit:
		if c.kind(x, shape.KindsOf(data.Struct), at, name) {
			c.fields(x.Elts, at, name, scopeOf(x.Elts, sc))
		}
	case *ast.ListLit:
		if c.kind(x, shape.KindsOf(data.List), at, name) {
			c.elements(x, at, name, sc)
		}
	case *ast.CallExpr:
		c.call(x, at, name, sc)
	case *ast.Ident:
		if f, ok := sc.find(x.Name); ok && f.local != nil && !slices.Contains(c.within, f.local) {
			c.within = append(c.within, f.local)
			c.expr(f.local, at, name, f.in)
			c.within = c.within[:len(c.within)-1]
			return
		}
		c.value(x, at, name, sc)
	case *ast.BasicLit:
		c.value(x, at, name, sc)
	}
}

// call checks the arguments of a call that are constraints on the same value.
func (c *checker) call(x *ast.CallExpr, at place, name string, sc *scope) {
	fun, ok := x.Fun.(*ast.Ident)
	if !ok {
		return
	}
	switch fun.Name {
	case "close", "matchIf":
		for _, a := range x.Args {
			c.expr(a, at, name, sc)
		}
	case "or", "and", "matchN":
		if list, ok := x.Args[len(x.Args)-1].(*ast.ListLit); ok {
			for _, e := range list.Elts {
				c.expr(e, at, name, sc)
			}
		}
	}
}

func (c *checker) elements(x *ast.ListLit, at place, name string, sc *scope) {
	elem := at.elem()
	if elem == nil {
		return
	}
	for _, e := range x.Elts {
		if rest, ok := e.(*ast.Ellipsis); ok {
			e = rest.Type
		}
		if e != nil {
			c.expr(e, elem, "an element of "+name, sc)
		}
	}
}

// fields checks the fields of a struct.
func (c *checker) fields(decls []ast.Decl, at place, name string, sc *scope) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			c.field(d, at, name, sc)
		case *ast.EmbedDecl:
			c.expr(d.Expr, at, name, sc)
		case *ast.Comprehension:
			if body, ok := d.Value.(*ast.StructLit); ok {
				c.expr(body, at, name, sc)
			}
		}
	}
}

func (c *checker) field(d *ast.Field, at place, in string, sc *scope) {
	label, _ := plainLabel(d.Label)
	if key, ok := label.(*ast.ListLit); ok {
		c.pattern(d, key, at, in, sc)
		return
	}
	name, isIdent, err := ast.LabelName(label)
	if err != nil {
		return // the name is computed
	}
	if isIdent && isLocal(name) {
		meant := strings.TrimLeft(name, "#_")
		if !c.used[name] && len(at.names()) > 0 && slices.Contains(at.names(), meant) {
			d := c.report(diag.UnknownField, d.Label, "%s constrains nothing: %s is a field without # or _", name, meant)
			d.Help = "write " + meant
		}
		return
	}
	next := at.field(name)
	if next == nil && len(at.names()) == 0 && at.entry() != nil {
		next = at.entry() // planPlace, whose maps take any name
		if s, ok := at.(*specPlace); ok {
			c.report(diag.BadFormat, d.Label, "%q matches nothing: %s has no such name", name, in)
			_ = s
			return
		}
	}
	if next == nil {
		c.unknownField(d, name, at, in)
		return
	}
	c.expr(d.Value, next, name, sc)
}

func (c *checker) unknownField(d *ast.Field, name string, at place, in string) {
	if s, ok := at.(*specPlace); ok && s.extensions() {
		r := c.report(diag.UnknownProvider, d.Label, "extensions for %q, which is no provider", name)
		r.Help = helpNear(name, s.names())
		return
	}
	names := at.names()
	r := c.report(diag.UnknownField, d.Label, "%s has no field %q", in, name)
	r.Help = helpNear(name, names)
}

// helpNear suggests the nearest name, or lists the names.
func helpNear(name string, names []string) string {
	longer := ""
	for _, n := range names {
		if strings.HasPrefix(n, name) && (longer == "" || len(n) < len(longer)) {
			longer = n // such as memory, for memoryMiB
		}
	}
	if longer != "" {
		return fmt.Sprintf("did you mean %q?", longer)
	}
	if near := diag.Nearest(name, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(names) == 0 {
		return ""
	}
	return "it has " + strings.Join(names, ", ")
}

// pattern checks [key]: value.
func (c *checker) pattern(d *ast.Field, key *ast.ListLit, at place, in string, sc *scope) {
	match := func(string) bool { return true }
	if len(key.Elts) == 1 {
		x := key.Elts[0]
		if a, ok := x.(*ast.Alias); ok {
			x = a.Expr
			sc = &scope{up: sc, key: a.Ident.Name}
		}
		if t, err := c.compiler.term(x, sc); err == nil && t.isConstant() {
			r := &rule{key: t}
			match = r.names
			if t.op == opConst && t.value.Kind == data.String {
				if at.field(t.value.Text) == nil && (len(at.names()) > 0 || at.entry() == nil) {
					c.unknownField(d, t.value.Text, at, in)
					return
				}
			}
		}
	}
	any := false
	if s, ok := at.(*specPlace); ok && len(key.Elts) == 1 && s.refusesKeys(key.Elts[0]) {
		c.report(diag.BadFormat, d.Label, "the pattern matches no name that %s may have", in)
		return
	}
	for _, name := range at.names() {
		if match(name) {
			any = true
			c.expr(d.Value, at.field(name), name, sc)
		}
	}
	if entry := at.entry(); entry != nil {
		any = true
		c.expr(d.Value, entry, "an entry of "+in, sc)
	}
	if !any {
		r := c.report(diag.UnknownField, d.Label, "the pattern matches no field of %s", in)
		if names := at.names(); len(names) > 0 {
			r.Help = "it has " + strings.Join(names, ", ")
		}
	}
}

// kind reports an expression of a kind that the place does not take, so that it never matches.
func (c *checker) kind(x ast.Node, kinds shape.Kinds, at place, name string) bool {
	if takes := at.kinds(); takes&kinds == 0 {
		c.report(diag.WrongType, x, "%s is %s, never %s: this matches nothing", name, takes, kinds)
		return false
	}
	return true
}

// value checks a constant, a type or a bound.
func (c *checker) value(x ast.Expr, at place, name string, sc *scope) {
	t, err := c.compiler.term(x, sc)
	if err != nil || t.op == opError {
		return
	}
	if t.op == opConst {
		if !c.kind(x, shape.KindsOf(t.value.Kind), at, name) || at.admits(t.value) {
			return
		}
		d := c.report(diag.OutOfBounds, x, "%s is never %s: this matches nothing", name, show(t.value))
		if near := diag.Nearest(t.value.Text, at.constants()); near != "" && t.value.Kind == data.String {
			d.Help = fmt.Sprintf("did you mean %q?", near)
		} else {
			d.Help = name + " is " + at.words()
		}
		return
	}
	c.kind(x, t.mayBe(), at, name)
}

// union checks the alternatives of a disjunction. Without a default, an alternative that admits
// every value of the spec makes the others pointless.
func (c *checker) union(x *ast.BinaryExpr, at place, name string, sc *scope) {
	marked, demanding := false, false
	var all ast.Expr
	for _, p := range operands(x, token.OR) {
		if u, ok := p.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			marked = true
			c.expr(u.X, at, name, sc)
			continue
		}
		c.expr(p, at, name, sc)
		id, isIdent := p.(*ast.Ident)
		switch kinds := basic[identName(id)]; {
		case !isIdent || kinds == 0 || sc.shadows(id.Name):
			demanding = true
		case at.kinds()&^kinds == 0:
			all = p
		}
	}
	if all != nil && demanding && !marked {
		d := c.report(diag.Conflict, all, "this alternative is any %s, so the rule refuses nothing", name)
		d.Help = "leave it out; to have the rule apply only where the field is set, write its name with ?"
	}
}

func identName(id *ast.Ident) string {
	if id == nil {
		return ""
	}
	return id.Name
}
