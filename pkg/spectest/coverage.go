package spectest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Coverage is what tests exercise of a policy or a template.
type Coverage struct {
	File      string      `json:"file"`
	What      string      `json:"what"` // constraints or fields
	Parts     int         `json:"parts"`
	Exercised int         `json:"exercised"`
	Missing   []Unreached `json:"missing,omitempty"` // the outermost
	Slow      bool        `json:"slow,omitempty"`    // CUE's evaluator judges by a part, which is not counted
}

// Unreached is a part that no test exercises.
type Unreached struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"` // as it is written
}

// subjects returns what the tests are about: the files of policies, sorted, and the texts of
// templates, by their files.
func (r *runner) subjects(ctx context.Context) (policies []string, templates map[string][]byte, err error) {
	_, cases, err := r.cases(ctx)
	if err != nil {
		return nil, nil, err
	}
	templates = map[string][]byte{}
	for _, c := range cases {
		policies = append(policies, c.policies...)
		maps.Copy(templates, c.templates)
	}
	slices.Sort(policies)
	return slices.Compact(policies), templates, nil
}

// Cover runs the tests, and says which constraints of policies were about nothing in any of
// them, and which fields of templates gave no value.
func Cover(ctx context.Context, reg *provider.Registry, o Options) (*Report, []Coverage, error) {
	r := &runner{Options: o, registry: reg, compilers: map[string]*compile.Compiler{}, coverage: new(compile.Coverage), uses: new(uses)}
	defer r.close()
	report, err := r.run(ctx)
	if err != nil {
		return report, nil, err
	}
	policies, templates, err := r.subjects(ctx)
	if err != nil {
		return report, nil, err
	}
	var all []Coverage
	for _, name := range policies {
		parts, missing, notes, compiled := r.coverage.Of(name)
		c := Coverage{File: name, What: "constraints", Parts: parts, Exercised: parts - missing, Slow: !compiled}
		notes.Sort()
		for _, d := range notes {
			c.Missing = append(c.Missing, Unreached{d.Line, d.Column, strings.TrimSpace(d.Source)})
		}
		all = append(all, c)
	}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		c, err := r.uses.of(name, templates[name])
		if err != nil {
			return report, all, err
		}
		if c.Parts > 0 {
			all = append(all, c)
		}
	}
	return report, all, nil
}

// uses are where values came from, by the files.
type uses struct {
	mu sync.Mutex
	at map[string]map[int]bool // offsets
}

func (u *uses) add(tenants []compile.Tenant) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.at == nil {
		u.at = map[string]map[int]bool{}
	}
	for _, t := range tenants {
		for file, span := range t.Positions() {
			if u.at[file] == nil {
				u.at[file] = map[int]bool{}
			}
			u.at[file][span[0]] = true
		}
	}
}

// of says which fields of a template gave a value.
func (u *uses) of(name string, text []byte) (Coverage, error) {
	c := Coverage{File: name, What: "fields"}
	f, err := gate.SyntaxTree(data.NewSource(name, text))
	if err != nil {
		return c, err
	}
	at := slices.Sorted(maps.Keys(u.at[name]))
	for _, leaf := range leaves(f.Decls) {
		start, end := offsets(leaf)
		c.Parts++
		if i, _ := slices.BinarySearch(at, start); i < len(at) && at[i] < end {
			c.Exercised++
			continue
		}
		words := strings.Join(strings.Fields(string(text[start:end])), " ")
		if r := []rune(words); len(r) > 60 {
			words = string(r[:59]) + "…"
		}
		c.Missing = append(c.Missing, Unreached{leaf.Pos().Line(), leaf.Pos().Column(), words})
	}
	return c, nil
}

// leaves are the fields that give values: those without fields in them, save for parameters,
// which are definitions or hidden, and fields that may be left out.
func leaves(decls []ast.Decl) (all []*ast.Field) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			name, _, err := ast.LabelName(d.Label)
			parameter := err == nil && (strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_"))
			inner := structsOf(d.Value)
			switch {
			case len(inner) > 0:
				all = append(all, leaves(inner)...)
			case !parameter && d.Constraint == token.ILLEGAL:
				all = append(all, d)
			}
		case *ast.Comprehension:
			if body, ok := d.Value.(*ast.StructLit); ok {
				all = append(all, leaves(body.Elts)...)
			}
		}
	}
	return all
}

// structsOf are the declarations of the struct that a value is, or is unified with.
func structsOf(x ast.Expr) []ast.Decl {
	switch x := x.(type) {
	case *ast.StructLit:
		return x.Elts
	case *ast.ParenExpr:
		return structsOf(x.X)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			return append(structsOf(x.X), structsOf(x.Y)...)
		}
	}
	return nil
}

// WriteCoverage writes for people what no test exercises.
func WriteCoverage(w io.Writer, all []Coverage) error {
	var b strings.Builder
	for _, c := range all {
		for _, m := range c.Missing {
			if c.What == "fields" {
				fmt.Fprintf(&b, "%s:%d:%d: no test has a value of %s\n", c.File, m.Line, m.Column, m.Text)
			} else {
				fmt.Fprintf(&b, "%s:%d:%d: no test exercises %s\n", c.File, m.Line, m.Column, m.Text)
			}
		}
		fmt.Fprintf(&b, "%s: %d of %d %s exercised%s", c.File, c.Exercised, c.Parts, c.What, percent(c.Exercised, c.Parts))
		if c.Slow {
			b.WriteString("; CUE's evaluator judges by a part of it, which is not counted")
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
