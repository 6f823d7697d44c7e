package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

// TestSBOM has the document of this test's own program name each module in it once, with its
// version and licence, by identifiers that SPDX takes.
func TestSBOM(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		t.Fatal("this program has no modules")
	}
	licences := map[string]string{}
	for _, m := range info.Deps {
		licences[m.Path] = "MIT"
	}
	archive := archivedOf("a.tar.gz", []byte("archive"))
	text, err := sbom(archive, program, "v1.2.3", made, licences)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sbom(archive, program, "v1.2.3", made, licences)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("not the same bytes twice: %v", err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	ids, id := map[string]bool{d.ID: true}, regexp.MustCompile(`^SPDXRef-[A-Za-z0-9.-]+$`)
	for _, p := range d.Packages {
		if ids[p.ID] || !id.MatchString(p.ID) || p.Version == "" || p.License == "" {
			t.Errorf("package %+v", p)
		}
		ids[p.ID] = true
	}
	if want := len(info.Deps) + 2; len(d.Packages) != want { // the program, and Go's own library
		t.Errorf("%d packages, not %d", len(d.Packages), want)
	}
	for _, r := range d.Relationships {
		if !ids[r.Element] || !ids[r.Related] {
			t.Errorf("%+v leads nowhere", r)
		}
	}
	if d.Packages[0].Checksum[0].Value != archive.sum {
		t.Errorf("the program's checksum is %v", d.Packages[0].Checksum)
	}
	delete(licences, info.Deps[0].Path)
	if _, err := sbom(archive, program, "v1.2.3", made, licences); err == nil || !strings.Contains(err.Error(), info.Deps[0].Path) {
		t.Errorf("a module without a licence: %v", err)
	}
}

// TestProvenance has the statement name each file by its digest, and the commit.
func TestProvenance(t *testing.T) {
	archive := archivedOf("a.tar.gz", []byte("archive"))
	text, err := provenanceOf([]archived{archive}, "v1.2.3", "linux/amd64", "c0ffee", "go1.26.8")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"https://in-toto.io/Statement/v1"`, `"https://slsa.dev/provenance/v1"`, archive.sum, `"gitCommit": "c0ffee"`, "toolchain@1.26.8", `"version": "v1.2.3"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
