package pkg_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/portability"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/pkg/spectest"
)

// travelling are the exported values of public packages that have a JSON form; what they are made
// of is among them.
var travelling = []any{
	diag.Diagnostic{}, diag.Edit{}, diag.Path{}, diag.Range{}, diag.Related{},
	difference.Cause{}, difference.Change{}, difference.Count{}, difference.Difference{}, difference.NotComparable{},
	difference.Place{}, difference.Summary{}, difference.Tenant{},
	fleet.Amounts{}, fleet.Facts{}, fleet.Most{}, fleet.Percent{}, fleet.Place{}, fleet.Report{}, fleet.Share{}, fleet.Shares{}, fleet.Summary{},
	importer.Account{}, importer.Addition{}, importer.Entry{},
	plan.Autoscale{}, plan.Change{}, plan.Check{}, plan.Container{}, plan.Count{}, plan.Endpoint{}, plan.EnvSource{}, plan.EnvValue{},
	plan.Ephemeral{}, plan.ExecCheck{}, plan.Extension(""), plan.GRPCCheck{}, plan.HTTPCheck{}, plan.Ingress{}, plan.Mount{},
	plan.Persistent{}, plan.Placement{}, plan.Plan{}, plan.Port{}, plan.PortRef{}, plan.Resources{}, plan.Restart{}, plan.Rollout{},
	plan.Secret{}, plan.Security{}, plan.TCPCheck{}, plan.Volume{}, plan.Workload{},
	portability.Case{}, portability.Cell{}, portability.Row{}, portability.Table{},
	provider.Change{}, provider.Record{}, provider.Result{}, provider.Status{},
	report.Counts{}, report.Report{}, report.Summary{},
	spectest.Coverage{}, spectest.Failure{}, spectest.Mutation{}, spectest.Report{}, spectest.Result{}, spectest.Survivor{}, spectest.Unreached{},
}

// TestValuesTravel: what a program marshals, another unmarshals to an equal value. Of each type,
// values are made that have fields of all kinds, set and not.
func TestValuesTravel(t *testing.T) {
	for _, v := range travelling {
		typ := reflect.TypeOf(v)
		t.Run(typ.String(), func(t *testing.T) {
			m := maker{rand.New(rand.NewPCG(1, 2))}
			for range 300 {
				want := reflect.New(typ)
				m.fill(want.Elem(), 0)
				text, err := json.Marshal(want.Interface())
				if err != nil {
					t.Fatal(err)
				}
				got := reflect.New(typ)
				if err := json.Unmarshal(text, got.Interface()); err != nil {
					t.Fatalf("%v: %s", err, text)
				}
				if !reflect.DeepEqual(want.Interface(), got.Interface()) {
					t.Fatalf("%s\n(-marshalled +unmarshalled):\n%s", text, cmp.Diff(want.Elem().Interface(), got.Elem().Interface()))
				}
			}
		})
	}
}

// maker makes values at random, such as stages of the pipeline make them: what is empty and left
// out of JSON is nil.
type maker struct{ *rand.Rand }

var texts = []string{"a", "web", "nginx:1.29", "ü\u2028<&>\"\\\n", "[0]", "a.b", "", "25%", "007"}

func (m maker) fill(v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case plan.Plan:
		type fields plan.Plan
		var p fields
		m.fill(reflect.ValueOf(&p).Elem(), depth)
		p.Version = plan.Version
		v.Set(reflect.ValueOf(plan.Plan(p)))
		return
	case plan.Count:
		v.Set(reflect.ValueOf(plan.Count{N: m.IntN(100), Percent: m.IntN(2) == 0}))
		return
	case plan.PortRef:
		v.Set(reflect.ValueOf([]plan.PortRef{{Name: "http"}, {Number: 8080}, {}}[m.IntN(3)]))
		return
	case plan.Extension:
		v.Set(reflect.ValueOf([]plan.Extension{"", `{"a":[1.50,null,{"b":"<&>"}]}`, `[]`}[m.IntN(3)]))
		return
	case diag.Path:
		v.Set(reflect.ValueOf([]diag.Path{nil, diag.At("workloads", "a.b", "args", 0), diag.At("", "[0]", "\xff\n")}[m.IntN(3)]))
		return
	}
	switch v.Kind() {
	case reflect.Interface: // a value of a plan's JSON
		var value any
		switch m.IntN(6) {
		case 1:
			value = texts[m.IntN(len(texts))]
		case 2:
			value = m.Int64()
		case 3:
			value = json.Number("1.50")
		case 4:
			value = []any{"x", int64(1), true}
		case 5:
			value = map[string]any{"a": json.Number("123456789012345678901234567890"), "b": []any{}}
		default:
			return
		}
		v.Set(reflect.ValueOf(value))
	case reflect.String:
		v.SetString(texts[m.IntN(len(texts))])
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(m.IntN(3)) * 4096)
	case reflect.Bool:
		v.SetBool(m.IntN(2) == 0)
	case reflect.Pointer:
		if m.IntN(3) > 0 && depth < 20 {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		if n := m.IntN(3); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				m.fill(v.Index(i), depth+1)
			}
		}
	case reflect.Map:
		if n := m.IntN(3); n > 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				m.fill(key, depth+1)
				m.fill(elem, depth+1)
				v.SetMapIndex(key, elem)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				m.fill(v.Field(i), depth+1)
			}
		}
	default:
		panic(v.Type()) // a kind that no value has yet
	}
}

// TestTravellingIsComplete: each exported type of a public package that has a JSON form is in the
// list, so that nobody can forget a new one.
func TestTravellingIsComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, v := range travelling {
		listed[reflect.TypeOf(v).String()] = true
	}
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == "internal" || d.Name() == "testdata" {
			return fs.SkipDir
		}
		maps.Copy(found, withJSON(t, dir))
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatal("no types", err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(found)), slices.Sorted(maps.Keys(listed))); diff != "" {
		t.Errorf("types with a JSON form (-in the packages +in the list of this test):\n%s", diff)
	}
}

// withJSON are the exported types of a directory that have fields with a name in JSON, or write
// their own.
func withJSON(t *testing.T, dir string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".go") || strings.HasSuffix(n.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, n.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.Name == "main" {
			continue
		}
		add := func(name string) {
			if ast.IsExported(name) {
				all[f.Name.Name+"."+name] = true
			}
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.Name == "MarshalJSON" {
					if recv, ok := d.Recv.List[0].Type.(*ast.Ident); ok {
						add(recv.Name)
					}
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					spec, ok := s.(*ast.TypeSpec)
					if !ok {
						continue
					}
					s, ok := spec.Type.(*ast.StructType)
					if ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return f.Tag != nil && strings.Contains(f.Tag.Value, `json:"`) }) {
						add(spec.Name.Name)
					}
				}
			}
		}
	}
	return all
}
