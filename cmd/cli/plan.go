package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
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
rolling, replacement, destroy or data-loss, with advice where applying is not enough. OLD is
a file, a directory, dir/..., or git:REV for the same paths at a revision of the repository
that they are in. Tags are those of today on both sides.

The exit code is 0 when nothing differs, 4 when something does, 1 when the new side has
errors. A tenant that has errors on either side is listed as not comparable, and counts as
different, whatever --fail-on says. A tenant whose id alone changed is listed as renamed;
files that a sparse checkout leaves out are counted, and not taken for destroyed.

Today's policies supply what they supply to the old side too, and refuse nothing there.
With --policy-against the old side has policies of its own, so that a change of a policy
shows what it changes: a file, git:REV:FILE, or git:REV for those of --policy then. Tenants
that are newly refused and newly admitted are listed with the constraint, and are differences
(exit 4); defaults that change are listed with their effect.`,
		Example: `  cuecompute plan tenant.cue
  cuecompute plan --format yaml --provider nomad tenant.yaml
  cuecompute plan --against tenant.old.yaml tenant.yaml
  cuecompute plan --against git:origin/main --format markdown --fail-on replacement tenants/...
  cuecompute plan --against git:HEAD^1 --policy landlord.cue --policy-against git:HEAD^1 ./...`,
	}
	input := a.inputFlags(c)
	against := c.Flags().StringArray("against", nil, "print what differs from the specs at `OLD`: a path, or git:REV (repeatable)")
	format := choiceFlagOf(c, "format", "json", "json, yaml or text; with --against text, json or markdown", []string{"json", "markdown", "text", "yaml"}, func() []string {
		if len(*against) > 0 {
			return []string{"json", "markdown", "text"}
		}
		return []string{"json", "text", "yaml"}
	})
	policies := c.Flags().StringArray("policy-against", nil, "with --against, a policy of the old side: a file, git:REV:FILE, or `git:REV` (repeatable)")
	failOn := choiceFlag(c, "fail-on", "", "with --against, exit 4 only for this `effect` or a worse one: "+strings.Join(effects(), ", "), effects())
	link := c.Flags().String("link", "", "with --against and markdown, the "+linkHelp)
	oldLink := c.Flags().String("link-against", "", "likewise, `address` of the old side")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		if len(*against) > 0 {
			if !c.Flags().Changed("format") {
				*format = "text"
			}
			return a.against(c, in, comparing{*against, *policies, *format, provider.Effect(*failOn), [2]string{*oldLink, *link}})
		}
		if *failOn != "" || len(*policies) > 0 {
			return usage("--fail-on and --policy-against need --against")
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
	b, err := asJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(report.EscapeJSON(b))
	return err
}

func asJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// writeYAML writes the JSON form as a YAML document, with keys in the same order.
func writeYAML(w io.Writer, v any) error {
	text, err := asJSON(v)
	if err != nil {
		return err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(report.EscapeYAML(text), &n); err != nil { // YAML has no surrogate pairs in escapes
		return err
	}
	block(&n)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&n); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "---\n%s", report.EscapeYAML(b.Bytes()))
	return err
}

// oldBool matches bools of YAML 1.1 and its special =, which other parsers may not read as
// strings.
var oldBool = lazyregexp.New(`^(?i:y|n|yes|no|on|off|=)$`)

// hidden reports whether a text has invisible characters.
func hidden(text string) bool { return len(report.EscapeYAML([]byte(text))) != len(text) }

// block changes the style from JSON to YAML: no braces, quotes only where necessary.
func block(n *yaml.Node) {
	switch {
	case hidden(n.Value):
		n.Style = yaml.DoubleQuotedStyle // only this style has escapes
	case !oldBool.MatchString(n.Value):
		n.Style = 0
	}
	for _, c := range n.Content {
		block(c)
	}
}
