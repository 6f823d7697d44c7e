package compile

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// acceptedInComments turns warnings that a comment on their line accepts into notes, and adds
// the problems of the comments in a unit's own files.
func acceptedInComments(diags diag.List, files []string, from sources) diag.List {
	used := map[sourceLine]bool{}
	for i := range diags {
		d := &diags[i]
		src := from[d.File]
		if d.Severity != diag.Warning || src == nil || d.Line == 0 {
			continue
		}
		c, line, ok := commentAbout(src, d.Line)
		if !ok || c.Code != d.Code {
			continue
		}
		used[sourceLine{d.File, line}] = true
		if message, _ := c.Problem(); message == "" {
			d.Severity, d.Waived = diag.Note, true
			d.Related = append(slices.Clip(d.Related), diag.Related{Range: src.Range(commentBytes(src, line, c)), Message: "accepted here: " + c.Reason})
		}
	}
	whole := !diags.HasErrors() // with errors, some warnings may not have been found
	for _, name := range files {
		if src := from[name]; src != nil && waiver.HasComments(src.Text) {
			diags = append(diags, commentProblems(src, used, whole)...)
		}
	}
	return diags
}

type sourceLine struct {
	file string
	line int
}

// commentAbout returns the comment that applies to a line, and the comment's own line.
func commentAbout(src *data.Source, line int) (c waiver.Comment, at int, ok bool) {
	if c, ok = waiver.CommentIn(src.Line(line)); ok && !c.Alone {
		return c, line, true
	}
	if line == 1 {
		return c, 0, false
	}
	c, ok = waiver.CommentIn(src.Line(line - 1))
	return c, line - 1, ok && c.Alone
}

// commentBytes returns the offsets of a comment in its file.
func commentBytes(src *data.Source, line int, c waiver.Comment) (start, end int) {
	begin := src.Offset(line, 1)
	return begin + c.Column, begin + len(src.LineBytes(line))
}

// commentProblems reports comments without a code or reason and, if the whole file was checked,
// notes those that accept nothing.
func commentProblems(src *data.Source, used map[sourceLine]bool, whole bool) (diags diag.List) {
	for line := 1; src.Offset(line, 1) < len(src.Text); line++ {
		c, ok := waiver.CommentIn(src.Line(line))
		if !ok {
			continue
		}
		message, help := c.Problem()
		severity := diag.Warning
		switch {
		case message != "":
		case whole && !used[sourceLine{src.Name, line}]:
			message, severity = "this comment accepts nothing: no warning of that code is on its line", diag.Note
		default:
			continue
		}
		diags = append(diags, diag.Diagnostic{Severity: severity, Code: diag.Waiver, Message: message, Help: help, Range: src.Range(commentBytes(src, line, c))})
	}
	return diags
}

// waiverProblems reports expired waivers and, if this run checked everything, those that match
// nothing.
func (c *Compiler) waiverProblems(in Input, waivers *waiver.Run) diag.List {
	if in.Waivers != nil || c.options.SupplyOnly || !in.Shard.first() {
		return nil
	}
	diags := waivers.Ended()
	if in.Shard.whole() && in.Memory == nil {
		diags = append(diags, waivers.Unmatched()...)
	}
	diags.Sort()
	return diags
}
