package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// textWriter writes for people: a line that editors can jump to, the author's line with the
// position marked, and the help.
type textWriter struct {
	w io.Writer
	o Options
}

func newText(w io.Writer, o Options) Writer { return &textWriter{w, o} }

func (t *textWriter) Close(Summary) error { return nil }

func (t *textWriter) Add(u Unit) error {
	var b strings.Builder
	for _, d := range u.Diagnostics {
		t.write(&b, d)
	}
	if b.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// The terminal's own colours.
const (
	bold   = "1"
	red    = "31"
	yellow = "33"
	cyan   = "36"
	dim    = "2"
)

func (t *textWriter) paint(color, s string) string {
	if !t.o.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

var severityColor = map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Note: cyan}

func (t *textWriter) write(b *strings.Builder, d diag.Diagnostic) {
	color := severityColor[d.Severity]
	fmt.Fprintf(b, "%s ", t.paint(bold, place(d.Range)+":"))
	if d.Severity != diag.Error {
		fmt.Fprintf(b, "%s ", t.paint(color, string(d.Severity)+":"))
	}
	if t.o.names(d) {
		fmt.Fprintf(b, "%s: ", d.Provider)
	}
	fmt.Fprintf(b, "%s %s\n", message(d), t.paint(color, "["+string(d.Code)+"]"))
	if d.Source != "" {
		t.source(b, d, color)
	}
	for _, r := range elsewhere(d) {
		fmt.Fprintf(b, "  %s: %s\n", Printable(r.Message), place(r.Range))
	}
	if d.Help != "" {
		fmt.Fprintf(b, "  %s %s\n", t.paint(cyan, "help:"), Printable(d.Help))
	}
}

// elsewhere returns the related positions of a diagnostic, without those in the schemas.
func elsewhere(d diag.Diagnostic) []diag.Related {
	return slices.DeleteFunc(slices.Clone(d.Related), func(r diag.Related) bool { return r.Line == 0 || r.Message == "the rule" })
}

// source writes the author's line, and marks the range in it. Of a long line, such as a
// generated one, it writes the part around the range.
func (t *textWriter) source(b *strings.Builder, d diag.Diagnostic, color string) {
	line := []rune(d.Source)
	start := min(max(d.Column-1, 0), len(line))
	end := len(line)
	if d.EndLine == d.Line {
		end = min(max(d.EndColumn-1, start), len(line))
	}
	line, start, end = crop(line, start, end)
	number := strconv.Itoa(d.Line)
	marks := strings.Repeat("^", max(1, width(line[start:end])))
	fmt.Fprintf(b, "  %s %s\n", t.paint(dim, number+" |"), Printable(expand(line)))
	fmt.Fprintf(b, "  %s %s%s\n", t.paint(dim, strings.Repeat(" ", len(number))+" |"),
		strings.Repeat(" ", width(line[:start])), t.paint(color, marks))
}

// longest limits the characters of a line.
const longest = 160

// crop cuts a long line to the part around a range, and returns the range in it.
func crop(line []rune, start, end int) ([]rune, int, int) {
	if len(line) <= longest {
		return line, start, end
	}
	from := min(max(start-longest/2, 0), len(line)-longest)
	to := from + longest
	end = min(end, to)
	cut := slices.Clone(line[from:to])
	if from > 0 {
		cut[0] = '…'
	}
	if to < len(line) {
		cut[len(cut)-1] = '…'
	}
	return cut, start - from, end - from
}

// expand replaces tabs by spaces, so that marks align.
func expand(line []rune) string { return strings.ReplaceAll(string(line), "\t", "    ") }

// width returns the columns of a text in a terminal.
func width(line []rune) int { return runewidth.StringWidth(Printable(expand(line))) }

// Printable escapes terminal control characters, and bytes that are not text.
func Printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unprintable(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }

func place(r diag.Range) string {
	switch {
	case r.File == "":
		return "-"
	case r.Line == 0:
		return Printable(r.File)
	}
	return fmt.Sprintf("%s:%d:%d", Printable(r.File), r.Line, r.Column)
}
