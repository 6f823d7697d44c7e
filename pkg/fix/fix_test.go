package fix_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
)

// TestContradictions: of two overlapping edits neither is applied, but others in the file are.
// A byte order mark is kept, and an edit that two diagnostics share is applied once.
func TestContradictions(t *testing.T) {
	const text = "\uFEFFab cd\näé fg\n"
	edit := func(line, column, end int, now string) *diag.Edit {
		return &diag.Edit{Range: diag.Range{File: "f", Line: line, Column: column, EndLine: line, EndColumn: end}, NewText: now}
	}
	mistakes := diag.List{
		{Message: "1", Fix: edit(1, 1, 3, "x")},
		{Message: "2", Fix: edit(1, 2, 3, "y")},
		{Message: "3", Fix: edit(2, 1, 3, "ö")},
		{Message: "4", Fix: edit(2, 1, 3, "ö")},
		{Message: "5", Fix: edit(2, 4, 6, "long")},
	}
	for i := range mistakes {
		mistakes[i].Severity, mistakes[i].Path, mistakes[i].Range = diag.Error, diag.At(mistakes[i].Message), mistakes[i].Fix.Range
	}
	judge := func(_ context.Context, texts map[string][]byte) (diag.List, error) {
		if string(texts["f"]) == "\uFEFFab cd\nö long\n" {
			return mistakes[:2], nil
		}
		return mistakes, nil
	}
	files, refused, err := fix.Run(t.Context(), judge, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil || len(files) != 1 || files[0].Fixed != 3 || string(files[0].Was) != text {
		t.Fatalf("%+v %v", files, err)
	}
	if len(refused) != 1 || refused[0] != (fix.Refusal{File: "f", Reason: "line 1 has fixes that contradict each other"}) {
		t.Errorf("refused: %v", refused)
	}
}

// TestBroken: an edit that makes the file unreadable is found among many and left out, though
// the diagnostic then names no edit.
func TestBroken(t *testing.T) {
	const lines = 40
	judge := func(_ context.Context, texts map[string][]byte) (diag.List, error) {
		text := texts["f"]
		if bytes.Contains(text, []byte("{13")) {
			return diag.List{{Severity: diag.Error, Code: diag.Syntax, Message: "broken", Range: diag.Range{File: "f"}}}, nil
		}
		var diags diag.List
		for i := range lines {
			if name := fmt.Sprintf("%02d", i); text == nil || bytes.Contains(text, []byte("x"+name)) {
				at := diag.Range{File: "f", Line: i + 1, Column: 1, EndLine: i + 1, EndColumn: 2}
				d := diags.Errorf(diag.BadFormat, diag.At(name), "x")
				d.Range, d.Fix = at, &diag.Edit{Range: at, NewText: "{"}
			}
		}
		return diags, nil
	}
	var text, want bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&text, "x%02d\n", i)
		fmt.Fprintf(&want, "%c%02d\n", map[bool]rune{true: 'x', false: '{'}[i == 13], i)
	}
	files, _, err := fix.Run(t.Context(), judge, func(string) ([]byte, error) { return text.Bytes(), nil })
	if err != nil || len(files) != 1 || files[0].Fixed != lines-1 || !bytes.Equal(files[0].Now, want.Bytes()) {
		t.Errorf("%v %+v", err, files)
	}
}
