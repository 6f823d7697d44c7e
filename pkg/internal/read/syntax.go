package read

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// foreignForm is a construct of other languages that CUE does not have.
type foreignForm struct {
	// line matches the line of the syntax error, or the one before. Its first group is the
	// construct.
	line *regexp.Regexp

	message string // with %s for the group; "" keeps the parser's
	help    string // with %s for the group
}

// foreignForms are tried in this order at a syntax error.
var foreignForms = []foreignForm{
	{regexp.MustCompile(`\}\s*(else)\b`), "there is no else in CUE", "write a second if, with the opposite condition"},
	{regexp.MustCompile(`:\s*[^"\s?][^"?]*(\?)[^":]*:`), "there is no ?: in CUE", "write two fields, each in an if: if CONDITION {…}"},
	{regexp.MustCompile(`^\s*(#)(?:\s|$|!)`), "", "a comment begins with //"},
	{regexp.MustCompile(`\bif\b[^{]*\s(and|or|not)\s`), "", "conditions are joined by && and ||, and negated by !"},
	{regexp.MustCompile(`(?:^|[{,:]\s*|\s)([A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)+)\s*:`), "the name %s has to be quoted", "write %q"},
	{regexp.MustCompile(`^\s*([A-Za-z_"][\w".-]*)\s*=[^=~]`), "%s is followed by =", "a field is set by a colon, as in %s: VALUE"},
	{regexp.MustCompile(`^\s*(-)\s+\S`), "", "a list is in brackets: [A, B]"},
}

// OtherLanguage replaces the message of a syntax error caused by another language's construct
// with CUE's way to write it, at the position of the construct.
func OtherLanguage(d *diag.Diagnostic, src *data.Source) {
	switch {
	case strings.Contains(d.Message, "string literal not terminated"):
		d.Help = "close the text with a quote"
		return
	case strings.Contains(d.Message, "found 'EOF'"):
		if strings.Contains(d.Message, "'}'") {
			d.Help = "a brace is not closed: add }"
		} else if strings.Contains(d.Message, "']'") {
			d.Help = "a bracket is not closed: add ]"
		}
		for d.Line > 1 && strings.TrimSpace(src.Line(d.Line)) == "" {
			d.Line--
		}
		d.Column = max(1, utf8.RuneCountInString(strings.TrimRight(src.Line(d.Line), " \t")))
		d.EndLine, d.EndColumn = d.Line, d.Column+1
		return
	}
	previous := d.Line - 1
	for previous > 1 && strings.TrimSpace(src.Line(previous)) == "" {
		previous--
	}
	for _, line := range []int{d.Line, previous} {
		if line < 1 {
			continue
		}
		text, _, _ := strings.Cut(src.Line(line), "//")
		for _, s := range foreignForms {
			at := s.line.FindStringSubmatchIndex(text)
			if at == nil {
				continue
			}
			word := text[at[2]:at[3]]
			if strings.Count(text[:at[2]], `"`)%2 == 1 {
				continue // inside a string
			}
			if s.message != "" {
				d.Message = "not CUE: " + filled(s.message, word)
			}
			d.Help = filled(s.help, word)
			column := 1 + len([]rune(text[:at[2]]))
			d.Range = diag.Range{File: d.File, Line: line, Column: column, EndLine: line, EndColumn: column + len([]rune(word))}
			return
		}
	}
}

func filled(format, word string) string {
	if strings.Contains(format, "%") {
		return fmt.Sprintf(format, word)
	}
	return format
}
