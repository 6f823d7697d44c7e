package policy

import (
	"regexp/syntax"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/internal/shape"
)

// contradicts reports whether a conjunction of constants, bounds and types, such as >=3 & <=2,
// admits no value.
func (c *checker) contradicts(x *ast.BinaryExpr, sc *scope) bool {
	plain := true
	ast.Walk(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			plain = plain && n.Op == token.AND
		case *ast.Ident:
			plain = plain && basic[n.Name] != 0 && !sc.shadows(n.Name)
		case *ast.BasicLit, *ast.UnaryExpr, *ast.ParenExpr, *ast.CommentGroup:
		default:
			plain = false
		}
		return plain
	}, nil)
	if !plain {
		return false
	}
	v := cuecontext.New().BuildExpr(x)
	return v.IncompleteKind() == cue.BottomKind
}

// refusesKeys reports whether a pattern =~"…" matches no name of a map, because the names begin
// with other characters.
func (p *specPlace) refusesKeys(x ast.Expr) bool {
	u, ok := x.(*ast.UnaryExpr)
	if !ok || u.Op != token.MAT {
		return false
	}
	lit, ok := u.X.(*ast.BasicLit)
	if !ok {
		return false
	}
	text, err := literal.Unquote(lit.Value)
	if err != nil || len(p.names()) > 0 {
		return false
	}
	mine := firstRunes(text)
	if mine == nil {
		return false
	}
	keys := p.keys()
	return len(keys) > 0 && !slices.ContainsFunc(keys, func(key string) bool {
		spec := firstRunes(key)
		return spec == nil || overlap(mine, spec)
	})
}

// keys returns the providers' regular expressions for a map's names.
func (p *specPlace) keys() (all []string) {
	for _, of := range p.of {
		for _, t := range of.types {
			if t.Struct == nil {
				continue
			}
			for _, pattern := range t.Struct.Patterns {
				for _, k := range pattern.Key {
					for _, b := range k.Bounds {
						if b.Op == shape.Matches {
							all = append(all, b.Limit)
						}
					}
				}
			}
		}
	}
	return all
}

// firstRunes returns the ranges of a match's first character, nil for any.
func firstRunes(expression string) []rune {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	re = re.Simplify()
	if re.Op != syntax.OpConcat || len(re.Sub) < 2 || re.Sub[0].Op != syntax.OpBeginText {
		return nil
	}
	return firstOf(re.Sub[1])
}

func firstOf(re *syntax.Regexp) []rune {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []rune{re.Rune[0], re.Rune[0]}
		}
	case syntax.OpCharClass:
		return re.Rune
	case syntax.OpCapture, syntax.OpConcat, syntax.OpPlus:
		return firstOf(re.Sub[0])
	case syntax.OpAlternate:
		var all []rune
		for _, sub := range re.Sub {
			first := firstOf(sub)
			if first == nil {
				return nil
			}
			all = append(all, first...)
		}
		return all
	}
	return nil
}

func overlap(a, b []rune) bool {
	for i := 0; i+1 < len(a); i += 2 {
		for j := 0; j+1 < len(b); j += 2 {
			if a[i] <= b[j+1] && b[j] <= a[i+1] {
				return true
			}
		}
	}
	return false
}
