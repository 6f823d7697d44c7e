package load_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// TestEmbedInMemory reads embedded files from the spec's own file system.
func TestEmbedInMemory(t *testing.T) {
	memory := fstest.MapFS{
		"m/cue.mod/module.cue": {Data: []byte(`module: "example.com/m"`)},
		"m/text.txt":           {Data: []byte("\uFEFFa\x00\\(b)\n")},
		"m/linked.txt":         {Data: []byte("text.txt"), Mode: fs.ModeSymlink},
		"m/away":               {Data: []byte("../other"), Mode: fs.ModeSymlink},
		"other/text.txt":       {Data: []byte("other")},
	}
	tests := []struct{ file, want, refusal string }{
		{"text.txt", "a\x00\\(b)\n", ""},
		{"linked.txt", "", `"linked.txt" cannot be embedded: it is a link, and none is followed in memory`},
		{"away/text.txt", "", `"away/text.txt" cannot be embedded: it is a link, and none is followed in memory`},
		{"cue.mod", "", `"cue.mod" cannot be embedded: it is not a regular file`},
		{"none", "", `"none" cannot be embedded: file does not exist`},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.file, "/", "-"), func(t *testing.T) {
			memory["m/spec.cue"] = &fstest.MapFile{Data: []byte(`@extern(embed)
package m
id: string @embed(file=` + tt.file + `,type=text)`)}
			l := newLoader(t, load.Options{FS: memory})
			got, err := l.Load(t.Context(), find.Unit{Path: "m/spec.cue", Files: []string{"m/spec.cue"}})
			if err != nil {
				t.Fatal(err)
			}
			if tt.refusal != "" {
				if len(got.Diagnostics) != 1 || got.Diagnostics[0].Message != tt.refusal || got.Diagnostics[0].Line != 3 {
					t.Fatal(got.Diagnostics)
				}
				return
			}
			if len(got.Documents) != 1 {
				t.Fatal(got.Diagnostics)
			}
			id := got.Documents[0].Root.Get("id")
			if at := id.At.Range(); id.Text != tt.want || at.Line != 3 || at.Column != 12 {
				t.Errorf("%q at %v", id.Text, at)
			}
		})
	}
}
