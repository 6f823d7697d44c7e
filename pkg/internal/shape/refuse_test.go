package shape_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// TestRefusesWhatItDoesNotKnow: each construct that the compiler does not support is an error
// with a position, never approximated.
func TestRefusesWhatItDoesNotKnow(t *testing.T) {
	tests := []struct{ reason, tenant, want string }{
		{"a comprehension over values", `for k in ["a", "b"] {(k)?: int}`, "a comprehension that is no if"},
		{"a condition on presence", `a?: int, if a != _|_ {b!: int}`, "a condition on what is no field with a default"},
		{"a condition of two parts", `a: *"x" | "y", if a == "x" && true {b!: int}`, "a condition that compares no field"},
		{"a regular field without a default", `a: int`, "regular field a has no default"},
		{"a reference to a field", `a: *1 | int, b?: a`, "an expression of kind *ast.Ident"},
		{"arithmetic", `a?: 1 + 1`, "an expression of kind *ast.BinaryExpr"},
		{"an interpolation", `a: *"x" | string, b?: "\(a)"`, "an expression of kind *ast.Interpolation"},
		{"a function that it does not know", `import "strings"` + "\n" + `a?: strings.HasPrefix("x")`, "a call of strings.HasPrefix"},
		{"a bound on texts", `a?: >="b"`, "a bound that is no number"},
		{"an inequality", `a?: !=1`, "operator !="},
		{"two structs that nothing tells apart", `a?: {b?: int} | {c?: int}`, "not told apart"},
		{"an open struct beside another", `a?: {b!: int, ...} | {c!: int, ...}`, "not told apart"},
		{"a field twice", `a?: int, a?: >1`, "field a stands twice"},
		{"a definition that refers to itself", `a?: #Tenant`, "refers to itself"},
		{"a default that is no constant", `a: *(>1) | int`, "a default that is no single constant"},
		{"a dynamic field", `a: *"x" | string, (a)?: int`, "a field without a plain name"},
		{"a hidden field", `_a: 1`, "a field without a plain name"},
	}
	for _, tt := range tests {
		head := ""
		if imports, rest, ok := strings.Cut(tt.tenant, "\n"); ok {
			head, tt.tenant = imports, rest
		}
		lib, err := library.New(provider.Schema{ImportPath: "example.com/x", Files: fstest.MapFS{
			"x.cue": {Data: []byte("package x\n" + head + "\n#Tenant: {\n\t" + strings.ReplaceAll(tt.tenant, ", if", "\n\tif") + "\n}\n")},
		}})
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
			continue
		}
		_, err = shape.Compile(lib, "example.com/x")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %v", tt.reason, err)
		}
	}
}
