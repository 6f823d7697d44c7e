// Command e2e holds rendered objects to a Kubernetes API server that runs: etcd and
// kube-apiserver on loopback, with no controllers and no nodes, so that objects are stored
// and nothing starts.
//
//	e2e [-bin DIR] [-changed DIR] [-pairs DIR] DIR
//
// DIR is what `cuecompute render --out DIR` wrote. Its objects are applied as a rehearsal
// (--dry-run=server), for real, and once more, which changes nothing; by server-side
// apply; and, if -changed names a second such directory, as that one has them. Then they
// are deleted. Each step tells how many objects it took.
//
// If -pairs names a directory of tenants before and after a change, rendered into old and new,
// with what `cuecompute plan --against --format json` says of them in effects.json, each change
// is applied. The server shows the effect that is said, and after what the advice says the
// objects are those that applying the new side alone makes.
//
// The servers stop at the end, and leave nothing. -bin holds the binaries etcd,
// kube-apiserver and kubectl, which the modules here build:
//
//	go build -o BIN/ k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kubectl
//	cd etcd && go build -o BIN/etcd go.etcd.io/etcd/server/v3
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

func main() {
	bin := flag.String("bin", "bin", "`directory` of the binaries")
	changed := flag.String("changed", "", "`directory` of the same tenants, changed")
	pairs := flag.String("pairs", "", "`directory` of tenants before and after a change")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *bin, flag.Arg(0), *changed, *pairs); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin, dir, changed, pairs string) (err error) {
	c, err := start(ctx, bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()

	rendered, err := tenants(dir)
	if err != nil {
		return err
	}
	if err := c.namespaces(ctx, dir); err != nil {
		return err
	}
	call := func(objects []string, args ...string) []string { return append(args, objects...) }
	steps := []step{
		{"rehearsed", call(rendered, "apply", "--dry-run=server"), `created \(server dry run\)$`},
		{"applied", call(rendered, "apply"), `created$`},
		// kubectl sends claim templates and the selectors of budgets whether they differ or
		// not, and then calls the object configured: comparing tells that nothing changed.
		{"applied again", call(rendered, "apply"), `unchanged$|^(statefulset|poddisruptionbudget)\S* configured$`},
		{"compared", call(rendered, "diff"), `^$`},
		{"applied by the server", call(rendered, "apply", "--server-side", "--force-conflicts"), `serverside-applied$`},
	}
	if changed != "" {
		other, err := tenants(changed)
		if err != nil {
			return err
		}
		steps = append(steps, step{"changed", call(other, "apply", "--server-side", "--force-conflicts"), `serverside-applied$`})
	}
	steps = append(steps, step{"deleted", call(rendered, "delete", "--timeout=60s"), `deleted( from \S+ namespace)?$`})
	for _, s := range steps {
		if err := c.take(ctx, s); err != nil {
			return err
		}
	}
	if pairs != "" {
		return c.effects(ctx, pairs)
	}
	return nil
}

// step is a call of kubectl, and what it has to say of each object.
type step struct {
	name string
	args []string
	want string // a regular expression
}

func (c *cluster) take(ctx context.Context, s step) error {
	out, err := c.kubectl(ctx, s.args...)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	want, objects := regexp.MustCompile(s.want), 0
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); !want.MatchString(line) {
			return fmt.Errorf("%s: kubectl says %q, which is not %s", s.name, line, s.want)
		}
		objects++
	}
	fmt.Printf("%-22s %d\n", s.name, objects)
	return nil
}

// tenants are the flags that name the Kubernetes objects of each tenant in dir.
func tenants(dir string) ([]string, error) {
	dirs, err := filepath.Glob(filepath.Join(dir, "*", "kubernetes"))
	if err != nil || len(dirs) == 0 {
		return nil, fmt.Errorf("no tenant rendered for kubernetes in %s", dir)
	}
	var flags []string
	for _, d := range dirs {
		flags = append(flags, "-f", d)
	}
	return flags, nil
}

var namespace = regexp.MustCompile(`(?m)^  namespace: (\S+)$`)

// namespaces makes those that objects are in: rendered tenants expect theirs to exist.
func (c *cluster) namespaces(ctx context.Context, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*", "kubernetes", "*.yaml"))
	if err != nil {
		return err
	}
	var made []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		m := namespace.FindSubmatch(b)
		if m == nil || slices.Contains(made, string(m[1])) {
			continue
		}
		if _, err := c.kubectl(ctx, "create", "namespace", string(m[1])); err != nil {
			return err
		}
		made = append(made, string(m[1]))
	}
	return nil
}
