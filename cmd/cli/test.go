package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/pkg/spectest"
)

func (a *app) test() *cobra.Command {
	c := &cobra.Command{
		Use:   "test [flags] [PATH...]",
		Short: "Run the table tests of specs, templates and policies",
		Long: `test runs table tests: files beside specs, templates and policies that say what a spec
compiles to, or what is wrong with it. They are YAML or JSON, or CUE, in a package or by
itself, whose names end in _test: web_test.cue, landlord_test.yaml.

  tests:
    too many copies are refused:
      policies: [landlord.cue]
      spec:
        id: acme
        provider: kubernetes
        workloads: {web: {replicas: 9, containers: {app: {image: "ghcr.io/acme/web:1"}}}}
      want:
        problems: [{code: policy, path: workloads.web.replicas}]

A test has a spec, or the file of one; a provider, tags, policies, waivers and a day. It wants
clean, or exactly these problems, parts of the plan or of rendered documents, the whole plan of
a file, or an effect on an old spec. cuecompute help testing says more.

Without PATH, it is ./... of the current directory. Tests that name no policies or no waivers have
those of --policy and --waivers, or of the project file.

--run takes tests whose FILE/NAME matches. --update writes the files of whole plans. The exit
code is 1 when a test fails.

--coverage says which constraints of policies were about nothing in any test, and which fields of
templates gave no value. --mutate changes policies and templates in one place at a time, a field
dropped, a bound moved, a default changed, and says which changes no test notices.`,
		Example: `  cuecompute test ./...
  cuecompute test --run 'copies' landlord_test.yaml
  cuecompute test --mutate policies`,
	}
	input := a.inputFlags(c)
	run := c.Flags().String("run", "", "run only tests whose FILE/NAME matches the regular `expression`")
	update := c.Flags().Bool("update", false, "write the files of whole plans that differ")
	cover := c.Flags().Bool("coverage", false, "say which constraints of policies and fields of templates no test exercises")
	mutate := c.Flags().Bool("mutate", false, "say which changes of policies and templates no test notices")
	format := choiceFlag(c, "format", "text", "text, junit or json", []string{"json", "junit", "text"})
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		switch {
		case len(paths) == 0: // the project file's paths are those of specs
			in.Paths = []string{"./..."}
		case slices.Contains(paths, "-"):
			return usage("standard input has no table tests: their files name others beside them")
		}
		o := spectest.Options{
			Paths: in.Paths, Root: repository(), Policies: in.Policies.Files, Rules: in.Rules, Tags: append(in.Tags, in.OptionalTags...),
			Update: *update, Evaluation: in.Evaluation, Limits: in.Limits, Jobs: in.Jobs,
		}
		if *run != "" {
			if o.Run, err = regexp.Compile(*run); err != nil {
				return usage("--run %q: %w", *run, err)
			}
		}
		switch {
		case *cover && *mutate:
			return usage("--coverage and --mutate are run one after the other")
		case (*cover || *mutate) && *format == "junit":
			return usage("--coverage and --mutate are reported as text or json")
		case *mutate && *update:
			return usage("--mutate writes nothing, and --update does")
		}
		var found *spectest.Report
		var more extra
		switch {
		case *cover:
			var all []spectest.Coverage
			found, all, err = spectest.Cover(c.Context(), a.registry, o)
			more = extra{"coverage", all, func(w io.Writer) error { return spectest.WriteCoverage(w, all) }}
		case *mutate:
			var all []spectest.Mutation
			found, all, err = spectest.Mutate(c.Context(), a.registry, o)
			more = extra{"mutations", all, func(w io.Writer) error { return spectest.WriteMutations(w, all) }}
		default:
			found, err = spectest.Run(c.Context(), a.registry, o)
		}
		if err != nil {
			return err
		}
		return a.tested(found, *format, more)
	}
	return c
}

// repository returns the repository's root for the working directory, or the working directory
// itself.
func repository() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	if root, ok := gitrev.Root(here); ok {
		return root
	}
	return here
}

// extra is what is reported beside the results of tests.
type extra struct {
	name  string
	value any
	text  func(io.Writer) error // nil: nothing
}

// tested reports the results of tests.
func (a *app) tested(found *spectest.Report, format string, more extra) error {
	if !found.OK() {
		a.raise(exitProblems)
	}
	switch format {
	case "json":
		if more.text == nil {
			return writeJSON(a.stdout, found)
		}
		return writeJSON(a.stdout, map[string]any{"results": found.Results, "diagnostics": found.Diagnostics, more.name: more.value})
	case "junit":
		return found.WriteJUnit(a.stdout)
	}
	var text strings.Builder
	if err := found.WriteText(&text); err != nil {
		return err
	}
	if more.text != nil {
		if err := more.text(&text); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprint(a.stdout, visibleText(text.String())); err != nil {
		return err
	}
	out, err := report.New("text", a.stdout, a.reportOptions(a.stdout, compilation{}))
	if err != nil {
		return err
	}
	return errors.Join(out.Add(report.Unit{Diagnostics: a.revisions.forPeople(found.Diagnostics)}), out.Close(report.Summary{}))
}

// visibleText returns a text with invisible characters escaped, line by line.
func visibleText(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = report.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
