package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

func (a *app) providers() *cobra.Command {
	c := &cobra.Command{
		Use:   "providers",
		Short: "List the registered providers",
		Args:  noArgs,
	}
	format := choiceFlag(c, "format", "text", "text or json", []string{"json", "text"})
	c.RunE = func(*cobra.Command, []string) error {
		type row struct {
			Name string `json:"name"`
			Doc  string `json:"doc"`
			URL  string `json:"url"`
			Slow string `json:"slow,omitempty"` // why CUE itself checks against its schema
		}
		var rows []row
		for _, name := range a.registry.Names() {
			p, err := a.registry.Get(name)
			if err != nil {
				return err
			}
			info := p.Info()
			r := row{Name: info.Name, Doc: info.Doc, URL: info.URL}
			if reason := compile.CheckSchema(p); reason != nil {
				r.Slow = reason.Error()
			}
			rows = append(rows, r)
		}
		if *format == "json" {
			return writeJSON(a.stdout, rows)
		}
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\n", r.Name, r.Doc, r.URL)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		for _, r := range rows {
			if r.Slow != "" {
				fmt.Fprintf(a.stderr, "%s is judged by CUE's evaluator, which is slower: %s\n", r.Name, r.Slow)
			}
		}
		return nil
	}
	return c
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(a.stdout, built())
			return err
		},
	}
}

// built describes the program's build: a checkout has a commit, but no version unless the
// commit is tagged.
func built() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "cuecompute unknown\n"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	own, cue := versions()
	text := fmt.Sprintf("cuecompute %s\n", own)
	if commit := settings["vcs.revision"]; commit != "" {
		changed := ""
		if settings["vcs.modified"] == "true" {
			changed = ", changed since"
		}
		text += fmt.Sprintf("commit %s of %s%s\n", commit, settings["vcs.time"], changed)
	}
	return text + fmt.Sprintf("cue %s\n%s %s/%s\n", cue, info.GoVersion, runtime.GOOS, runtime.GOARCH)
}

// versions returns the versions of the tool and of CUE in the build.
func versions() (own, cue string) {
	own, cue = "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		own = info.Main.Version
		for _, dep := range info.Deps {
			if dep.Path == "cuelang.org/go" {
				cue = dep.Version
			}
		}
	}
	return own, cue
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, and got %q", c.CommandPath(), args[0])
	}
	return nil
}
