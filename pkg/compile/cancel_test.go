package compile_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// prompt is how soon a run ends after its context has.
const prompt = 100 * time.Millisecond

// TestCancel ends runs in the middle of what they do.
func TestCancel(t *testing.T) {
	const head = "id: acme\nprovider: kubernetes\n"
	for name, text := range map[string]string{
		"hangs.cue": "import \"list\"\nid: \"acme\"\nprovider: \"kubernetes\"\n_n: list.Range(0, 3000, 1)\n" +
			"workloads: {for a in _n for b in _n for c in _n if a+b+c < 0 {\"w\\(a)\": {}}}\n",
		"grows.cue":  "id: \"acme\"\nprovider: \"kubernetes\"\nlet a0 = [1, 1]\n" + doubled(30) + "labels: a: \"\\(a30)\"\n",
		"long.yaml":  head + "x: [" + strings.Repeat("["+strings.Repeat("a,", 9000)+"a],", 100) + "a]\n",
		"long.json":  `{"id": "acme", "x": [` + strings.Repeat("["+strings.Repeat("1,", 9000)+"1],", 100) + "1]}",
		"long.cue":   "id: \"acme\"\nx: [" + strings.Repeat("["+strings.Repeat("1,", 9000)+"1],", 100) + "1]",
		"parts.yaml": strings.Repeat("---\n"+head+"workloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n", 9000),
	} {
		for _, ends := range []string{"cancelled", "deadline"} {
			t.Run(name+"/"+ends, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				late(t, ends == "deadline", 100*time.Millisecond, []string{path})
			})
		}
	}
}

func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "let a%d = [a%d, a%d]\n", i+1, i, i)
	}
	return b.String()
}

// TestCancelMany ends a run of very many files that are each judged at once.
func TestCancelMany(t *testing.T) {
	dir := t.TempDir()
	for i := range 3000 {
		text := fmt.Sprintf("id: t%d\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n", i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("t%d.yaml", i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	late(t, false, 100*time.Millisecond, []string{dir + "/..."})
}

// late has a run end after a while, by a deadline or not, and holds it to being prompt:
// once of five times, since others use the machine too.
func late(t *testing.T, deadline bool, after time.Duration, paths []string) {
	t.Helper()
	registry := registry(t)
	took := time.Hour
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		ended := time.Now().Add(after)
		if deadline {
			ctx, cancel = context.WithDeadline(t.Context(), ended)
		} else {
			time.AfterFunc(after, cancel)
		}
		_, _, err := compile.Compile(ctx, registry, compile.Input{Paths: paths, Evaluation: compile.Evaluation{Timeout: time.Minute, Memory: 4 << 30}})
		took = min(took, time.Since(ended))
		want := ctx.Err()
		cancel()
		if want == nil {
			t.Log("the run was over before its context was")
			return
		}
		if !errors.Is(err, want) {
			t.Fatalf("error is %v, not %v", err, want)
		}
		if took <= prompt {
			return
		}
	}
	t.Errorf("the run ended %s after its context", took)
}
