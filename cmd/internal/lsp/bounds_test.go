package lsp

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// hostile is CUE that takes longer to evaluate than anybody waits.
const hostile = `import "list"

id: "h"
provider: "kubernetes"
_n: list.Range(0, 3000, 1)
workloads: {for a in _n for b in _n for c in _n if a+b+c < 0 {"w\(a)": {}}}
`

// TestHostileFile holds the server to reporting what is typed in a file, and to answering, while
// another file is evaluated that does not end.
func TestHostileFile(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.cue", "b.cue", "m.yaml", "z.cue"} {
		text := hostile
		if name == "m.yaml" {
			text = "id: m\n"
		}
		if err := os.WriteFile(folder+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := connect(t, folder, Options{})
	c.open("m.yaml", "id: m\nprovider: kubernetes\nlables: {}\n")
	c.reported("m.yaml")
	if text := strings.Join(c.lines(), "\n"); !strings.Contains(text, `unknown field "lables"`) {
		t.Errorf("it reports\n%s", text)
	}
	c.mu.Lock()
	if c.verdicts > 0 {
		t.Error("the hostile file is judged already: it is not hostile")
	}
	c.mu.Unlock()
	if m := c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": c.uri("m.yaml")}, "position": position{1, 2}}); !strings.Contains(string(m.Result), "platform") {
		t.Errorf("hover says %s", m.Result)
	}
}

// TestMemory holds the memory of a session to be the same after many edits. EDITS is how many:
// 500 where it is not set.
func TestMemory(t *testing.T) {
	edits := 500
	if text := os.Getenv("EDITS"); text != "" {
		edits, _ = strconv.Atoi(text)
	}
	c := connect(t, workspace(t, 40), Options{})
	files := map[string]func(i, edit int) string{"data/d7.yaml": dataTenant, "cue/c7/c.cue": cueTenant}
	round := func(n int) uint64 {
		for name, text := range files {
			for i := range n / len(files) {
				c.change(name, text(7, i))
				if i%10 == 0 { // and many at once
					c.reported(name)
				}
			}
			c.reported(name)
		}
		c.settled()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for name, text := range files {
		c.open(name, text(7, 0))
	}
	before := round(200)
	after := round(edits)
	if after > before+4<<20 {
		t.Errorf("the heap has %d KiB after 200 edits, and %d KiB after %d more", before>>10, after>>10, edits)
	}
	t.Logf("the heap has %d KiB after 200 edits, and %d KiB after %d more", before>>10, after>>10, edits)
}
