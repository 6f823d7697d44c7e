package diag_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// TestCodes compares Codes with the constants: each occurs once, with a description.
func TestCodes(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var constants, listed []string
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for _, v := range spec.Values {
				text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				constants = append(constants, text)
			}
		}
		return true
	})
	for _, c := range diag.Codes() {
		listed = append(listed, string(c.Code))
		if c.Doc == "" {
			t.Errorf("code %s has no doc", c.Code)
		}
	}
	if len(constants) == 0 || !slices.Equal(constants, listed) {
		t.Error(cmp.Diff(constants, listed))
	}
}
