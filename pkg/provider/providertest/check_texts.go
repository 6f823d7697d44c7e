package providertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// texts are what platforms and their formats read something into.
var texts = []string{
	"x$y$$z", "x$(HOME)$$(HOME)y", "x${HOME}$${HOME}y", "x%y%{HOME}%sz", "x{{HOME}}{{`HOME`}}y", "x'y\"z`", `x\y\n`, "x\ny", "x: y # é 🙂",
}

// checkTexts sets each text that an author may choose to one with special characters, and
// looks for it in the documents.
func (s *suite) checkTexts() {
	if _, ok := s.fresh().(provider.Renderer); !ok || !s.words.whole {
		return
	}
	read := s.unescape
	if read == nil {
		read = func(_, text string) string { return text }
	}
	var trials []*trial
	for _, l := range leavesOf(s.words.tenant, s.info.Name) {
		if strings.Contains(l.field(), "extensions.") || l.steps[0].name == "secrets" { // which the platform's store names
			continue
		}
		for _, b := range s.bases {
			for i, p := range l.paths(b.tenant, b.names, false) {
				for _, text := range texts {
					if i == 0 && l.admits(text) {
						trials = append(trials, &trial{leaf: &l, path: p, base: b.trial, value: text, tenant: l.set(b.tenant, p, text, b.names)})
					}
				}
			}
		}
	}
	if err := s.try(trials); err != nil {
		s.problem("%v", err)
		return
	}
	for _, t := range trials {
		text, field := t.value.(string), t.leaf.field()
		if !t.accepted() || s.unseen[field] != "" {
			continue
		}
		found := slices.ContainsFunc(textsIn(t.files), func(have string) bool { return strings.Contains(read(field, have), text) })
		if !found && len(t.why()) == 0 {
			s.problem("%s: the text %q is in no document, as the platform reads it", field, text)
		}
	}
}

// textsIn are all texts of JSON and YAML files, and whole files of other languages.
func textsIn(files []provider.File) []string {
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				all = append(all, name)
				walk(e)
			}
		case map[any]any:
			for name, e := range v {
				all = append(all, fmt.Sprint(name))
				walk(e)
			}
		}
	}
	for _, f := range files {
		switch path.Ext(f.Name) {
		case ".json":
			var v any
			if json.Unmarshal(f.Data, &v) == nil { // otherwise the check of files says so
				walk(v)
			}
		case ".yaml", ".yml":
			for d := yaml.NewDecoder(bytes.NewReader(f.Data)); ; {
				var v any
				if d.Decode(&v) != nil {
					break
				}
				walk(v)
			}
		default:
			all = append(all, string(f.Data))
		}
	}
	return all
}
