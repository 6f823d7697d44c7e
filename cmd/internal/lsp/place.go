package lsp

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/outline"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// file is a spec as the editor has it, or as it is on the disk.
type file struct {
	path, uri string
	*outline.Outline
	*lines
}

func fileOf(d *document) *file {
	return &file{d.path, d.uri, outline.Of(d.path, d.text), newLines(d.text)}
}

// document returns a document that is open, or nil.
func (s *server) document(uri string) *document {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.documents[pathOf(uri)]
}

// place is a node of a file, and where it is in its tenant.
type place struct {
	*file
	node     *outline.Node
	tenant   *outline.Node
	path     diag.Path // in the tenant
	provider string    // that the tenant is for; "" where that is not known
}

// placeOf returns where a node is. In what is overridden for a provider, it is where the override
// is put; in a template of CUE, where it would be if the template were a tenant.
func (s *server) placeOf(f *file, n *outline.Node) place {
	p := place{file: f, node: n}
	p.tenant, p.path = n.Tenant()
	if own := p.tenant.Child("provider"); own != nil {
		p.provider = own.Text
	} else {
		p.provider = s.providerIn(f.path)
	}
	if len(p.path) > 1 && p.path[0] == "overrides" {
		p.provider, p.path = p.path[1], p.path[2:]
	}
	for len(p.path) > 0 && f.Lang == "cue" && strings.HasPrefix(strings.TrimPrefix(p.path[0], "_"), "#") {
		p.path = p.path[1:]
	}
	return p
}

// providerIn returns the provider of the tenants that were made of a file, if it is one.
func (s *server) providerIn(path string) string {
	name := ""
	for _, u := range s.unitsOf(path) {
		for _, t := range u.Tenants {
			if name != "" && name != t.Provider {
				return ""
			}
			name = t.Provider
		}
	}
	return name
}

// unitsOf returns the verdicts on what a file is a part of.
func (s *server) unitsOf(path string) []compile.Unit {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []compile.Unit
	for _, u := range s.verdict.units {
		if u.Path() == path || u.Path() == filepath.Dir(path) {
			all = append(all, u)
		}
	}
	return all
}

var packageClause = regexp.MustCompile(`(?m)^package[ \t]+(\w+)`)

// parts returns a file and those of the same CUE package in its directory, as they are now.
func (s *server) parts(f *file) []*file {
	own := packageClause.FindStringSubmatch(f.Text)
	if f.Lang != "cue" || own == nil {
		return []*file{f}
	}
	s.mu.Lock()
	open := s.documents
	texts := map[string]*document{}
	for path, d := range open {
		if filepath.Dir(path) == filepath.Dir(f.path) {
			texts[path] = d
		}
	}
	s.mu.Unlock()
	names, _ := filepath.Glob(filepath.Join(filepath.Dir(f.path), "*.cue"))
	for path := range texts {
		if filepath.Ext(path) == ".cue" && !slices.Contains(names, path) {
			names = append(names, path)
		}
	}
	slices.Sort(names)
	all := []*file{f}
	for _, path := range names {
		if path == f.path || len(all) > maxParts {
			continue
		}
		d := texts[path]
		if d == nil {
			info, err := os.Stat(path)
			if err != nil || !info.Mode().IsRegular() || info.Size() > maxPart {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				continue
			}
			d = &document{uri: uriOf(path), path: path, text: string(text)}
		}
		if other := packageClause.FindStringSubmatch(d.text); other != nil && other[1] == own[1] {
			all = append(all, fileOf(d))
		}
	}
	return all
}

// What is looked at of a package: so many files, each of so many bytes.
const (
	maxParts = 200
	maxPart  = 1 << 20
)

// tenantPart is what a file says about a tenant.
type tenantPart struct {
	*file
	node *outline.Node
}

// tenantParts returns what the files of a package say about a tenant.
func (s *server) tenantParts(p place) []tenantPart {
	all := []tenantPart{{p.file, p.tenant}}
	parts := s.parts(p.file)
	if len(parts) == 1 && p.Lang != "cue" {
		return all
	}
	for _, f := range parts {
		for _, d := range f.Documents {
			nodes := []*outline.Node{d}
			if p.tenant.Parent != nil {
				nodes = d.All("tenants", p.tenant.Name)
			}
			for _, n := range nodes {
				if n != p.tenant {
					all = append(all, tenantPart{f, n})
				}
			}
		}
	}
	return all
}
