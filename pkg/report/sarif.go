package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// home is the tool's address in a report.
const home = "https://github.com/cuecompute/cuecompute"

// sarifSchema is the address of the format's schema at OASIS.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifWriter writes SARIF 2.1.0, the exchange format of static analysis: a result for each
// diagnostic, and a rule for each code of the results. The rules come first, so everything is
// written at the end.
type sarifWriter struct {
	w     io.Writer
	o     Options
	run   *sarif.Run
	rules map[diag.Code]int // their indices in the run's driver
}

func newSARIF(w io.Writer, o Options) Writer {
	run := sarif.NewRunWithInformationURI("cuecompute", home)
	run.ColumnKind = "unicodeCodePoints"
	if o.Version != "" {
		run.Tool.Driver.WithVersion(o.Version)
	}
	return &sarifWriter{w: w, o: o, run: run, rules: map[diag.Code]int{}}
}

func (s *sarifWriter) Add(u Unit) error {
	for _, d := range u.Diagnostics {
		s.run.AddResult(s.result(d))
	}
	return nil
}

func (s *sarifWriter) Close(Summary) error {
	log := &sarif.Report{Version: string(sarif.Version210), Schema: sarifSchema, Runs: []*sarif.Run{s.run}}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(log); err != nil {
		return err
	}
	_, err := s.w.Write(EscapeJSON(b.Bytes()))
	return err
}

// SARIF's levels have the same names as severities: error, warning, note.
func (s *sarifWriter) result(d diag.Diagnostic) *sarif.Result {
	r := sarif.NewRuleResult(string(d.Code)).
		WithRuleIndex(s.rule(d.Code)).
		WithLevel(string(d.Severity)).
		WithMessage(sarif.NewTextMessage(s.o.sentence(d)))
	if at := s.location(d.Range); at != nil {
		if len(d.Path) > 0 {
			at.WithLogicalLocations([]*sarif.LogicalLocation{sarif.NewLogicalLocation().WithFullyQualifiedName(d.Path.String())})
		}
		r.AddLocation(at)
	}
	for _, other := range elsewhere(d) {
		if at := s.location(other.Range); at != nil {
			r.AddRelatedLocation(at.WithId(len(r.RelatedLocations)).WithMessage(sarif.NewTextMessage(Printable(other.Message))))
		}
	}
	if d.Fix != nil {
		r.AddFix(s.fix(*d.Fix))
	}
	properties := sarif.Properties{}
	for name, value := range map[string]string{"tenant": d.Tenant, "provider": d.Provider, "docs": d.Docs, "group": groupOf(d)} {
		if value != "" {
			properties[name] = value
		}
	}
	if len(properties) > 0 {
		r.Properties = properties
	}
	return r
}

// location returns nil if there is no file.
func (s *sarifWriter) location(at diag.Range) *sarif.Location {
	if at.File == "" {
		return nil
	}
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewArtifactLocation().WithUri(uri(s.o.path(at.File))))
	if at.Line > 0 {
		physical.WithRegion(region(at))
	}
	return sarif.NewLocationWithPhysicalLocation(physical)
}

func region(at diag.Range) *sarif.Region {
	r := sarif.NewRegion().WithStartLine(at.Line).WithStartColumn(max(at.Column, 1))
	if at.EndLine > 0 {
		r.WithEndLine(at.EndLine).WithEndColumn(at.EndColumn)
	}
	return r
}

// fix returns an edit as a change of its file.
func (s *sarifWriter) fix(e diag.Edit) *sarif.Fix {
	change := sarif.NewArtifactChange(sarif.NewArtifactLocation().WithUri(uri(s.o.path(e.File))))
	change.WithReplacement(sarif.NewReplacement(region(e.Range)).
		WithInsertedContent(sarif.NewArtifactContent().WithText(e.NewText)))
	return sarif.NewFix().WithArtifactChanges([]*sarif.ArtifactChange{change})
}

// uri returns a file's name as a reference: relative to the repository's root, or absolute.
func uri(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme, u.Path = "file", path.Join("/", u.Path)
	}
	return u.String()
}

// rule returns the index of a code's rule, and adds it if it is missing.
func (s *sarifWriter) rule(code diag.Code) int {
	if i, ok := s.rules[code]; ok {
		return i
	}
	rule := s.run.AddRule(string(code))
	if page, ok := diag.PageOf(string(code)); ok {
		rule.WithShortDescription(sarif.NewMultiformatMessageString(page.Doc)).
			WithFullDescription(sarif.NewMultiformatMessageString(page.Text)).
			WithHelp(sarif.NewMultiformatMessageString(page.Text).WithMarkdown(help(page))).
			WithHelpURI(home + "#diagnostic-codes")
	}
	s.rules[code] = len(s.rules)
	return s.rules[code]
}

// help returns a code's page in Markdown: its text, which is already Markdown, and its files.
func help(page diag.Page) string {
	var b strings.Builder
	b.WriteString(page.Text)
	for _, f := range page.Files {
		if f.Name == "want" {
			continue // it names the example's file, not the reader's
		}
		fmt.Fprintf(&b, "\n\n%s:\n\n```%s\n%s```", f.Name, strings.TrimPrefix(path.Ext(f.Name), "."), f.Data)
	}
	return b.String()
}
