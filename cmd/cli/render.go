package cli

import (
	"errors"
	"io"
	"maps"
	"path"
	"reflect"
	"slices"
	"sync"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/cmd/internal/outdir"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func (a *app) render() *cobra.Command {
	c := &cobra.Command{
		Use:   "render [flags] [PATH...]",
		Short: "Compile tenants to the platforms' native resources",
		Long: `render compiles each tenant to what its platform's own client takes: Kubernetes
objects as YAML (kubectl apply -f), Nomad jobs as JSON (nomad job run -json), inputs of
the AWS command line as JSON (aws ecs ... --cli-input-json), a Compose file as YAML
(docker compose up). Nothing is sent anywhere.

Without --out all go to standard output, YAML documents or JSON values one after
another. With --out DIR each is a file, DIR/TENANT/PROVIDER/NAME, written whole or not
at all; what an earlier run wrote there for the same tenant and is no longer made is
removed, and so is what it wrote for a provider that the tenant had, unless --provider says
which are meant. A folder that holds anything else is left alone. Tenants with problems are
not rendered; problems go to standard error.

For ECS, the number in a file's name is its place among the files of its workload, and
the rest is the operation that takes it: web.2-create-service.json. To create a workload,
give its files in turn, without update-service; create those whose endpoints others look
for first, and wait for them (aws ecs wait services-stable). To update it, give
register-task-definition again, then update-service instead of create-service, and the
scaling files; a create-schedule file is also the input of update-schedule. The tags of an
existing service are changed by aws ecs tag-resource.`,
		Example: `  cuecompute render tenant.cue | kubectl apply -f -
  cuecompute render --out out tenants/...`,
	}
	input := a.inputFlags(c)
	out := c.Flags().String("out", "", "write files below this `directory`")
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		in.Render = true
		if !c.Flags().Changed("out") {
			return a.tenants(c, in, func(t compile.Tenant) error { return writeStream(a.stdout, t) })
		}
		if *out == "" {
			return usage("--out needs a directory")
		}
		return a.renderInto(c, in, *out)
	}
	return c
}

// writeStream writes a tenant's documents as one stream.
func writeStream(w io.Writer, t compile.Tenant) error {
	for _, files := range t.Files {
		for _, f := range files {
			if path.Ext(f.Name) == ".yaml" {
				if _, err := io.WriteString(w, "---\n"); err != nil {
					return err
				}
			}
			if _, err := w.Write(visible(f).Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// visible returns a file with invisible characters escaped. A YAML file is unchanged if its
// values would differ, because unquoted texts have no escapes.
func visible(f provider.File) provider.File {
	switch path.Ext(f.Name) {
	case ".json":
		f.Data = report.EscapeJSON(f.Data)
	case ".yaml":
		escaped := report.EscapeYAML(f.Data)
		if len(escaped) == len(f.Data) {
			return f
		}
		var was, now any
		if yaml.Unmarshal(f.Data, &was) == nil && yaml.Unmarshal(escaped, &now) == nil && reflect.DeepEqual(was, now) {
			f.Data = escaped
		}
	}
	return f
}

// renderInto writes tenants into a directory, several at once: each has its own folders.
func (a *app) renderInto(c *cobra.Command, in compilation, dir string) error {
	d, err := outdir.Open(dir)
	if err != nil {
		return unwritten(err)
	}
	type folder struct {
		n                int
		tenant, provider string
		files            []provider.File
	}
	folders := make(chan folder)
	var writers sync.WaitGroup
	var failed failures
	for range in.Workers() {
		writers.Go(func() {
			for f := range folders {
				failed.add(f.n, d.Write(f.tenant, f.provider, f.files))
			}
		})
	}
	n := 0
	err = a.tenants(c, in, func(t compile.Tenant) error {
		for i, p := range t.Plans {
			if failed.tooMany() {
				return errTooMany
			}
			for j, f := range t.Files[i] {
				t.Files[i][j] = visible(f)
			}
			folders <- folder{n, p.ID, p.Provider, t.Files[i]}
			n++
		}
		if len(in.Providers) == 0 && len(t.Plans) > 0 { // it may have moved from other providers
			failed.add(n, d.Keep(t.ID, t.Plans[0].Provider))
			n++
		}
		return nil
	})
	close(folders)
	writers.Wait()
	return errors.Join(unwritten(errors.Join(failed.inOrder()...)), err, unwritten(d.Close()))
}

// maxFailures is the number of failed folders after which the others are skipped: a full disk
// would fail for all.
const maxFailures = 10

var errTooMany = errors.New("too many folders could not be written: the others were not tried")

// failures are the errors of folders, by their index.
type failures struct {
	mu  sync.Mutex
	all map[int]error
}

func (f *failures) add(n int, err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[int]error{}
	}
	f.all[n] = err
}

func (f *failures) tooMany() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all) >= maxFailures
}

func (f *failures) inOrder() []error {
	var errs []error
	for _, n := range slices.Sorted(maps.Keys(f.all)) {
		errs = append(errs, f.all[n])
	}
	return errs
}
