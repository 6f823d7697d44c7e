package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// markdownWriter writes a verdict and a table of what is wrong, for a job's summary or
// a comment. The verdict stands first, so that all is written at the end.
type markdownWriter struct {
	w    io.Writer
	o    Options
	rows strings.Builder
}

func newMarkdown(w io.Writer, o Options) Writer { return &markdownWriter{w: w, o: o} }

func (m *markdownWriter) Add(u Unit) error {
	for _, d := range u.Diagnostics {
		fmt.Fprintf(&m.rows, "| %s | %s | %s | %s |\n", d.Severity, cell(m.place(d)), cell(m.o.sentence(d)), cell(string(d.Code)))
	}
	return nil
}

func (m *markdownWriter) place(d diag.Diagnostic) string {
	d.File = m.o.path(d.File)
	return place(d.Range)
}

func (m *markdownWriter) Close(s Summary) error {
	_, err := fmt.Fprintf(m.w, "**%s**\n", s)
	if err != nil || m.rows.Len() == 0 {
		return err
	}
	_, err = io.WriteString(m.w, "\n| | place | problem | code |\n| --- | --- | --- | --- |\n"+m.rows.String())
	return err
}

// cell writes a text as the content of a table's cell, and nothing else: what Markdown
// or HTML would obey is escaped.
func cell(text string) string { return markdownText.Replace(text) }

var markdownText = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "\n", "<br>",
)
