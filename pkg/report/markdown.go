package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Limits on a Markdown report. A job's summary on GitHub has at most 1 MiB for each step
// (GitHub Docs, "Workflow commands for GitHub Actions", checked 2026-11-29), and one that is larger
// is not shown at all.
const (
	markdownBytes = 900 << 10
	manyAlike     = 3 // as many of the same problem have a row each; more have one
)

// markdownWriter writes a verdict and a table of what is wrong, for a job's summary or
// a comment. The verdict stands first, so that all is written at the end.
type markdownWriter struct {
	w     io.Writer
	o     Options
	rows  []markdownRow
	alike map[string]*alike // by what the rows say
}

type markdownRow struct {
	place string
	says  *alike
}

// alike are problems that say the same of different places.
type alike struct {
	severity diag.Severity
	problem  string
	code     string
	others   int // beside the first
	shown    bool
}

func newMarkdown(w io.Writer, o Options) Writer {
	return &markdownWriter{w: w, o: o, alike: map[string]*alike{}}
}

func (m *markdownWriter) Add(u Unit) error {
	for _, d := range u.Diagnostics {
		problem := cell(m.o.sentence(d))
		rest := strings.TrimPrefix(problem, cell("tenant "+d.Tenant+": "))
		key := string(d.Severity) + "\n" + string(d.Code) + "\n" + rest
		says := m.alike[key]
		if says == nil {
			says = &alike{severity: d.Severity, problem: problem, code: cell(string(d.Code))}
			m.alike[key] = says
		} else if says.others++; says.others == manyAlike {
			says.problem = rest // of no single tenant
		}
		m.rows = append(m.rows, markdownRow{m.place(d), says})
	}
	return nil
}

func (m *markdownWriter) place(d diag.Diagnostic) string {
	file := d.File
	d.File = m.o.path(d.File)
	text := cell(place(d.Range))
	if m.o.Link != nil {
		if to := m.o.Link(file, d.Line); to != "" {
			return fmt.Sprintf("[%s](%s)", text, to)
		}
	}
	return text
}

func (m *markdownWriter) Close(s Summary) error {
	_, err := fmt.Fprintf(m.w, "**%s**\n", s)
	if err != nil || len(m.rows) == 0 {
		return err
	}
	var b strings.Builder
	b.WriteString("\n| | place | problem | code |\n| --- | --- | --- | --- |\n")
	left := map[diag.Severity]int{}
	for _, r := range m.rows {
		where := r.place
		if r.says.others >= manyAlike {
			if r.says.shown {
				continue
			}
			r.says.shown = true
			where += fmt.Sprintf(" and %d more", r.says.others)
		}
		row := fmt.Sprintf("| %s | %s | %s | %s |\n", r.says.severity, where, r.says.problem, r.says.code)
		if b.Len()+len(row) > markdownBytes {
			left[r.says.severity]++
			continue
		}
		b.WriteString(row)
	}
	if len(left) > 0 {
		fmt.Fprintf(&b, "\n**Not shown: %s, %s, %s.**\n", number(left[diag.Error], "error"), number(left[diag.Warning], "warning"), number(left[diag.Note], "note"))
	}
	_, err = io.WriteString(m.w, b.String())
	return err
}

// cell writes a text as the content of a table's cell, and nothing else: what Markdown
// or HTML would obey is escaped.
func cell(text string) string { return markdownText.Replace(text) }

var markdownText = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "\n", "<br>",
)
