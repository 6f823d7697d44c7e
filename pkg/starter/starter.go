// Package starter writes first specs: a tenant of a common kind, for any platform, as YAML or
// CUE, with comments on what to change.
package starter

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/format"
	cueyaml "cuelang.org/go/encoding/yaml"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Template is a kind of tenant for a first spec.
type Template struct {
	Name string
	Doc  string // description of the tenant

	parts []string // each a patch of the previous ones
}

// Templates returns the available templates.
func Templates() []Template {
	return []Template{
		{"web", "a service that answers HTTP, reached from outside", []string{"web"}},
		{"web-database", "a service that answers HTTP, and its database", []string{"web", "database"}},
		{"cron", "something that runs on a schedule", []string{"cron"}},
		{"worker", "a service that nobody asks: it takes its work from a queue", []string{"worker"}},
	}
}

// Langs are the languages of a spec.
var Langs = []string{"cue", "yaml"}

// parts are YAML, which is converted to CUE too.
//
//go:embed parts
var parts embed.FS

// Spec writes the tenant id of a template for a provider: the template's parts, patched by the
// provider's Starter. It does not check the result.
func Spec(t Template, info provider.Info, id, lang string) ([]byte, error) {
	var patches []*yaml.Node
	for _, name := range t.parts {
		text, err := parts.ReadFile("parts/" + name + ".yaml")
		if err != nil {
			return nil, err
		}
		patch, err := mapping(text)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", t.Name, err)
		}
		patches = append(patches, patch)
	}
	own, err := mapping(info.Starter)
	if err == nil {
		err = checkParts(own)
	}
	if err != nil {
		return nil, fmt.Errorf("the starter of %s: %w", info.Name, err)
	}
	for _, name := range append([]string{everyPart}, t.parts...) {
		if _, patch := field(own, name); patch != nil {
			patches = append(patches, patch)
		}
	}
	spec := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range patches {
		merge(spec, p)
	}
	fill(spec, strings.NewReplacer("TENANT", id, "PROVIDER", info.Name))
	return write(spec, fmt.Sprintf("%s: %s.", id, t.Doc), lang)
}

// everyPart is the name of the patch in a provider's Starter that applies to every template.
const everyPart = "all"

// checkParts returns an error for a patch of an unknown part.
func checkParts(own *yaml.Node) error {
	known := []string{everyPart}
	for _, t := range Templates() {
		known = append(known, t.parts...)
	}
	for i := 0; i < len(own.Content); i += 2 {
		if name := own.Content[i].Value; !slices.Contains(known, name) {
			slices.Sort(known)
			return fmt.Errorf("line %d: no part is called %q: known are %s", own.Content[i].Line, name, strings.Join(slices.Compact(known), ", "))
		}
	}
	return nil
}

// mapping parses a YAML mapping; an empty text is an empty mapping.
func mapping(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: not a mapping", doc.Content[0].Line)
	}
	return doc.Content[0], nil
}

// fill replaces placeholders in texts and comments.
func fill(n *yaml.Node, known *strings.Replacer) {
	n.Value, n.HeadComment = known.Replace(n.Value), known.Replace(n.HeadComment)
	for _, c := range n.Content {
		fill(c, known)
	}
}

// write writes a spec in a language, below its title.
func write(spec *yaml.Node, title, lang string) ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(spec); err != nil {
		return nil, err
	}
	comment, body := "#", text.Bytes()
	if lang == "cue" {
		f, err := cueyaml.Extract("", body)
		if err != nil {
			return nil, err
		}
		if body, err = format.Node(f); err != nil {
			return nil, err
		}
		if body, err = format.Source(body, format.Simplify()); err != nil {
			return nil, err
		}
		comment = "//"
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%[1]s %[2]s\n%[1]s `cuecompute explain` lists every field that there is.\n\n", comment, title)
	commented := true
	for line := range bytes.Lines(body) {
		is := bytes.HasPrefix(line, []byte(comment))
		if is && !commented {
			out.WriteByte('\n') // separates the description at the top
		}
		commented = is
		if len(bytes.TrimSpace(line)) > 0 {
			out.Write(line)
		}
	}
	return out.Bytes(), nil
}
