package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/graph"
)

func (a *app) graph() *cobra.Command {
	c := &cobra.Command{
		Use:   "graph [flags] [PATH...]",
		Short: "Draw tenants: workloads, containers, endpoints, secrets and volumes",
		Long: `graph draws what tenants are made of, from their compiled plans. An arrow leads from what
uses something to that, and from an endpoint to the container that serves it; a broken one
is a call, or a wait for another container. Mermaid is what GitHub and GitLab draw in a code block of that name, up to 500
arrows; DOT is for Graphviz. Problems go to standard error.`,
		Example: `  cuecompute graph tenant.cue
  cuecompute graph --format dot tenants/... | dot -Tsvg > tenants.svg`,
	}
	input := a.inputFlags(c)
	format := choiceFlag(c, "format", "mermaid", "how to draw: "+strings.Join(graph.Formats(), ", "), graph.Formats())
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		drawing, err := graph.New(*format, a.stdout)
		if err != nil {
			return err
		}
		if err := a.compile(c, in, drawing.Add); err != nil {
			return err
		}
		return drawing.Close()
	}
	return c
}
