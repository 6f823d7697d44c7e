package main

import (
	"os/exec"
	"strings"
)

// statement is an in-toto statement, version 1, with provenance of SLSA, version 1
// (https://slsa.dev/spec/v1.0/provenance, checked 2026-11-29). It is not signed: it says what
// was built from what, for who builds the same again and compares.
type statement struct {
	Type      string     `json:"_type"`
	Subject   []resource `json:"subject"`
	Predicate string     `json:"predicateType"`
	Built     provenance `json:"predicate"`
}

type resource struct {
	Name   string            `json:"name,omitempty"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest,omitempty"`
}

type provenance struct {
	Definition struct {
		Type     string            `json:"buildType"`
		External map[string]string `json:"externalParameters"`
		Resolved []resource        `json:"resolvedDependencies"`
	} `json:"buildDefinition"`
	Details struct {
		Builder struct {
			ID string `json:"id"`
		} `json:"builder"`
	} `json:"runDetails"`
}

// provenanceOf returns the statement on the files of a release: the commit and the Go version that
// they are built from. The same commit gives the same bytes.
func provenanceOf(files []archived, version, targets, commit, goVersion string) ([]byte, error) {
	s := statement{Type: "https://in-toto.io/Statement/v1", Predicate: "https://slsa.dev/provenance/v1"}
	for _, f := range files {
		s.Subject = append(s.Subject, resource{Name: f.name, Digest: map[string]string{"sha256": f.sum}})
	}
	d := &s.Built.Definition
	d.Type = project + "/tree/main/cmd/internal/release"
	d.External = map[string]string{"version": version, "systems": targets}
	d.Resolved = []resource{
		{URI: "git+" + project, Digest: map[string]string{"gitCommit": commit}},
		{URI: "pkg:golang/toolchain@" + strings.TrimPrefix(goVersion, "go")},
	}
	s.Built.Details.Builder.ID = project + "/tree/main/cmd/internal/release"
	return indented(s)
}

// commit returns the checkout's commit.
func commit() (string, error) {
	out, err := exec.Command("git", "rev-parse", "HEAD").Output()
	return strings.TrimSpace(string(out)), err
}
