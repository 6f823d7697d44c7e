package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func (a *app) plan() *cobra.Command {
	c := &cobra.Command{
		Use:   "plan [flags] [PATH...]",
		Short: "Print the compiled plan of each tenant",
		Long: `plan prints what a tenant compiles to: every default filled in, every amount a
number. Each tenant and provider is one document: JSON values one after another, YAML
documents, or an outline for people. Problems go to standard error.

With --against, plan prints instead what differs from the specs as they were, in the
spec's own words, and what each change means on the platform: none, create, in-place,
rolling, replacement, destroy or data-loss. The exit code is 0 when nothing differs, 4 when
something does, 1 when either side has errors. OLD is a file, a directory, dir/..., or
git:REV for the same paths at a revision of the repository that they are in. Policies and
tags are those of today on both sides.`,
		Example: `  cuecompute plan tenant.cue
  cuecompute plan --format yaml --provider nomad tenant.yaml
  cuecompute plan --against tenant.old.yaml tenant.yaml
  cuecompute plan --against git:origin/main --format markdown --fail-on replacement tenants/...`,
	}
	input := a.inputFlags(c)
	format := c.Flags().String("format", "json", "json, yaml or text; with --against text, json or markdown")
	against := c.Flags().StringArray("against", nil, "print what differs from the specs at `OLD`: a path, or git:REV (repeatable)")
	failOn := c.Flags().String("fail-on", "", "with --against, exit 4 only for this `effect` or a worse one: "+limits())
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		if len(*against) > 0 {
			if !c.Flags().Changed("format") {
				*format = "text"
			}
			return a.against(c, in, *against, *format, provider.Effect(*failOn))
		}
		if *failOn != "" {
			return usage("--fail-on is of what --against tells")
		}
		write, ok := map[string]func(io.Writer, any) error{"json": writeJSON, "yaml": writeYAML, "text": writeText}[*format]
		if !ok {
			return usage("unknown format %q: known are json, text, yaml", *format)
		}
		return a.compile(c, in, func(p *plan.Plan) error { return write(a.stdout, p) })
	}
	return c
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// writeYAML writes the JSON form as a YAML document, its keys in the same order.
func writeYAML(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := writeJSON(&b, v); err != nil {
		return err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &n); err != nil {
		return err
	}
	block(&n)
	b.Reset()
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&n); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "---\n%s", b.Bytes())
	return err
}

// oldBool is what YAML 1.1 takes for a bool, and other readers may.
var oldBool = lazyregexp.New(`^(?i:y|n|yes|no|on|off)$`)

// block drops the style of JSON: no braces, quotes only where they are needed.
func block(n *yaml.Node) {
	if !oldBool.MatchString(n.Value) {
		n.Style = 0
	}
	for _, c := range n.Content {
		block(c)
	}
}
