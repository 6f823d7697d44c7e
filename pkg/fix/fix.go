// Package fix applies the edits of diagnostics to their files: only edits that remove a mistake
// and cause no other.
package fix

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Judge returns the diagnostics of the files with these texts, by file name.
type Judge func(ctx context.Context, texts map[string][]byte) (diag.List, error)

// File is a file with at least one fix.
type File struct {
	Name     string
	Was, Now []byte
	Fixed    int // number of mistakes fixed
}

// Refusal is a file with a mistake that is not fixed, and the reason.
type Refusal struct {
	File   string
	Reason string
}

// Run finds the effective edits. It applies the edits of one round together and checks the
// result; then without those that cause a mistake, or in halves if it is unknown which do;
// until no effective edit is left. read returns a file's text, or the reason why the file must
// not be written. Run writes nothing.
func Run(ctx context.Context, judge Judge, read func(name string) ([]byte, error)) ([]File, []Refusal, error) {
	r := &runner{judge: judge, was: map[string][]byte{}, now: map[string][]byte{}, fixed: map[string]int{}, refused: map[string]string{}}
	diags, err := judge(ctx, nil)
	if err != nil || !r.readAll(diags, read) {
		return nil, r.refusals(), err
	}
	if diags, err = judge(ctx, r.now); err != nil { // of the texts that were read
		return nil, nil, err
	}
	for {
		before := diags
		fixes := r.fixes(before)
		if diags, err = r.settle(ctx, before, fixes); err != nil {
			return nil, nil, err
		}
		if !r.progress {
			break
		}
		r.progress = false
		r.readAll(diags, read) // for mistakes that were hidden by others
	}
	return r.files(), r.refusals(), nil
}

type runner struct {
	judge    Judge
	was, now map[string][]byte
	fixed    map[string]int
	refused  map[string]string
	progress bool
}

// readAll reads the files that have edits, and reports whether there are any.
func (r *runner) readAll(diags diag.List, read func(string) ([]byte, error)) bool {
	for _, d := range diags {
		if d.Fix == nil || r.was[d.Fix.File] != nil || r.refused[d.Fix.File] != "" {
			continue
		}
		text, err := read(d.Fix.File)
		if err != nil {
			r.refused[d.Fix.File] = err.Error()
			continue
		}
		r.was[d.Fix.File], r.now[d.Fix.File] = text, text
	}
	return len(r.was) > 0
}

// fixes returns the diagnostics with an edit, in the order of their edits, without those that
// contradict each other.
func (r *runner) fixes(diags diag.List) diag.List {
	all := slices.DeleteFunc(slices.Clone(diags), func(d diag.Diagnostic) bool { return d.Fix == nil || r.was[d.Fix.File] == nil })
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return a.Fix.Compare(*b.Fix) })
	clash := map[diag.Edit]bool{}
	for i := range all {
		for j := i + 1; j < len(all) && all[i].Fix.Overlaps(*all[j].Fix); j++ {
			if *all[i].Fix != *all[j].Fix {
				clash[*all[i].Fix], clash[*all[j].Fix] = true, true
				r.refused[all[i].Fix.File] = fmt.Sprintf("line %d has fixes that contradict each other", all[i].Fix.Line)
			}
		}
	}
	return slices.DeleteFunc(all, func(d diag.Diagnostic) bool { return clash[*d.Fix] })
}

// settle applies the effective fixes to the texts, and returns the remaining diagnostics.
func (r *runner) settle(ctx context.Context, before diag.List, fixes diag.List) (diag.List, error) {
	if len(fixes) == 0 {
		return before, nil
	}
	texts := maps.Clone(r.now)
	for file, edits := range byFile(fixes) {
		texts[file] = Apply(texts[file], edits)
	}
	after, err := r.judge(ctx, texts)
	if err != nil {
		return nil, err
	}
	good, attributed := effective(before, after, fixes)
	switch {
	case len(good) < len(fixes):
		return r.settle(ctx, before, good)
	case attributed:
		r.now, r.progress = texts, true
		for _, d := range fixes {
			r.fixed[d.Fix.File]++
		}
		return after, nil
	}
	half := middle(fixes)
	if half == 0 {
		return before, nil
	}
	// The later half first, so that it does not move the positions of the earlier half.
	if before, err = r.settle(ctx, before, fixes[half:]); err != nil {
		return nil, err
	}
	return r.settle(ctx, before, fixes[:half])
}

// middle returns the index that splits fixes into halves without a common edit, or 0 if all
// have the same edit.
func middle(fixes diag.List) int {
	for i := range len(fixes) {
		at := (len(fixes)/2 + i) % len(fixes)
		if at > 0 && *fixes[at].Fix != *fixes[at-1].Fix {
			return at
		}
	}
	return 0
}

// byFile returns the distinct edits of sorted fixes by file.
func byFile(fixes diag.List) map[string][]diag.Edit {
	files := map[string][]diag.Edit{}
	for i, d := range fixes {
		if i == 0 || *d.Fix != *fixes[i-1].Fix {
			files[d.Fix.File] = append(files[d.Fix.File], *d.Fix)
		}
	}
	return files
}

func (r *runner) files() []File {
	var files []File
	for _, name := range slices.Sorted(maps.Keys(r.was)) {
		if !bytes.Equal(r.was[name], r.now[name]) {
			files = append(files, File{name, r.was[name], r.now[name], r.fixed[name]})
		}
	}
	return files
}

func (r *runner) refusals() []Refusal {
	var all []Refusal
	for _, name := range slices.Sorted(maps.Keys(r.refused)) {
		all = append(all, Refusal{name, r.refused[name]})
	}
	return all
}

// Apply applies sorted edits, which do not overlap, to a text.
func Apply(text []byte, edits []diag.Edit) []byte {
	body := bytes.TrimPrefix(text, byteOrderMark)
	mark := text[:len(text)-len(body)]
	src := data.NewSource("", body)
	out, at := slices.Clone(mark), 0
	for _, e := range edits {
		out = append(out, body[at:src.Offset(e.Line, e.Column)]...)
		out = append(out, e.NewText...)
		at = src.Offset(e.EndLine, e.EndColumn)
	}
	return append(out, body[at:]...)
}

var byteOrderMark = []byte("\uFEFF")
