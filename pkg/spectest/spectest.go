// Package spectest runs table tests of specs, templates and policies: files that say what a
// spec compiles to, or what is wrong with it.
//
//	report, err := spectest.Run(ctx, registry, spectest.Options{Paths: []string{"./..."}})
//	err = report.WriteText(os.Stdout)
package spectest

import (
	"context"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/document"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// Options say which tests are run, and how.
type Options struct {
	Paths []string       // files, directories, dir/...
	Run   *regexp.Regexp // tests whose name, after that of their file and a slash, matches; nil: all

	// Root is the directory that all files which tests name are in; "": the current one.
	Root string

	Policies []string     // of tests that name none
	Rules    waiver.Rules // of tests that name no waivers; their day is that of the test, if it has one
	Tags     []string     // key=value, of tests that set none of the key

	Update bool // write the files of whole plans

	Evaluation compile.Evaluation
	Limits     limit.Limits
	Jobs       int // tests run at once; 0: as many as processors

	overlay  map[string][]byte // texts that files have
	policies map[string][]byte // texts that policies have
}

// Result is what became of one test.
type Result struct {
	File     string     `json:"file"` // of the table
	Name     string     `json:"name"`
	At       diag.Range `json:"at"`
	Failures []Failure  `json:"failures,omitempty"`
	Updated  []string   `json:"updated,omitempty"` // files that were written
}

// Failure is one expectation that is not met.
type Failure struct {
	What string `json:"what"` // such as plan
	Text string `json:"text"` // lines
}

// Report is what became of all tests.
type Report struct {
	Results []Result `json:"results"` // by file, and by the tests' order in it

	// Diagnostics are what is wrong with the tables themselves: their tests are not run.
	Diagnostics diag.List `json:"diagnostics,omitempty"`
}

// Failed returns how many tests failed.
func (r *Report) Failed() (n int) {
	for _, t := range r.Results {
		if len(t.Failures) > 0 {
			n++
		}
	}
	return n
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return r.Failed() == 0 && !r.Diagnostics.HasErrors() }

// Run runs table tests. An error is of the machine, joins a *fs.PathError for each path that is
// not there, or is that of ctx.
func Run(ctx context.Context, reg *provider.Registry, o Options) (*Report, error) {
	r := &runner{Options: o, registry: reg, compilers: map[string]*compile.Compiler{}}
	defer r.close()
	return r.run(ctx)
}

// runner runs the tests of one call.
type runner struct {
	Options
	registry *provider.Registry

	coverage *compile.Coverage // of policies; nil: not asked for
	uses     *uses             // of templates; nil: not asked for

	mu        sync.Mutex
	compilers map[string]*compile.Compiler // by what they hold specs to
}

func (r *runner) close() {
	for _, c := range r.compilers {
		c.Close()
	}
}

// workers is how many tests are run at once.
func (r *runner) workers() int {
	if r.Jobs > 0 {
		return r.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

func (r *runner) run(ctx context.Context) (*Report, error) {
	report, cases, err := r.cases(ctx)
	if err != nil {
		return report, err
	}
	report.Results = make([]Result, len(cases))
	errs := make([]error, len(cases))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(r.workers(), len(cases)) {
		wg.Go(func() {
			for i := range next {
				report.Results[i], errs[i] = r.test(ctx, cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

// cases reads the tables, and returns the tests that are to be run.
func (r *runner) cases(ctx context.Context) (*Report, []testCase, error) {
	c, err := r.compiler(nil, nil, "")
	if err != nil {
		return nil, nil, err
	}
	tables, diags, err := c.Tables(ctx, compile.Input{Paths: r.Paths, Tags: nil, OptionalTags: r.Tags, Overlay: r.overlay})
	report := &Report{Diagnostics: diags}
	if err != nil {
		return report, nil, err
	}
	var cases []testCase
	for _, t := range tables {
		if t.Diagnostics.HasErrors() {
			t.Quote(t.Diagnostics)
			report.Diagnostics = append(report.Diagnostics, t.Diagnostics...)
			continue
		}
		root, found := document.Check("#Tests", t.Root)
		if found.HasErrors() {
			for i := range found {
				if found[i].File == "" {
					found[i].File = t.Path
				}
			}
			t.Quote(found)
			report.Diagnostics = append(report.Diagnostics, found...)
			continue
		}
		of, wrong := r.casesOf(t, root)
		t.Quote(wrong)
		report.Diagnostics = append(report.Diagnostics, wrong...)
		cases = append(cases, of...)
	}
	return report, cases, nil
}

// inside names a file that a test names from the directory of its table; "" for one outside of
// Root.
func (r *runner) inside(dir, name string) string {
	path := filepath.Join(dir, filepath.FromSlash(name))
	root := r.Root
	if root == "" {
		root = "."
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	within, err := filepath.Abs(root)
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(within, full)
	if err != nil || !filepath.IsLocal(rel) || filepath.IsAbs(filepath.FromSlash(name)) {
		return ""
	}
	return path
}
