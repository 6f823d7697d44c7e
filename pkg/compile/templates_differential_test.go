package compile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// editedTemplates is the number of random edits of packages with templates that a test checks.
// EDITS and SEED in the environment override it.
const editedTemplates = 300

// TestTemplatesAsCUE edits packages with templates at random, and compares the structural
// verdict with the cue command's: `cue vet -c ./a`, then `cue export ./a` piped to `cue vet -c
// ./providers/P -d '#Tenant'`. The packages are those of testdata/templates/sound.
func TestTemplatesAsCUE(t *testing.T) {
	count, first := editedTemplates, 1
	if n, err := strconv.Atoi(os.Getenv("EDITS")); err == nil {
		count = n
	}
	if n, err := strconv.Atoi(os.Getenv("SEED")); err == nil {
		first = n
	}
	var packages []*txtar.Archive
	paths, err := filepath.Glob("../../testdata/templates/sound/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no packages", err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, a)
		if j := newComparer(t); !j.samePackages(t, a) || j.refused {
			t.Fatalf("%s, as it is, is refused", path)
		}
	}
	var next, refused, differ atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			j := newComparer(t)
			for {
				i := int(next.Add(1)) - 1
				if i >= count || differ.Load() > 9 {
					return
				}
				if i%perContext == 0 {
					j = newComparer(t)
				}
				r := rand.New(rand.NewPCG(uint64(first), uint64(i)))
				if !j.samePackages(t, editPackage(r, packages[r.IntN(len(packages))])) {
					t.Errorf("that was edit %d of seed %d", i, first)
					differ.Add(1)
				}
				if j.refused {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d edits of seed %d, %d of them refused", count, first, refused.Load())
	if n := int(refused.Load()); n == 0 || n == count {
		t.Error("the edits do not tell the two apart")
	}
}

// samePackages compares the two verdicts on each tenant package of an archive.
func (j *comparer) samePackages(t *testing.T, a *txtar.Archive) bool {
	t.Helper()
	j.refused = false
	for _, dir := range []string{"a", "b"} {
		var files []string
		for _, f := range a.Files {
			if filepath.Dir(f.Name) == dir {
				files = append(files, f.Name)
			}
		}
		if len(files) == 0 {
			continue
		}
		ours, said := j.ourPackage(t, a, find.Unit{Path: dir, Files: files, Package: dir})
		theirs, why := j.stockPackage(t, a, dir)
		if theirs && strings.Contains(fmt.Sprint(said), "has no parameter") {
			continue // CUE accepts any definition next to a template's
		}
		if ours != theirs {
			t.Errorf("package %s: admitted is %v, and by the cue command %v\nours: %v\ncue: %v\n%s", dir, ours, theirs, said, why, txtar.Format(a))
			return false
		}
		j.refused = j.refused || !ours
	}
	return true
}

const moduleFile = "module: \"example.com/platform@v0\"\nlanguage: version: \"v0.17.0\"\n"

// ourPackage returns the structural verdict of load and shape on a package.
func (j *comparer) ourPackage(t *testing.T, a *txtar.Archive, u find.Unit) (admitted bool, said any) {
	t.Helper()
	tags, err := load.NewTags(nil)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"cue.mod/module.cue": {Data: []byte(moduleFile)}}
	for _, f := range a.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	l := load.New(j.library, load.Options{Tags: tags, FS: files, Evaluator: load.Evaluator{Unbounded: true}})
	loaded, err := l.Load(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Diagnostics.HasErrors() || len(loaded.Documents) == 0 {
		return false, loaded.Diagnostics
	}
	for _, doc := range loaded.Documents {
		provider := doc.Root.Get("provider")
		if provider == nil || j.shapes[provider.Text] == nil {
			return false, "no provider"
		}
		if filled, found := j.shapes[provider.Text].Check(doc.Root); filled == nil {
			return false, found
		}
	}
	return true, nil
}

// stockPackage returns the cue command's verdict on a package.
func (j *comparer) stockPackage(t *testing.T, a *txtar.Archive, dir string) (admitted bool, why any) {
	t.Helper()
	inst := instanceOf(a, build.NewContext(), dir)
	if inst.Err != nil {
		return false, inst.Err
	}
	v := cuecontext.New().BuildInstance(inst)
	if err := v.Validate(cue.Attributes(true), cue.Optional(true), cue.Definitions(true), cue.Hidden(true), cue.Concrete(true)); err != nil {
		return false, err
	}
	tenants, keys := []cue.Value{v}, []string{""}
	top, err := v.Fields()
	if err != nil {
		return false, err
	}
	var names []string
	for top.Next() {
		names = append(names, top.Selector().Unquoted())
	}
	if len(names) == 1 && names[0] == "tenants" {
		tenants, keys = nil, nil
		it, err := v.LookupPath(cue.ParsePath("tenants")).Fields()
		if err != nil {
			return false, err
		}
		for it.Next() {
			tenants = append(tenants, it.Value())
			keys = append(keys, it.Selector().Unquoted())
		}
	}
	for i, tenant := range tenants {
		text, err := tenant.MarshalJSON()
		if err != nil {
			return false, err
		}
		if id := tenant.LookupPath(cue.ParsePath("id")); !id.Exists() && keys[i] != "" {
			text = fmt.Appendf(nil, `{"id": %q, %s`, keys[i], bytes.TrimPrefix(text, []byte("{")))
		} else if keys[i] != "" && id.Unify(j.ctx.CompileString(strconv.Quote(keys[i]))).Err() != nil {
			return false, "its id is not its key"
		}
		provider, _ := tenant.LookupPath(cue.ParsePath("provider")).String()
		s, ok := j.schemas[provider]
		if !ok {
			return false, "no provider"
		}
		if !j.admits(t, "json", text, s) {
			return false, "the schema refuses it: " + string(text)
		}
	}
	return len(tenants) > 0, "no tenant"
}

// instanceOf loads a package of an archive with its imports, as the cue command does.
func instanceOf(a *txtar.Archive, c *build.Context, dir string) *build.Instance {
	inst := c.NewInstance(dir, func(_ token.Pos, path string) *build.Instance {
		if sub, ok := strings.CutPrefix(path, "example.com/platform/"); ok {
			return instanceOf(a, c, sub)
		}
		return nil
	})
	inst.PkgName, inst.ImportPath = dir, "example.com/platform/"+dir
	for _, f := range a.Files {
		in := filepath.Dir(f.Name)
		if in != dir && (in != "." || !bytes.HasPrefix(f.Data, []byte("package "+dir+"\n"))) {
			continue
		}
		syntax, err := parser.ParseFile(f.Name, f.Data, parser.ParseComments)
		if err != nil {
			inst.ReportError(errors.Promote(err, ""))
			break
		}
		_ = inst.AddSyntax(syntax)
	}
	_ = inst.Complete()
	return inst
}

// editPackage makes one to three edits in a package's files.
func editPackage(r *rand.Rand, a *txtar.Archive) *txtar.Archive {
	out := &txtar.Archive{Files: slices.Clone(a.Files)}
	for range 1 + r.IntN(3) {
		i := r.IntN(len(out.Files))
		if r.IntN(2) == 0 { // the tenant's own files are the last
			i = len(out.Files) - 1
		}
		if text := editCUE(r, out.Files[i].Data); text != nil {
			out.Files[i].Data = text
		}
	}
	return out
}

// literals are new values for edits.
var literals = []string{`"x"`, `""`, "1", "0", "-1", "1.5", "true", "null", `"512Mi"`, `"512MB"`, `"large"`, `"smal"`, "{}", "[]",
	`["a"]`, `{a: 1}`, "string", "int", "_", "1 | 2", "*1 | 2", `"a\(1)b"`, "8080", `"ecs"`, `"job"`, "_|_", "99999999999999999999"}

// editCUE makes one edit in a CUE file, nil if the chosen kind of edit is not possible.
func editCUE(r *rand.Rand, text []byte) []byte {
	f, err := parser.ParseFile("", text)
	if err != nil {
		return nil
	}
	var lists []*[]ast.Decl
	var fields []*ast.Field
	var idents []*ast.Ident
	var values []*ast.BasicLit
	ast.Walk(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.File:
			lists = append(lists, &n.Decls)
		case *ast.StructLit:
			lists = append(lists, &n.Elts)
		case *ast.Field:
			fields = append(fields, n)
		case *ast.Ident:
			idents = append(idents, n)
		case *ast.BasicLit:
			values = append(values, n)
		case *ast.ImportDecl, *ast.Package:
			return false
		}
		return true
	}, nil)
	if len(fields) == 0 || len(idents) == 0 || len(values) == 0 {
		return nil
	}
	value := func() ast.Expr {
		x, err := parser.ParseExpr("", literals[r.IntN(len(literals))])
		if err != nil {
			panic(err) // this function generated it
		}
		return x
	}
	list := lists[r.IntN(len(lists))]
	switch r.IntN(9) {
	case 0: // replace a value
		fields[r.IntN(len(fields))].Value = value()
	case 1: // copy a literal
		v, w := values[r.IntN(len(values))], values[r.IntN(len(values))]
		v.Value, v.Kind = w.Value, w.Kind
	case 2: // remove a declaration
		if len(*list) == 0 {
			return nil
		}
		i := r.IntN(len(*list))
		if _, ok := (*list)[i].(*ast.Package); ok {
			return nil
		}
		*list = slices.Delete(slices.Clone(*list), i, i+1)
	case 3: // add a field, or repeat one
		field := fields[r.IntN(len(fields))]
		added := &ast.Field{Label: field.Label, Constraint: field.Constraint, Value: value()}
		if text, err := format.Node(field.Value); err == nil && r.IntN(2) == 0 {
			if x, err := parser.ParseExpr("", text); err == nil {
				added.Value = x // a copy, because it may be put into the field itself
			}
		}
		*list = append(slices.Clone(*list), added)
	case 4: // misspell or replace a name
		ident, other := idents[r.IntN(len(idents))], idents[r.IntN(len(idents))]
		if r.IntN(2) == 0 {
			ident.Name = other.Name
		} else if len(ident.Name) > 2 {
			ident.Name = ident.Name[:len(ident.Name)-1]
		}
	case 5: // copy a label
		fields[r.IntN(len(fields))].Label = fields[r.IntN(len(fields))].Label
	case 6: // open a struct
		*list = append(slices.Clone(*list), &ast.Ellipsis{})
	case 7: // close a struct
		*list = slices.DeleteFunc(slices.Clone(*list), func(d ast.Decl) bool { _, ok := d.(*ast.Ellipsis); return ok })
	case 8: // replace a value with a reference
		fields[r.IntN(len(fields))].Value = ast.NewIdent(idents[r.IntN(len(idents))].Name)
	}
	out, err := format.Node(f)
	if err != nil || bytes.Contains(out, []byte("package ")) && strings.Count(string(out), "package ") != 1 {
		return nil
	}
	return out
}
