package compose

import (
	"cmp"
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// fileMount is a mount of a configuration or a secret in its long form.
type fileMount struct {
	source, target string
	from           []*data.Node
}

// fileMountOf reads both forms; a short one is mounted where the specification says.
func fileMountOf(n *data.Node, dir string) fileMount {
	if n.Kind != data.Struct {
		return fileMount{n.Text, dir + n.Text, []*data.Node{n}}
	}
	m := fileMount{source: n.TextAt("source"), target: n.TextAt("target")}
	m.target = cmp.Or(m.target, m.source)
	if !strings.HasPrefix(m.target, "/") {
		m.target = dir + m.target
	}
	for _, f := range n.Fields {
		if f.Name == "source" || f.Name == "target" {
			m.from = append(m.from, f.Value)
		}
	}
	return m
}

func (r *reader) configMounts(s *service, n *data.Node) {
	for _, e := range n.Elems {
		r.ignored(e)
		m := fileMountOf(e, "/")
		top := r.project.root.Get("configs", m.source)
		text, near, ok := r.contentOf(s, top)
		if !ok {
			r.Lose("the configuration's text is not there to be carried", m.from...)
			if top != nil {
				for _, f := range top.Fields {
					r.Lose("the configuration's text is not there to be carried", f.Value)
				}
			}
			continue
		}
		config, file, dotted := strings.Cut(m.source, ".")
		if !dotted || !plainName(config) || fileName(file) != file {
			config, file = importer.Name(m.source), fileName(m.target)
		}
		at := diag.At("config", config, file)
		for _, f := range top.Fields {
			switch {
			case near != "":
				r.Near(at, text, near, f.Value)
			default:
				r.put(at, text, f.Value, "")
			}
		}
		r.Set(s.at("mounts", path.Clean(m.target)), importer.Struct(e.At, "config", config, "file", file), m.from...)
	}
}

// ignored are the fields of a mount that docker compose does not read, or that files have
// anyway.
func (r *reader) ignored(n *data.Node) {
	for _, f := range n.Fields {
		switch f.Name {
		case "source", "target":
		default:
			r.Lose("a file belongs to root, and everybody may read it", f.Value)
		}
	}
}

// contentOf is the text of a configuration.
func (r *reader) contentOf(s *service, top *data.Node) (text, near string, ok bool) {
	if content := top.Get("content"); content != nil {
		return content.Text, "", content.Text != "" && importer.Credential("", content.Text) == ""
	}
	if file := top.Get("file"); file != nil && s.file != "-" {
		text, _, err := r.Open(s.file, file.Text)
		return string(text), "the file is carried as it is now", err == nil && carries(text)
	}
	return "", "", false
}

func (r *reader) secretMounts(s *service, n *data.Node) {
	for _, e := range n.Elems {
		r.ignored(e)
		m := fileMountOf(e, "/run/secrets/")
		top := r.project.root.Get("secrets", m.source)
		variable := top.TextAt("environment")
		near := ""
		if variable == "" {
			variable = strings.ToUpper(strings.ReplaceAll(importer.Name(m.source), "-", "_"))
			near = "its value is not read: set " + variable + " where docker compose runs"
		}
		secret := r.Secret(m.source, variable, "", e)
		if top != nil {
			for _, f := range top.Fields {
				if f.Name == "environment" {
					r.Said(diag.At("secrets", secret, "path"), f.Value)
				} else {
					r.Nearly(diag.At("secrets", secret, "path"), near, f.Value)
				}
			}
		}
		at := s.at("mounts", path.Clean(m.target))
		if near != "" {
			r.Near(at, importer.Struct(e.At, "secret", secret), near, m.from...)
			continue
		}
		r.Set(at, importer.Struct(e.At, "secret", secret), m.from...)
	}
}
