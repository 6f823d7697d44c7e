// Package cli is the command line of cuecompute. A program with its own providers passes them
// to Main.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fleet"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// Exit codes. If several apply, the highest is used.
const (
	exitOK       = 0
	exitProblems = 1 // in the specs
	exitUsage    = 2 // invalid flags or arguments
	exitFailure  = 3 // the tool or the machine failed
	exitDiffers  = 4 // plan --against has differences, import losses or --allow refusals, and there are no problems
)

// Main runs the command line with the given providers and returns the exit code. A program
// calls [compile.ChildMain] with the same providers first. After an interrupt or termination
// signal, the process finishes what it is writing and ends by that signal.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, providers ...provider.Provider) int {
	reg, err := provider.NewRegistry(providers...)
	if err != nil {
		fmt.Fprintf(stderr, "cuecompute: %v\n", err)
		return exitFailure
	}
	a := &app{registry: reg, stdin: stdin, stdout: stdout, stderr: stderr}
	return interruptible(func(ctx context.Context) int { return a.run(ctx, args) })
}

// Command returns the command line that Main runs, for documentation.
func Command(providers ...provider.Provider) (*cobra.Command, error) {
	reg, err := provider.NewRegistry(providers...)
	if err != nil {
		return nil, err
	}
	a := &app{registry: reg, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	return a.root(), nil
}

// app is one run of the command line.
type app struct {
	registry       *provider.Registry
	stdin          io.Reader
	stdout, stderr io.Writer
	code           int
	revisions      revisions
	policies       []string // as given
	applied        []applied
	counts         string // the last line on standard error, if any
}

func (a *app) run(ctx context.Context, args []string) int {
	defer a.revisions.remove()
	root, help := a.root(), &keeper{Writer: a.stdout}
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(help)
	root.SetErr(a.stderr)
	shown := root.HelpFunc()
	var unknown error
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if rest := c.Flags().Args(); c == root && len(rest) > 0 { // cobra prints help before it validates arguments
			unknown = c.Args(c, rest)
			return
		}
		shown(c, args)
		if c == root {
			_ = writeTopics(help) // help keeps the error
		}
	})
	err := cmp.Or(root.ExecuteContext(ctx), unknown)
	if err == nil {
		err = help.err
	}
	if ctx.Err() == nil { // the user knows about an interrupt
		a.fail(err)
	}
	fmt.Fprint(a.stderr, a.counts)
	return a.code
}

// keeper keeps the error of a writer, because cobra ignores it.
type keeper struct {
	io.Writer
	err error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.Writer.Write(p)
	k.err = cmp.Or(k.err, err)
	return n, err
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "cuecompute",
		Short: "Vet and compile tenant specs for AWS ECS, Kubernetes and Nomad",
		Long: `cuecompute checks tenant specs written in CUE, YAML or JSON against the platform
that they are for, offline, and compiles them to plans.

A PATH is a file, a directory, dir/... for all below it, or - for standard input;
without one, the current directory. The exit code is 0 when all is well, 1 for
problems in the specs, 2 for wrong usage, 3 when the tool itself failed, 4 when
plan --against has differences, import loses what --fail-on names, or --allow
refuses a change.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if t, err := findTopic(args[0]); err == nil && t != nil {
				return usage("unknown command %q: to read about it, run cuecompute help %[1]s", args[0])
			}
			return usage("unknown command %q%s", args[0], suggestion(args[0], c))
		},
	}
	version := root.Flags().Bool("version", false, "print the version")
	root.RunE = func(c *cobra.Command, _ []string) error {
		if *version {
			_, err := io.WriteString(a.stdout, built())
			return err
		}
		return c.Help()
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
			err = fmt.Errorf("--%s %q: %w", wrong.GetFlag().Name, wrong.GetValue(), wrong.Unwrap())
		}
		return usage("%w (see %s --help)", err, c.CommandPath())
	})
	root.SetHelpCommand(helpCommand())
	root.AddCommand(
		a.vet(),
		a.test(),
		a.plan(),
		a.graph(),
		a.render(),
		a.provision(),
		a.update(),
		a.destroy(),
		a.status(),
		a.portability(),
		a.fleet(),
		a.explain(),
		a.init(),
		a.config(),
		a.lsp(),
		a.imports(),
		a.providers(),
		a.schema(),
		a.version(),
	)
	return root
}

// suggestion is what a message about an unknown command ends with.
func suggestion(name string, root *cobra.Command) string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if near := diag.Nearest(name, names); near != "" {
		return fmt.Sprintf(": did you mean %s?", near)
	}
	return " (see cuecompute --help)"
}

// usageError is an error in the command's flags or arguments.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// raise sets the exit code, unless it is already higher.
func (a *app) raise(code int) { a.code = max(a.code, code) }

// fail reports the errors in err, if any, and sets the exit code.
func (a *app) fail(err error) {
	if err == nil {
		return
	}
	said := map[string]bool{}
	for _, err := range split(err) {
		if a.failSetUp(err) {
			continue
		}
		a.raise(severity(err))
		err = a.named(err)
		if path, ok := errors.AsType[*fs.PathError](err); ok && path == err {
			err = fmt.Errorf("%s: %w", path.Path, path.Err)
		}
		if text := report.Printable(err.Error()); !said[text] {
			said[text] = true
			fmt.Fprintf(a.stderr, "cuecompute: %s\n", text)
		}
	}
}

// split returns the errors that are joined.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, split(e)...)
		}
		return all
	}
	return []error{err}
}

func severity(err error) int {
	var u usageError
	var missing *fs.PathError
	switch {
	case errors.As(err, &u),
		errors.Is(err, provider.ErrUnknownProvider),
		errors.Is(err, compile.ErrTag),
		errors.Is(err, gitrev.ErrRevision),
		errors.Is(err, fleet.ErrFacts),
		errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist):
		return exitUsage
	}
	return exitFailure
}
