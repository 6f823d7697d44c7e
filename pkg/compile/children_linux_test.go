package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// children returns the processes that this one has started, except those in but, from the files
// of that name in proc(5).
func children(t *testing.T, but []string) (all []string) {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Skip("the system does not list a process's children")
	}
	for _, list := range lists {
		text, _ := os.ReadFile(list) // the thread may have ended
		all = append(all, strings.Fields(string(text))...)
	}
	return slices.DeleteFunc(all, func(pid string) bool { return slices.Contains(but, pid) })
}

// TestChildrenEnd: a compiler that serves many inputs at once, while broken policies are set,
// has no more children than processors, and none after Close.
func TestChildrenEnd(t *testing.T) {
	before := children(t, nil)
	compiler, err := compile.New(registry(t), compile.Options{Evaluation: compile.Evaluation{Memory: 256 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	const tenant = "import \"strings\"\nid: \"t%d\"\nprovider: \"nomad\"\nworkloads: web: containers: app: image: strings.ToLower(\"NGINX:1.29\")"
	var wg sync.WaitGroup
	for i := range 48 {
		wg.Go(func() {
			in := compile.Input{Paths: []string{"-"}, Lang: "cue", Jobs: 1, Stdin: strings.NewReader(fmt.Sprintf(tenant, i))}
			if i%4 == 0 {
				if diags, err := compiler.SetPolicies(policyOf("tenant: labels: by: \"a\" & \"b\"")); err != nil || !diags.HasErrors() {
					t.Errorf("a broken policy: %v, %v", diags, err)
				}
			}
			plans, _, err := compiler.Compile(t.Context(), in)
			if err != nil || len(plans) != 1 {
				t.Errorf("%d plans, %v", len(plans), err)
			}
		})
	}
	wg.Wait()
	if n := len(children(t, before)); n < 1 || n > runtime.GOMAXPROCS(0) {
		t.Errorf("%d children, of %d processors", n, runtime.GOMAXPROCS(0))
	}
	compiler.Close()
	if n := len(children(t, before)); n > 0 {
		t.Errorf("%d children are left", n)
	}
}
