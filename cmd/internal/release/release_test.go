package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/providers"
)

var made = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestPages: every command has a man page with its flags, and every shell a completion.
func TestPages(t *testing.T) {
	root, err := cli.Command(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	files, err := pages(root, made)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range files {
		texts[f.name] = string(f.data)
	}
	for _, name := range []string{"cuecompute.bash", "_cuecompute", "cuecompute.fish", "cuecompute.ps1"} {
		if !strings.Contains(texts["completions/"+name], "__complete") {
			t.Errorf("%s completes nothing", name)
		}
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		name := "man/man1/" + strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		if !strings.Contains(texts[name], c.Short) {
			t.Errorf("%s does not say %q", name, c.Short)
		}
		for _, below := range c.Commands() {
			if !below.Hidden {
				walk(below)
			}
		}
	}
	walk(root)
	if page := texts["man/man1/cuecompute-vet.1"]; !strings.Contains(page, "warnings-as-errors") || !strings.Contains(page, `"Nov 2026"`) {
		t.Errorf("the page of vet has no flags, or not the release's date:\n%s", page)
	}
}

// TestArchives: unpacked files are equal to the packed ones, and packing is reproducible.
func TestArchives(t *testing.T) {
	files := []file{{name: "cuecompute", data: []byte("program"), program: true}, {name: "man/man1/a.1", data: []byte("page")}}
	want := []string{"r/cuecompute -rwxr-xr-x 2026-11-23 program", "r/man/man1/a.1 -rw-r--r-- 2026-11-23 page"}
	for ending, pack := range map[string]func(string, []file, time.Time) ([]byte, string, error){".tar.gz": tarball, ".zip": zipped} {
		data, got, err := pack("r", files, made)
		if err != nil || got != ending {
			t.Fatal(got, err)
		}
		again, _, err := pack("r", files, made)
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("%s: not the same bytes twice: %v", ending, err)
		}
		unpack := map[string]func(*testing.T, []byte) []string{".tar.gz": untar, ".zip": unzip}[ending]
		if diff := cmp.Diff(want, unpack(t, data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ending, diff)
		}
	}
}

func untar(t *testing.T, data []byte) (all []string) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry(t, h.Name, h.FileInfo().Mode().String(), h.ModTime, r))
	}
}

func unzip(t *testing.T, data []byte) (all []string) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry(t, f.Name, f.Mode().String(), f.Modified, r))
	}
	return all
}

func entry(t *testing.T, name, mode string, at time.Time, r io.Reader) string {
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join([]string{name, mode, at.UTC().Format(time.DateOnly), string(text)}, " ")
}
