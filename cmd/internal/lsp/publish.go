package lsp

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// publish sends the diagnostics of each of some files whose diagnostics are not as they were sent
// last.
func (j *judging) publish(ctx context.Context, v verdict, some func(path string) bool) {
	places := placesIn(v.documents)
	files := map[string][]diagnostic{}
	for path := range v.documents {
		files[path] = []diagnostic{} // the client may wait for them
	}
	for _, d := range report.Merge(v.diagnostics) {
		for _, path := range shownIn(d, v.documents) {
			files[path] = append(files[path], places.diagnostic(d))
		}
	}
	sent := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !some(path) {
			sent[places.uri(path)] = true // later
			continue
		}
		p := publishParams{URI: places.uri(path), Diagnostics: files[path]}
		if d := v.documents[path]; d != nil {
			p.Version = &d.version
		}
		sent[p.URI] = true
		if last, ok := j.published[p.URI]; ok && reflect.DeepEqual(last, p) {
			continue
		}
		j.published[p.URI] = p
		j.send(ctx, p)
	}
	for _, uri := range slices.Sorted(maps.Keys(j.published)) {
		if sent[uri] || !some(pathOf(uri)) {
			continue
		}
		if len(j.published[uri].Diagnostics) > 0 {
			j.send(ctx, publishParams{URI: uri, Diagnostics: []diagnostic{}})
		}
		delete(j.published, uri)
	}
}

func (j *judging) send(ctx context.Context, p publishParams) {
	if err := j.rpc.Notify(ctx, "textDocument/publishDiagnostics", p); err != nil && ctx.Err() == nil {
		j.logf("%v", err)
	}
}

// shownIn returns the files that a diagnostic is shown in: its own or, of a directory, those
// that are open in it. That a folder holds no spec is no mistake in an editor.
func shownIn(d diag.Diagnostic, open map[string]*document) []string {
	if info, err := os.Stat(d.File); d.Line > 0 || err != nil || !info.IsDir() {
		return []string{d.File}
	}
	if d.Code == diag.NotATenant {
		return nil
	}
	var all []string
	for _, path := range slices.Sorted(maps.Keys(open)) {
		if filepath.Dir(path) == d.File {
			all = append(all, path)
		}
	}
	if len(all) == 0 {
		return []string{d.File}
	}
	return all
}

// places converts places in files, those that are open as the editor has them.
type places struct {
	open map[string]*document
	read map[string]*lines
}

func placesIn(open map[string]*document) places { return places{open, map[string]*lines{}} }

func (t places) uri(path string) string {
	if d := t.open[path]; d != nil {
		return d.uri
	}
	return uriOf(path)
}

func (t places) lines(path string) *lines {
	l := t.read[path]
	if l != nil {
		return l
	}
	if d := t.open[path]; d != nil {
		l = newLines(d.text)
	} else {
		text, _ := os.ReadFile(path) // what cannot be read has no lines
		l = newLines(string(text))
	}
	t.read[path] = l
	return l
}

// span converts a range; of a file as a whole, to its beginning.
func (t places) span(r diag.Range) span {
	if r.Line == 0 {
		return span{}
	}
	l := t.lines(r.File)
	return span{l.position(r.Line, r.Column), l.position(r.EndLine, r.EndColumn)}
}

var severities = map[diag.Severity]int{diag.Error: severityError, diag.Warning: severityWarning, diag.Note: severityHint}

func (t places) diagnostic(d diag.Diagnostic) diagnostic {
	out := diagnostic{
		Range: t.span(d.Range), Severity: severities[d.Severity], Code: string(d.Code), Source: "cuecompute",
		Message: report.Sentence(d),
	}
	if d.Docs != "" {
		out.Description = &href{d.Docs}
	}
	for _, r := range report.Elsewhere(d) {
		out.Related = append(out.Related, related{location{t.uri(r.File), t.span(r.Range)}, r.Message})
	}
	return out
}
