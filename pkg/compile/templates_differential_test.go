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

// editedTemplates is how many random edits of packages with templates a test judges. EDITS
// and SEED in the environment set others.
const editedTemplates = 300

// TestTemplatesAsCUE changes packages with templates at random, and holds the structural
// verdict to that of the cue command: `cue vet -c ./a`, then `cue export ./a` piped to
// `cue vet -c ./providers/P -d '#Tenant'`. The packages are those of testdata/templates/sound.
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
		if j := newJudges(t); !j.samePackages(t, a) || j.refused {
			t.Fatalf("%s, as it is, is refused", path)
		}
	}
	var next, refused, differ atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			j := newJudges(t)
			for {
				i := int(next.Add(1)) - 1
				if i >= count || differ.Load() > 9 {
					return
				}
				if i%recycled == 0 {
					j = newJudges(t)
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

// samePackages judges each tenant package of an archive both ways.
func (j *judges) samePackages(t *testing.T, a *txtar.Archive) bool {
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
			continue // CUE takes any definition beside those of a template
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

// ourPackage is the structural verdict of load and shape on a package.
func (j *judges) ourPackage(t *testing.T, a *txtar.Archive, u find.Unit) (admitted bool, said any) {
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

// stockPackage is the cue command's verdict on a package.
func (j *judges) stockPackage(t *testing.T, a *txtar.Archive, dir string) (admitted bool, why any) {
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

// instanceOf is a package of an archive with what it imports, as the cue command loads it.
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

// editPackage changes one to three places of a package's files.
func editPackage(r *rand.Rand, a *txtar.Archive) *txtar.Archive {
	out := &txtar.Archive{Files: slices.Clone(a.Files)}
	for range 1 + r.IntN(3) {
		i := r.IntN(len(out.Files))
		if r.IntN(2) == 0 { // the tenant's own, which are the last
			i = len(out.Files) - 1
		}
		if text := editCUE(r, out.Files[i].Data); text != nil {
			out.Files[i].Data = text
		}
	}
	return out
}

// literals are what a value may be changed to.
var literals = []string{`"x"`, `""`, "1", "0", "-1", "1.5", "true", "null", `"512Mi"`, `"512MB"`, `"large"`, `"smal"`, "{}", "[]",
	`["a"]`, `{a: 1}`, "string", "int", "_", "1 | 2", "*1 | 2", `"a\(1)b"`, "8080", `"ecs"`, `"job"`, "_|_", "99999999999999999999"}

// editCUE changes one place of a CUE file; nil where there is none of the kind that was drawn.
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
			panic(err) // it is written above
		}
		return x
	}
	list := lists[r.IntN(len(lists))]
	switch r.IntN(9) {
	case 0: // a value is another
		fields[r.IntN(len(fields))].Value = value()
	case 1: // a literal is another's
		v, w := values[r.IntN(len(values))], values[r.IntN(len(values))]
		v.Value, v.Kind = w.Value, w.Kind
	case 2: // a declaration is left out
		if len(*list) == 0 {
			return nil
		}
		i := r.IntN(len(*list))
		if _, ok := (*list)[i].(*ast.Package); ok {
			return nil
		}
		*list = slices.Delete(slices.Clone(*list), i, i+1)
	case 3: // a field is added, or written twice
		field := fields[r.IntN(len(fields))]
		added := &ast.Field{Label: field.Label, Constraint: field.Constraint, Value: value()}
		if text, err := format.Node(field.Value); err == nil && r.IntN(2) == 0 {
			if x, err := parser.ParseExpr("", text); err == nil {
				added.Value = x // a copy, which may be put into the field itself
			}
		}
		*list = append(slices.Clone(*list), added)
	case 4: // a name is misspelt, or another
		ident, other := idents[r.IntN(len(idents))], idents[r.IntN(len(idents))]
		if r.IntN(2) == 0 {
			ident.Name = other.Name
		} else if len(ident.Name) > 2 {
			ident.Name = ident.Name[:len(ident.Name)-1]
		}
	case 5: // a label is another's
		fields[r.IntN(len(fields))].Label = fields[r.IntN(len(fields))].Label
	case 6: // a struct is open
		*list = append(slices.Clone(*list), &ast.Ellipsis{})
	case 7: // a struct is no longer open
		*list = slices.DeleteFunc(slices.Clone(*list), func(d ast.Decl) bool { _, ok := d.(*ast.Ellipsis); return ok })
	case 8: // a value is a reference
		fields[r.IntN(len(fields))].Value = ast.NewIdent(idents[r.IntN(len(idents))].Name)
	}
	out, err := format.Node(f)
	if err != nil || bytes.Contains(out, []byte("package ")) && strings.Count(string(out), "package ") != 1 {
		return nil
	}
	return out
}
