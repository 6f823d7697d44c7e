package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// githubWriter writes workflow commands, which GitHub Actions shows as annotations of lines
// (GitHub Docs, "Workflow commands for GitHub Actions").
type githubWriter struct {
	w io.Writer
	o Options
}

func newGitHub(w io.Writer, o Options) Writer { return &githubWriter{w, o} }

func (g *githubWriter) Close(Summary) error { return nil }

func (g *githubWriter) Add(u Unit) error {
	var b strings.Builder
	for _, d := range u.Diagnostics {
		g.write(&b, d)
	}
	if b.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(g.w, b.String())
	return err
}

var githubCommand = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Note: "notice"}

func (g *githubWriter) write(b *strings.Builder, d diag.Diagnostic) {
	fmt.Fprintf(b, "::%s ", githubCommand[d.Severity])
	if file := g.o.path(d.File); file != "" {
		fmt.Fprintf(b, "file=%s,", githubProperty.Replace(Printable(file)))
	}
	if d.Line > 0 {
		fmt.Fprintf(b, "line=%d,endLine=%d,", d.Line, max(d.Line, d.EndLine))
	}
	// GitHub accepts columns only for a range on one line (GitHub Docs, "REST API endpoints for
	// check runs"). The end column and line are inclusive.
	if d.Line > 0 && d.EndLine == d.Line {
		fmt.Fprintf(b, "col=%d,endColumn=%d,", d.Column, max(d.Column, d.EndColumn-1))
	}
	fmt.Fprintf(b, "title=%s::%s\n", githubProperty.Replace(string(d.Code)), githubData.Replace(g.o.sentence(d)))
}

// The end of a command, or of a property, is escaped as GitHub's runner expects
// (actions/toolkit, packages/core/src/command.ts).
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
