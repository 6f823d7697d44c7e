package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/format"
	cueyaml "cuelang.org/go/encoding/yaml"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// ranks is the order in which people read the fields of a tenant, a workload and a container.
var ranks = map[string][]string{
	"":           {"id", "provider", "labels", "secrets", "config", "volumes", "workloads", "overrides", "extensions"},
	"workloads":  {"kind", "schedule", "timezone", "concurrency", "timeout", "replicas", "autoscale", "containers", "volumes", "ingress", "rollout", "restart", "stopGrace", "placement", "accept", "extensions"},
	"containers": {"image", "role", "command", "args", "workingDir", "user", "stopSignal", "env", "ports", "resources", "health", "ready", "startup", "dependsOn", "mounts", "security", "accept"},
}

// order puts the fields of a tenant into that order; authors' own names keep theirs.
func order(n *data.Node, path diag.Path) {
	rank, ok := ranks[""], len(path) == 0
	if len(path) == 2 && path[0] == "workloads" {
		rank, ok = ranks["workloads"], true
	}
	if len(path) == 4 && path[0] == "workloads" && path[2] == "containers" {
		rank, ok = ranks["containers"], true
	}
	if len(path) == 5 && path[0] == "workloads" && path[4] == "resources" {
		rank, ok = []string{"cpu", "cpuMax", "memory", "memoryMax", "gpu"}, true
	}
	if ok {
		slices.SortStableFunc(n.Fields, func(a, b data.Field) int {
			return slices.Index(rank, a.Name) - slices.Index(rank, b.Name)
		})
	}
	for _, f := range n.Fields {
		if len(path) < 5 {
			order(f.Value, path.To(f.Name))
		}
	}
}

// write writes the tenant in a language.
func (d *Draft) write(lang string) ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(d.yaml(d.root, nil)); err != nil {
		return nil, err
	}
	if lang == "yaml" {
		return text.Bytes(), e.Close()
	}
	f, err := cueyaml.Extract("", text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the tenant is no CUE: %w", err)
	}
	body, err := format.Node(f)
	if err != nil {
		return nil, err
	}
	return format.Source(body, format.Simplify())
}

// yaml is a value of the tenant as the library writes it, with its comments.
func (d *Draft) yaml(n *data.Node, path diag.Path) *yaml.Node {
	switch n.Kind {
	case data.Struct:
		m := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, f := range n.Fields {
			at := path.To(f.Name)
			key := text(f.Name)
			if c := d.comments[at.String()]; c != "" {
				key.HeadComment = "#" + strings.ReplaceAll(c, "\n", "\n#")
			}
			m.Content = append(m.Content, key, d.yaml(f.Value, at))
		}
		if len(n.Fields) == 0 {
			m.Style = yaml.FlowStyle
		}
		return m
	case data.List:
		l := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		scalars := true
		for i, e := range n.Elems {
			l.Content = append(l.Content, d.yaml(e, path.To(i)))
			scalars = scalars && e.Kind != data.Struct && !strings.Contains(e.Text, "\n")
		}
		if scalars {
			l.Style = yaml.FlowStyle
		}
		return l
	case data.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: n.Text}
	case data.Int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: n.Text}
	case data.Float:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: n.Text}
	case data.Null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return text(n.Text)
}

// text is a text that every reader of YAML takes for one.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.Contains(s, "\n") && isBlock(s):
		n.Style = yaml.LiteralStyle
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), s == "=":
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// isBlock reports whether a text of several lines can stand as it is.
func isBlock(s string) bool {
	if strings.ContainsRune(" \t\n", rune(s[0])) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != strings.TrimRight(line, " \t") {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029
	})
}
