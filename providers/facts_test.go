package providers_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// sourced is how the comment of a fact ends.
var sourced = regexp.MustCompile(`(?s)\bSource: \S.*, (?:checked (\d{4}-\d{2}-\d{2})|not rechecked)\.$`)

// TestFacts holds every constant and variable of providers/*/facts.go to a comment that ends
// `Source: PLACE, checked DATE.`, and lists those that nobody has looked at for a year: look
// again, correct the fact, and write the day. One whose source could not be seen when the fact
// was written or moved ends `Source: PLACE, not rechecked.`, and is listed with them.
func TestFacts(t *testing.T) {
	files, err := filepath.Glob("*/facts.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no facts", err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		problems, old := facts(f, time.Now())
		for _, p := range problems {
			t.Errorf("%s: %s", name, p)
		}
		for _, fact := range old {
			t.Logf("%s: %s has not been looked at for a year, or not at all", name, fact)
		}
	}
}

// facts returns the facts of a file whose comments have no source or date, and those whose date
// is more than a year before the day, or which have none.
func facts(f *ast.File, day time.Time) (problems, old []string) {
	for _, d := range f.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST && group.Tok != token.VAR {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			doc := spec.Doc
			if doc == nil || !sourced.MatchString(strings.TrimSpace(doc.Text())) {
				doc = group.Doc
			}
			name := spec.Names[0].Name
			m := sourced.FindStringSubmatch(strings.TrimSpace(doc.Text()))
			if m == nil {
				problems = append(problems, fmt.Sprintf("the comment of %s does not end `Source: PLACE, checked DATE.` or `Source: PLACE, not rechecked.`", name))
				continue
			}
			if m[1] == "" {
				old = append(old, name)
				continue
			}
			switch checked, err := time.Parse(time.DateOnly, m[1]); {
			case err != nil:
				problems = append(problems, fmt.Sprintf("%s: %v", name, err))
			case checked.AddDate(1, 0, 0).Before(day):
				old = append(old, name)
			}
		}
	}
	return problems, old
}

// TestFactsAreJudged: what facts says of comments of each form.
func TestFactsAreJudged(t *testing.T) {
	const text = `package p

// a is one.
// Source: https://example.com, checked 2026-11-28.
const a = 1

// b is old.
// Source: https://example.com, checked 2025-01-01.
var b = 1

// c has no source.
const c = 1

const d = 1

// e has no such day.
// Source: https://example.com, checked 2026-13-01.
const e = 1

// f and g share a source.
// Source: https://example.com, checked 2026-11-28.
const (
	f = 1 // one
	g = 2
)

// Source: checked 2026-11-28.
const h = 1

// i was not looked at.
// Source: https://example.com, not rechecked.
const i = 1

// Source: not rechecked.
const j = 1
`
	f, err := parser.ParseFile(token.NewFileSet(), "facts.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	problems, old := facts(f, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC))
	want := []string{
		"the comment of c does not end `Source: PLACE, checked DATE.` or `Source: PLACE, not rechecked.`",
		"the comment of d does not end `Source: PLACE, checked DATE.` or `Source: PLACE, not rechecked.`",
		`e: parsing time "2026-13-01": month out of range`,
		"the comment of h does not end `Source: PLACE, checked DATE.` or `Source: PLACE, not rechecked.`",
		"the comment of j does not end `Source: PLACE, checked DATE.` or `Source: PLACE, not rechecked.`",
	}
	if !slices.Equal(problems, want) || !slices.Equal(old, []string{"b", "i"}) {
		t.Errorf("problems are\n%s\nand old is %v", strings.Join(problems, "\n"), old)
	}
}
