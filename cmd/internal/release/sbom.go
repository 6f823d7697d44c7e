package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// project is where the source and the releases are.
const project = "https://github.com/cuecompute/cuecompute"

// licenceFile names the licence of each linked module, a line each: see the lint target.
const licenceFile = ".ci/licences.txt"

// document is an SPDX 2.3 document, as far as it is written here
// (https://spdx.github.io/spdx-spec/v2.3, checked 2026-11-29).
type document struct {
	Version       string         `json:"spdxVersion"`
	DataLicense   string         `json:"dataLicense"`
	ID            string         `json:"SPDXID"`
	Name          string         `json:"name"`
	Namespace     string         `json:"documentNamespace"`
	Creation      creation       `json:"creationInfo"`
	Packages      []spdxPackage  `json:"packages"`
	Relationships []relationship `json:"relationships"`
}

type creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type spdxPackage struct {
	ID       string        `json:"SPDXID"`
	Name     string        `json:"name"`
	Version  string        `json:"versionInfo"`
	Location string        `json:"downloadLocation"`
	Analyzed bool          `json:"filesAnalyzed"`
	License  string        `json:"licenseConcluded"`
	Declared string        `json:"licenseDeclared"`
	Checksum []checksum    `json:"checksums,omitempty"`
	Refs     []externalRef `json:"externalRefs,omitempty"`
	Purpose  string        `json:"primaryPackagePurpose"`
	Comment  string        `json:"comment,omitempty"`
}

type checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type externalRef struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

// sbom returns the SPDX document of an archive: the program, and each module that is linked in it,
// as Go wrote them into the program, with its licence. The same program gives the same bytes.
func sbom(archive archived, program []byte, version string, made time.Time, licences map[string]string) ([]byte, error) {
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return nil, err
	}
	const own = "SPDXRef-program"
	d := document{
		Version: "SPDX-2.3", DataLicense: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: archive.name,
		Namespace: fmt.Sprintf("%s/releases/download/%s/%s.spdx.json", project, version, archive.name),
		Creation:  creation{made.Format(time.RFC3339), []string{"Tool: cuecompute-release-" + version}},
		Packages: []spdxPackage{{
			ID: own, Name: "cuecompute", Version: version, License: "Apache-2.0", Declared: "Apache-2.0", Purpose: "APPLICATION",
			Location: fmt.Sprintf("%s/releases/download/%s/%s", project, version, archive.name),
			Checksum: []checksum{{"SHA256", archive.sum}},
		}},
		Relationships: []relationship{{"SPDXRef-DOCUMENT", "DESCRIBES", own}},
	}
	modules := append([]*debug.Module{{Path: "std", Version: strings.TrimPrefix(info.GoVersion, "go")}}, info.Deps...)
	for _, m := range modules {
		if m.Replace != nil {
			m = m.Replace
		}
		licence := licences[m.Path]
		if m.Path == "std" {
			licence = "BSD-3-Clause"
		}
		if licence == "" {
			return nil, fmt.Errorf("%s has no line in %s", m.Path, licenceFile)
		}
		p := spdxPackage{
			ID: "SPDXRef-" + notID.ReplaceAllString(m.Path+"-"+m.Version, "-"), Name: m.Path, Version: m.Version,
			Location: "NOASSERTION", License: licence, Declared: licence, Purpose: "LIBRARY",
			Refs: []externalRef{{"PACKAGE-MANAGER", "purl", "pkg:golang/" + m.Path + "@" + m.Version}},
		}
		if m.Sum != "" {
			p.Comment = "Go checksum " + m.Sum
		}
		d.Packages = append(d.Packages, p)
		d.Relationships = append(d.Relationships, relationship{own, "STATIC_LINK", p.ID})
	}
	return indented(d)
}

// notID is what an identifier of SPDX cannot have.
var notID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// readLicences reads the licences of modules.
func readLicences() (map[string]string, error) {
	text, err := os.ReadFile(licenceFile)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if module, licence, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all[module] = licence
		}
	}
	return all, nil
}

// archived is a file of a release.
type archived struct{ name, sum string }

func archivedOf(name string, data []byte) archived {
	sum := sha256.Sum256(data)
	return archived{name, hex.EncodeToString(sum[:])}
}

func indented(v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return append(text, '\n'), err
}
