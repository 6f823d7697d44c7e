package load_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// changing is a file system whose file changes while it is read: opened is called when it is
// opened, and read after its first read.
type changing struct {
	fstest.MapFS
	opened, read func(*fstest.MapFile)
}

func (c changing) Open(name string) (fs.File, error) {
	at := c.MapFS[name]
	if at != nil && c.opened != nil {
		c.opened(at)
	}
	if at != nil && at.Mode == fs.ModeIrregular {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := c.MapFS.Open(name)
	return changingFile{f, at, c.read}, err
}

type changingFile struct {
	fs.File
	at   *fstest.MapFile
	read func(*fstest.MapFile)
}

func (c changingFile) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	if c.read != nil {
		c.read(c.at)
	}
	return n, err
}

// TestChangesWhileRead: a file is either checked as it was at one time, or reported as changed;
// other files are still checked.
func TestChangesWhileRead(t *testing.T) {
	const text = "id: acme\nprovider: kubernetes\n"
	tests := []struct {
		reason       string
		opened, read func(*fstest.MapFile)
		want         string
	}{
		{reason: "nothing changes"},
		{reason: "it grows", read: func(f *fstest.MapFile) { f.Data = []byte(text + "labels: {}\n") }, want: "it changed while it was read"},
		{reason: "it shrinks", read: func(f *fstest.MapFile) { f.Data = f.Data[:8] }, want: "it changed while it was read"},
		{reason: "it is written over", read: func(f *fstest.MapFile) { f.ModTime = time.Unix(1, 0) }, want: "it changed while it was read"},
		{reason: "it is removed", opened: func(f *fstest.MapFile) { f.Mode = fs.ModeIrregular }, want: "file does not exist"},
		{reason: "it becomes a pipe", opened: func(f *fstest.MapFile) { f.Mode = fs.ModeNamedPipe }, want: "it is not a regular file"},
	}
	for _, tt := range tests {
		memory := changing{fstest.MapFS{"t.yaml": {Data: []byte(text)}}, tt.opened, tt.read}
		l := newLoader(t, load.Options{FS: memory})
		units, found, err := find.Find(t.Context(), find.Disk{Memory: memory.MapFS}, []string{"t.yaml"})
		if err != nil || len(found) > 0 || len(units) != 1 {
			t.Fatal(units, found, err)
		}
		loaded, err := l.Load(t.Context(), units[0])
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, d := range loaded.Diagnostics {
			said = append(said, d.Message)
		}
		want := tt.want
		if want != "" {
			want = "cannot be read: " + want
		}
		if got := strings.Join(said, "\n"); got != want || (want == "") != (len(loaded.Documents) == 1) || loaded.Tenants != 1 {
			t.Errorf("%s: %q, and %d documents", tt.reason, got, len(loaded.Documents))
		}
	}
}
