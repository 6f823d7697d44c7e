package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/schemas"
)

func (a *app) schema() *cobra.Command {
	c := &cobra.Command{
		Use:   "schema [flags] [DIR]",
		Short: "Print the schema of tenant specs, for editors and other tools",
		Long: `schema prints the schema of the tenants of one provider, or of all.

As jsonschema, it is for editors: draft 2020-12, with the meaning, default and an example
of each field. With --write it goes to .cuecompute.schema.json in DIR, or in the current
directory, where specs in YAML name it in their first line:

  # yaml-language-server: $schema=.cuecompute.schema.json

A schema that is there already is replaced by that of this version; any other file of the
name is left as it is. As cue, it is the CUE packages themselves, a txtar archive of the files
that the cue command and CUE's editors find them in: unpack it in your own CUE module.

With --of, it is the JSON Schema of what a command prints for programs: of a plan, a
difference (plan --against), a report (vet), or of the result and the status that the
commands of the lifecycle print. Fields may be added to these; none is taken away.`,
		Example: `  cuecompute schema --write tenants
  cuecompute schema --provider nomad --format cue | txtar-x
  cuecompute schema --of plan > plan.schema.json`,
	}
	write := c.Flags().Bool("write", false, "write the JSON Schema to a file beside the specs")
	format := choiceFlag(c, "format", "jsonschema", "cue or jsonschema", []string{"cue", "jsonschema"})
	of := choiceFlag(c, "of", tenantSchema, "what the schema is of: "+strings.Join(schemaOf(), ", "), schemaOf())
	name := c.Flags().String("provider", "", "the `provider` whose tenants it is for; all of them if left out")
	known := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.registry.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc("provider", known); err != nil {
		a.fail(err)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if *of != tenantSchema {
			if *write || *name != "" || c.Flags().Changed("format") {
				return usage("--of %s goes with no other flag", *of)
			}
			if err := noArgs(c, args); err != nil {
				return err
			}
			text, _ := schemas.Value(*of)
			_, err := a.stdout.Write(text)
			return err
		}
		switch {
		case !*write:
			if err := noArgs(c, args); err != nil {
				return err
			}
		case *format != "jsonschema":
			return usage("--write is of jsonschema, and not of %s", *format)
		case len(args) > 1:
			return usage("--write takes one directory, and got %q", args)
		}
		names := a.registry.Names()
		if *name != "" {
			names = []string{*name}
		}
		infos, err := a.infos(names)
		if err != nil {
			return err
		}
		set, err := schemas.New(infos...)
		if err != nil {
			return err
		}
		if *format == "cue" {
			return a.schemaAsCUE(set)
		}
		text, err := set.JSON()
		switch {
		case err != nil:
			return err
		case *write:
			return a.writeSchema(append(args, ".")[0], text)
		}
		_, err = a.stdout.Write(text)
		return err
	}
	return c
}

// tenantSchema is the default of --of.
const tenantSchema = "tenant"

func schemaOf() []string { return append([]string{tenantSchema}, schemas.Values()...) }

// schemaFile is the schema next to specs: hidden, so that it is not taken for a spec.
const schemaFile = ".cuecompute.schema.json"

// modeline is the first line of a YAML spec, which names the schema for editors.
const modeline = "# yaml-language-server: $schema=" + schemaFile + "\n"

// writeSchema writes the schema next to specs, unless another file has its name.
func (a *app) writeSchema(dir string, text []byte) error {
	name := filepath.Join(dir, schemaFile)
	old, err := os.ReadFile(name)
	done := "wrote"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(dir); err != nil {
			return err
		}
	case err != nil:
		return err
	case bytes.Equal(old, text):
		done = "up to date:"
	case !schemas.IsJSON(old):
		return usage("%s is not a schema of cuecompute's, and is left as it is", name)
	default:
		done = "replaced"
	}
	if !bytes.Equal(old, text) {
		if err := writeWhole(name, text); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(a.stdout, done, name)
	return err
}

// inModule is the directory in which the cue command finds vendored packages.
const inModule = "cue.mod/pkg"

func (a *app) schemaAsCUE(set *schemas.Set) error {
	var archive txtar.Archive
	for _, f := range set.CUE() {
		archive.Files = append(archive.Files, txtar.File{Name: path.Join(inModule, f.Path), Data: f.Text})
	}
	_, err := a.stdout.Write(txtar.Format(&archive))
	return err
}
