package cli

import (
	"fmt"
	"path"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/jsonschema"
	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/shape"
	"github.com/cuecompute/cuecompute/schema"
)

func (a *app) schema() *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the schema of tenant specs, for editors and other tools",
		Long: `schema prints the schema of the tenants of one provider, or of all.

As jsonschema, it is for editors: draft 2020-12, with the meaning, default and an example
of each field. As cue, it is the CUE packages themselves, a txtar archive of the files
that the cue command and CUE's editors find them in: unpack it in your own CUE module.`,
		Example: `  cuecompute schema > cuecompute.schema.json
  cuecompute schema --provider nomad --format cue | txtar-x`,
		Args: noArgs,
	}
	format := c.Flags().String("format", "jsonschema", "cue or jsonschema")
	name := c.Flags().String("provider", "", "the `provider` whose tenants it is for; all of them if left out")
	known := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.registry.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc("provider", known); err != nil {
		a.fail(err)
	}
	c.RunE = func(*cobra.Command, []string) error {
		names := a.registry.Names()
		if *name != "" {
			names = []string{*name}
		}
		infos, err := a.infos(names)
		if err != nil {
			return err
		}
		schemas := make([]provider.Schema, len(infos))
		for i, info := range infos {
			schemas[i] = info.Schema
		}
		lib, err := library.New(schemas...)
		if err != nil {
			return err
		}
		switch *format {
		case "cue":
			return a.schemaAsCUE(lib, schemas)
		case "jsonschema":
			return a.schemaAsJSON(lib, names, schemas)
		}
		return usage("unknown format %q: known are cue, jsonschema", *format)
	}
	return c
}

func (a *app) schemaAsJSON(lib *library.Library, names []string, schemas []provider.Schema) error {
	shapes := map[string]*shape.Shape{}
	for i, name := range names {
		s, err := shape.Compile(lib, schemas[i].ImportPath)
		if err != nil {
			return fmt.Errorf("the schema of %s: %w", name, err)
		}
		shapes[name] = s
	}
	text, err := jsonschema.Of(shapes)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(text)
	return err
}

// inModule is where the cue command finds the packages that a module brings along.
const inModule = "cue.mod/pkg"

func (a *app) schemaAsCUE(lib *library.Library, schemas []provider.Schema) error {
	var archive txtar.Archive
	for _, s := range append([]provider.Schema{{ImportPath: schema.ImportPath}}, schemas...) {
		for name, text := range lib.Texts(s.ImportPath) {
			archive.Files = append(archive.Files, txtar.File{Name: path.Join(inModule, s.ImportPath, name), Data: text})
		}
	}
	_, err := a.stdout.Write(txtar.Format(&archive))
	return err
}
