package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Limits on a Markdown report. A job's summary on GitHub has at most 1 MiB for each step
// (GitHub Docs, "Workflow commands for GitHub Actions", checked 2026-11-29); a larger one is
// not shown.
const (
	markdownBytes = 900 << 10
	manyAlike     = 3 // up to this number, equal problems have a row each; more share one
)

// markdownWriter writes a verdict and a table of problems, for a job's summary or a comment.
// The verdict comes first, so everything is written at the end.
type markdownWriter struct {
	w     io.Writer
	o     Options
	rows  []markdownRow
	alike map[string]*alike // by the text of the row
}

type markdownRow struct {
	place   string
	problem *alike
}

// alike are equal problems at different positions.
type alike struct {
	severity diag.Severity
	problem  string
	code     string
	others   int // number of further positions
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
			says.problem = rest // if it belongs to no single tenant
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
		if r.problem.others >= manyAlike {
			if r.problem.shown {
				continue
			}
			r.problem.shown = true
			where += fmt.Sprintf(" and %d more", r.problem.others)
		}
		row := fmt.Sprintf("| %s | %s | %s | %s |\n", r.problem.severity, where, r.problem.problem, r.problem.code)
		if b.Len()+len(row) > markdownBytes {
			left[r.problem.severity]++
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

// cell escapes a text for a table cell: characters with a meaning in Markdown or HTML lose it.
func cell(text string) string { return markdownText.Replace(text) }

var markdownText = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "\n", "<br>",
)
