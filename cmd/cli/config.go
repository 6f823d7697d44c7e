package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/project"
)

func (a *app) config() *cobra.Command {
	c := &cobra.Command{
		Use:   "config [flags] [PATH...]",
		Short: "Print what holds for a run here, and where it is from",
		Long: `config prints the paths, policies, waivers and whatever else holds of a run with these flags,
and where each is from: a flag, an argument, a line of the project file, or the default.

The project file is ` + project.Name + ` in the current directory or the nearest above it, up to the
root of the Git repository; outside of a repository, in the current directory alone. It says
what every command does that compiles, where no flag says otherwise:

  paths: [tenants/...]
  policies: [policies/landlord.cue]
  waivers: [policies/waivers.yaml]
  severity: {policy: warning}
  providers: [kubernetes]
  tags: {env: prod}
  limits: {diagnostics: 50}

Paths are from its directory, and stay in it. A flag replaces the same list, and one tag or one
limit of its name; a tag of the project file need not be used. Where authors could change the file that judges
them, as in a pull request, name another: --config FILE, or --config git:REV:FILE, which takes
the policies and waivers that it names from that revision too. --no-config uses none.

--schema prints the JSON Schema of the file, for editors.`,
		Example: `  cuecompute config
  cuecompute config --config git:origin/main:` + project.Name + ` --format json
  cuecompute config --schema > .cuecompute.project.json`,
	}
	input := a.inputFlags(c)
	format := choiceFlag(c, "format", "text", "text or json", []string{"json", "text"})
	schema := c.Flags().Bool("schema", false, "print the JSON Schema of project files")
	c.RunE = func(c *cobra.Command, paths []string) error {
		if *schema {
			text, err := project.JSON()
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(text)
			return err
		}
		if _, err := input(paths); err != nil {
			return err
		}
		for i := range a.applied {
			a.applied[i].From = a.revisions.called(a.applied[i].From)
		}
		if *format == "json" {
			return writeJSON(a.stdout, a.applied)
		}
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		for _, s := range a.applied {
			if s.Key != "" {
				s.Value = s.Key + "=" + s.Value
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", s.Setting, s.Value, s.From)
		}
		return w.Flush()
	}
	return c
}
