package main

import (
	"encoding/xml"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/providers"
)

const picture = "../../.github/vet.svg"

// TestPicture compares the picture of README.md with the output of vet on a terminal, for the
// tenant with mistakes on that page.
func TestPicture(t *testing.T) {
	const command = "$ cuecompute vet wrong\n"
	files, counts := fstest.MapFS{}, ""
	for _, m := range fenced.FindAllStringSubmatch(read(t, readme), -1) {
		if name, ok := strings.CutPrefix(m[1], "file: "); ok {
			files[name] = &fstest.MapFile{Data: []byte(m[3])}
		}
		if strings.HasPrefix(m[3], command) {
			counts = m[3][strings.LastIndex(strings.TrimSuffix(m[3], "\n"), "\n")+1:] // which the report lacks
			break
		}
	}
	got := draw(command + onTerminal(t, files, "wrong") + counts)
	if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
		t.Fatal(err)
	}
	if *update {
		write(t, picture, got)
		return
	}
	if diff := cmp.Diff(read(t, picture), got); diff != "" {
		t.Errorf("the picture is not what vet says (-shown +true), regenerate with make golden:\n%s", diff)
	}
}

// onTerminal returns the coloured output of vet for a path.
func onTerminal(t *testing.T, files fstest.MapFS, path string) string {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	_, diags, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{
		Paths: []string{path}, FS: files,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(diags) == 0 {
		t.Fatal("the tenant has no mistakes")
	}
	var out strings.Builder
	w, err := report.New("text", &out, report.Options{Color: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(report.Unit{Diagnostics: diags}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(report.Summary{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The picture's sizes, in pixels, and its colours, those of a dark terminal.
const (
	margin, charWidth, lineHeight = 20, 8.4, 20
	backgroundFill, textFill      = "#0d1117", "#e6edf3"
)

// styles are the terminal's styles for the sequences in reports.
var styles = map[string]string{
	"1":  `font-weight="bold"`,
	"31": `fill="#ff7b72"`,
	"33": `fill="#d29922"`,
	"36": `fill="#76e3ea"`,
}

var sequence = regexp.MustCompile("\x1b\\[([0-9]+)m(.*?)\x1b\\[0m")

// draw draws terminal output as SVG. Every run of text has its own position, so that carets
// align in any font.
func draw(terminal string) string {
	lines := strings.Split(strings.TrimSuffix(terminal, "\n"), "\n")
	widest := 0
	var body strings.Builder
	for i, line := range lines {
		column, end := 0, 0
		y := margin + lineHeight*(i+1) - 6
		put := func(text, style string) {
			word := strings.Trim(text, " ")
			if word != "" {
				indent := len(text) - len(strings.TrimLeft(text, " "))
				fmt.Fprintf(&body, `<text x="%.1f" y="%d" textLength="%.1f" xml:space="preserve" %s>%s</text>`+"\n",
					margin+charWidth*float64(column+indent), y, charWidth*float64(runewidth.StringWidth(word)), style, html.EscapeString(word))
			}
			column += runewidth.StringWidth(text)
		}
		for _, at := range sequence.FindAllStringSubmatchIndex(line, -1) {
			put(line[end:at[0]], "")
			put(line[at[4]:at[5]], styles[line[at[2]:at[3]]])
			end = at[1]
		}
		put(line[end:], "")
		widest = max(widest, column)
	}
	width, height := 2*margin+int(charWidth*float64(widest)), 2*margin+lineHeight*len(lines)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img">
<title>cuecompute vet wrong</title>
<rect width="%[1]d" height="%[2]d" rx="8" fill="%[3]s"/>
<g fill="%[4]s" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
%[5]s</g>
</svg>
`, width, height, backgroundFill, textFill, strings.ReplaceAll(body.String(), " >", ">"))
}
