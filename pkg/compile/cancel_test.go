package compile_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// maxDelay is the time after which a cancelled run counts as stuck. BenchmarkCancel measures
// how fast it ends.
const maxDelay = 20 * time.Second

// endless returns inputs that take at least several seconds.
func endless() map[string]string {
	const head = "id: acme\nprovider: kubernetes\n"
	return map[string]string{
		"hangs.cue": "import \"list\"\nid: \"acme\"\nprovider: \"kubernetes\"\n_n: list.Range(0, 3000, 1)\n" +
			"workloads: {for a in _n for b in _n for c in _n if a+b+c < 0 {\"w\\(a)\": {}}}\n",
		"grows.cue":  "id: \"acme\"\nprovider: \"kubernetes\"\nlet a0 = [1, 1]\n" + doubled(30) + "labels: a: \"\\(a30)\"\n",
		"long.yaml":  head + "x: [" + strings.Repeat("["+strings.Repeat("a,", 9000)+"a],", 100) + "a]\n",
		"long.json":  `{"id": "acme", "x": [` + strings.Repeat("["+strings.Repeat("1,", 9000)+"1],", 100) + "1]}",
		"long.cue":   "id: \"acme\"\nx: [" + strings.Repeat("["+strings.Repeat("1,", 9000)+"1],", 100) + "1]",
		"parts.yaml": strings.Repeat("---\n"+head+"workloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n", 9000),
	}
}

func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "let a%d = [a%d, a%d]\n", i+1, i, i)
	}
	return b.String()
}

// TestCancel cancels runs in each of their stages.
func TestCancel(t *testing.T) {
	for name, text := range endless() {
		for _, ends := range []error{context.Canceled, context.DeadlineExceeded} {
			t.Run(fmt.Sprintf("%s/%v", name, ends), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				took, err := endDelay(t, registry(t), path, ends, 20*time.Millisecond)
				if err != nil && !errors.Is(err, ends) || took > maxDelay {
					t.Errorf("%s after its context, the run ended with %v", took, err)
				}
			})
		}
	}
}

// BenchmarkCancel measures the time between the end of the context and the end of the run.
func BenchmarkCancel(b *testing.B) {
	for name, text := range endless() {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			registry := registry(b)
			for b.Loop() {
				t, _ := endDelay(b, registry, path, context.Canceled, 100*time.Millisecond)
				took = append(took, t)
				time.Sleep(500 * time.Millisecond) // time for abandoned work to end
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-late")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-latest")
		})
	}
}

// endDelay cancels a run after a while, in the way that the error ends shows, and returns how
// much later the run ended.
func endDelay(tb testing.TB, registry *provider.Registry, path string, ends error, after time.Duration) (time.Duration, error) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	ended := time.Now().Add(after)
	if ends == context.DeadlineExceeded {
		ctx, cancel = context.WithDeadline(tb.Context(), ended)
	} else {
		time.AfterFunc(after, cancel)
	}
	defer cancel()
	_, _, err := compile.Compile(ctx, registry, compile.Options{Evaluation: compile.Evaluation{Timeout: time.Minute, Memory: 4 << 30}}, compile.Input{Paths: []string{path}})
	return time.Since(ended), err
}

// opened counts opened files and directories, and cancels a context at one of them.
type opened struct {
	fstest.MapFS
	count atomic.Int64
	last  int64
	end   context.CancelFunc
}

func (o *opened) Open(name string) (fs.File, error) {
	if o.count.Add(1) == o.last {
		o.end()
	}
	return o.MapFS.Open(name)
}

func (o *opened) ReadDir(name string) ([]fs.DirEntry, error) {
	if o.count.Add(1) == o.last {
		o.end()
	}
	return o.MapFS.ReadDir(name)
}

// TestCancelMany cancels runs over many files and directories while these are listed, grouped
// into packages and checked: hardly anything more is opened.
func TestCancelMany(t *testing.T) {
	const files = 400
	tree := fstest.MapFS{}
	for i := range files {
		dir := fmt.Sprintf("tenants/%d/", i)
		tree[dir+"t.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "id: t%d\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n", i)}
		tree[dir+"t.cue"] = &fstest.MapFile{Data: fmt.Appendf(nil, "id: \"c%d\"\nprovider: \"kubernetes\"\nworkloads: web: containers: app: image: \"nginx:1\"\n", i)}
	}
	const few = 64
	for reason, last := range map[string]int64{
		"listing": files / 2,
		"telling": files + files/2,
		"judging": 3 * files,
	} {
		t.Run(reason, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			o := &opened{MapFS: tree, last: last, end: cancel}
			_, _, err := compile.Compile(ctx, registry(t), compile.Options{}, compile.Input{FS: o, Paths: []string{"tenants/..."}, Jobs: 2})
			if !errors.Is(err, context.Canceled) || o.count.Load() > last+few {
				t.Errorf("%v, and %d opened after the context had ended", err, o.count.Load()-last)
			}
		})
	}
}
