package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/starter"
)

func (a *app) init() *cobra.Command {
	var templates []string
	var list strings.Builder
	for _, t := range starter.Templates() {
		templates = append(templates, t.Name)
		fmt.Fprintf(&list, "  %-13s %s\n", t.Name, t.Doc)
	}
	c := &cobra.Command{
		Use:   "init [flags] [NAME]",
		Short: "Write a first tenant spec, which vets clean",
		Long: `init writes NAME.cue or NAME.yaml: the spec of a tenant of that name, or else of the
directory's, with comments that say what to change. What it writes vets clean; a template
that the platform cannot take is refused, and so is a file that is there already. Where
schema --write has put a schema, a spec in YAML names it.

Templates:
` + list.String() + `
With --ci it writes a workflow too, to the root of the repository, which vets all specs
in the directory and below.`,
		Example: `  cuecompute init
  cuecompute init --provider nomad --lang yaml --template cron nightly
  cuecompute init --out tenants --ci github acme`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("init takes one name, and got %q", args)
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	name := c.Flags().String("provider", "kubernetes", "the `provider` that the tenant is for")
	completeFrom(c, "provider", a.registry.Names)
	lang := choiceFlag(c, "lang", "cue", "`language` of the spec: "+strings.Join(starter.Langs, ", "), starter.Langs)
	template := choiceFlag(c, "template", "web", "what the tenant is: "+strings.Join(templates, ", "), templates)
	ci := choiceFlag(c, "ci", "", "write a workflow of this `forge` too: "+strings.Join(forges, ", "), forges)
	out := c.Flags().String("out", ".", "the `directory` to write the spec to")
	c.RunE = func(c *cobra.Command, args []string) error {
		p, err := a.registry.Get(*name)
		if err != nil {
			return fmt.Errorf("%w: known are %s", err, strings.Join(a.registry.Names(), ", "))
		}
		kind := slices.Index(templates, *template)
		id, err := idOf(args)
		if err != nil {
			return err
		}
		text, err := starter.Spec(starter.Templates()[kind], p.Info(), id, *lang)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(*out, schemaFile)); err == nil && *lang == "yaml" {
			text = append([]byte(modeline), text...)
		}
		if err := a.vetStarter(c, text, *lang, *template+" for "+*name); err != nil {
			return err
		}
		files := []newFile{{filepath.Join(*out, id+"."+*lang), text}}
		if *ci != "" {
			workflow, err := newWorkflow(*ci, *out)
			if err != nil {
				return err
			}
			files = append(files, workflow)
		}
		return a.create(files)
	}
	return c
}

// idOf returns the tenant's id: the given name, or else the working directory's.
func idOf(args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	dir, err := os.Getwd()
	return filepath.Base(dir), err
}

// vetStarter vets a generated spec. An error is about the name, or the platform does not
// support the template.
func (a *app) vetStarter(c *cobra.Command, text []byte, lang, what string) error {
	_, diags, err := compile.Compile(c.Context(), a.registry, compile.Options{}, compile.Input{
		Paths: []string{"-"}, Stdin: bytes.NewReader(text), Lang: lang, Jobs: 1,
	})
	if err != nil {
		return err
	}
	for _, d := range diags {
		if d.Path.String() == "id" {
			return usage("%s: give another, such as cuecompute init acme", d.Message)
		}
	}
	for _, d := range diags {
		if d.Severity == diag.Error {
			return usage("no template %s: %s", what, d.Message)
		}
	}
	return nil
}

// newFile is a file to create.
type newFile struct {
	path string
	text []byte
}

// create creates all files or, if one already exists, none.
func (a *app) create(files []newFile) error {
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return usage("%s is there already, and is left as it is", f.path)
		}
	}
	for _, f := range files {
		err := os.MkdirAll(filepath.Dir(f.path), 0o755)
		if err == nil {
			err = createFile(f.path, f.text)
		}
		if err != nil {
			return unwritten(err)
		}
		if _, err := fmt.Fprintln(a.stdout, "wrote", f.path); err != nil {
			return err
		}
	}
	return nil
}

// createFile creates a file, completely or not at all.
func createFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(path) // the incomplete file
	}
	return err
}
