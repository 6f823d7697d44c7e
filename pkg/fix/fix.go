// Package fix applies the edits that diagnostics carry to the files that they are about:
// only those that do away with a mistake and bring no other.
package fix

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Judge returns what is wrong where files hold other texts than are written.
type Judge func(ctx context.Context, texts map[string][]byte) (diag.List, error)

// File is a file that is mended.
type File struct {
	Name     string
	Was, Now []byte
	Mended   int // mistakes
}

// Refusal is a file that is not mended, or not in all, and why.
type Refusal struct {
	File   string
	Reason string
}

// Run finds the edits that hold: those of one round are applied together and judged, then
// without those that bring a mistake, or in halves where it is not told which do, until no
// mistake is left whose edit holds. read returns a file's text, or why it must not be
// written. Nothing is written.
func Run(ctx context.Context, judge Judge, read func(name string) ([]byte, error)) ([]File, []Refusal, error) {
	r := &runner{judge: judge, was: map[string][]byte{}, now: map[string][]byte{}, mended: map[string]int{}, refused: map[string]string{}}
	diags, err := judge(ctx, nil)
	if err != nil || !r.readAll(diags, read) {
		return nil, r.refusals(), err
	}
	if diags, err = judge(ctx, r.now); err != nil { // of the very texts that were read
		return nil, nil, err
	}
	for {
		before := diags
		mends := r.mends(before)
		if diags, err = r.settle(ctx, before, mends); err != nil {
			return nil, nil, err
		}
		if !r.progress {
			break
		}
		r.progress = false
		r.readAll(diags, read) // what was a mistake's shadow
	}
	return r.files(), r.refusals(), nil
}

type runner struct {
	judge    Judge
	was, now map[string][]byte
	mended   map[string]int
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

// mends returns the diagnostics that can be mended, in the order of their edits. Of two
// that contradict each other, neither can.
func (r *runner) mends(diags diag.List) diag.List {
	all := slices.DeleteFunc(slices.Clone(diags), func(d diag.Diagnostic) bool { return d.Fix == nil || r.was[d.Fix.File] == nil })
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return a.Fix.Compare(*b.Fix) })
	clash := map[diag.Edit]bool{}
	for i := range all {
		for j := i + 1; j < len(all) && all[i].Fix.Overlaps(*all[j].Fix); j++ {
			if *all[i].Fix != *all[j].Fix {
				clash[*all[i].Fix], clash[*all[j].Fix] = true, true
				r.refused[all[i].Fix.File] = fmt.Sprintf("line %d has mends that contradict each other", all[i].Fix.Line)
			}
		}
	}
	return slices.DeleteFunc(all, func(d diag.Diagnostic) bool { return clash[*d.Fix] })
}

// settle applies those mends that hold to the texts, and returns what is wrong with them
// then.
func (r *runner) settle(ctx context.Context, before diag.List, mends diag.List) (diag.List, error) {
	if len(mends) == 0 {
		return before, nil
	}
	texts := maps.Clone(r.now)
	for file, edits := range byFile(mends) {
		texts[file] = Apply(texts[file], edits)
	}
	after, err := r.judge(ctx, texts)
	if err != nil {
		return nil, err
	}
	good, told := innocent(before, after, mends)
	switch {
	case len(good) < len(mends):
		return r.settle(ctx, before, good)
	case told:
		r.now, r.progress = texts, true
		for _, d := range mends {
			r.mended[d.Fix.File]++
		}
		return after, nil
	}
	half := middle(mends)
	if half == 0 {
		return before, nil
	}
	// The later half first: what it writes moves nothing that the earlier is about.
	if before, err = r.settle(ctx, before, mends[half:]); err != nil {
		return nil, err
	}
	return r.settle(ctx, before, mends[:half])
}

// middle is where mends are parted in halves, so that none has an edit of the other's; 0
// where all have one edit.
func middle(mends diag.List) int {
	for i := range len(mends) {
		at := (len(mends)/2 + i) % len(mends)
		if at > 0 && *mends[at].Fix != *mends[at-1].Fix {
			return at
		}
	}
	return 0
}

// byFile returns the edits of mends, which are in order, each once.
func byFile(mends diag.List) map[string][]diag.Edit {
	files := map[string][]diag.Edit{}
	for i, d := range mends {
		if i == 0 || *d.Fix != *mends[i-1].Fix {
			files[d.Fix.File] = append(files[d.Fix.File], *d.Fix)
		}
	}
	return files
}

func (r *runner) files() []File {
	var files []File
	for _, name := range slices.Sorted(maps.Keys(r.was)) {
		if !bytes.Equal(r.was[name], r.now[name]) {
			files = append(files, File{name, r.was[name], r.now[name], r.mended[name]})
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

// Apply makes edits to a text. They are in order and do not overlap.
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
