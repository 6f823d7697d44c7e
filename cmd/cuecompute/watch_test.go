package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// deadline limits the wait for output of a watching process.
const deadline = 20 * time.Second

// watcher is a watching process, and its output by line.
type watcher struct {
	t     testing.TB
	cmd   *exec.Cmd
	lines chan string
}

func watch(t testing.TB, dir string, args ...string) *watcher {
	t.Helper()
	return watchBy(t, "cuecompute", dir, args...)
}

// watchBy starts a watching process of a program.
func watchBy(t testing.TB, program, dir string, args ...string) *watcher {
	t.Helper()
	w := &watcher{t: t, cmd: exec.Command(program, append([]string{"vet", "--watch"}, args...)...), lines: make(chan string, 1000)}
	w.cmd.Dir = dir
	out, in := io.Pipe()
	w.cmd.Stdout, w.cmd.Stderr = in, in
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = w.cmd.Process.Kill() // if it still runs
		_ = w.cmd.Wait()
		in.Close()
	})
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			w.lines <- s.Text()
		}
	}()
	return w
}

// waitFor waits for a line that contains a text, and returns the lines before it.
func (w *watcher) waitFor(text string) string {
	w.t.Helper()
	var before strings.Builder
	for end := time.After(deadline); ; {
		select {
		case line := <-w.lines:
			if strings.Contains(line, text) {
				return before.String()
			}
			before.WriteString(line + "\n")
		case <-end:
			w.t.Fatalf("it does not say %q, but\n%s", text, &before)
		}
	}
}

// TestWatch changes files of a watching process, and waits for its output.
func TestWatch(t *testing.T) {
	const good, bad = "provider: kubernetes\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n", "provider: kubernets\nworkloads: {}\n"
	const pkg = "package fleet\nprovider: %q\n"
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		write(t, filepath.Join(dir, name), text)
	}
	put("cue.mod/module.cue", "module: \"example.com/m\"\nlanguage: version: \"v0.17.0\"\n")
	put("policy.cue", "tenant: labels: by: \"landlord\"\n")
	put("specs/a.yaml", "id: a\n"+good)
	put("fleet/fleet.cue", fmt.Sprintf(pkg, "kubernetes"))
	put("fleet/b/b.cue", "package fleet\nid: \"b\"\nworkloads: web: containers: app: image: \"x:1\"\n")
	w := watch(t, dir, "--policy", "policy.cue", "specs/...", "fleet/...")
	if first := w.waitFor("2 tenants: 0 errors, 0 warnings"); first != "" {
		t.Errorf("it begins with\n%s", first)
	}

	put("specs/a.yaml", "id: a\n"+bad)
	w.waitFor(`specs/a.yaml:2:11: tenant a: no provider "kubernets"`)
	w.waitFor("2 tenants: 1 error")
	put("specs/a.yaml", "id: a\n"+good)
	w.waitFor("2 tenants: 0 errors")

	put("specs/new/deep/c.yaml", "id: a\n"+good) // an id that exists, in a new directory
	w.waitFor(`tenant "a" is already defined`)
	w.waitFor("3 tenants: 1 error")
	if err := os.RemoveAll(filepath.Join(dir, "specs/new")); err != nil {
		t.Fatal(err)
	}
	w.waitFor("2 tenants: 0 errors")
	put("specs/new/deep/c.yaml", "id: c\n"+bad) // an existing directory
	w.waitFor("3 tenants: 1 error")
	put("specs/new/deep/c.yaml", "id: c\n"+good)
	w.waitFor("3 tenants: 0 errors")

	put("fleet/fleet.cue", fmt.Sprintf(pkg, "nomat")) // a file that a package inherits
	w.waitFor(`no provider "nomat"`)
	put("fleet/fleet.cue", fmt.Sprintf(pkg, "nomad"))
	w.waitFor("0 errors")
	put("policy.cue", "tenant: labels: by: \"landlord\"\ntenant: id: !=\"c\"\n")
	w.waitFor("specs/new/deep/c.yaml:1:5: ")
	put("policy.cue", "tenant: label: by: \"landlord\"\n")
	w.waitFor("policy.cue:1:9: ")
	put("policy.cue", "tenant: labels: by: \"landlord\"\n")
	w.waitFor("0 errors")

	// An editor writes a new file next to the old one, and renames it.
	put("specs/.a.yaml.swp", "id: a\n"+bad)
	if err := os.Rename(filepath.Join(dir, "specs/.a.yaml.swp"), filepath.Join(dir, "specs/a.yaml")); err != nil {
		t.Fatal(err)
	}
	w.waitFor("3 tenants: 1 error")

	if err := w.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Wait(); err == nil || err.Error() != "signal: interrupt" {
		t.Errorf("interrupted, it ends with %v", err)
	}
}

// TestWatchSettles removes a named directory, and writes a report into the watched tree:
// neither leads to endless reports.
func TestWatchSettles(t *testing.T) {
	dir := t.TempDir()
	for name, id := range map[string]string{"t/a.yaml": "a", "t/sub/b.yaml": "b"} {
		write(t, filepath.Join(dir, name), "id: "+id+"\nprovider: compose\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n")
	}
	w := watch(t, dir, "--report", "json=t/report.json", "t/...", "t/sub")
	w.waitFor("2 tenants: 0 errors")
	if err := os.RemoveAll(filepath.Join(dir, "t/sub")); err != nil {
		t.Fatal(err)
	}
	w.waitFor("t/sub: no such file or directory")
	said := 0
	for end := time.After(time.Second); said < 100; said++ {
		select {
		case line := <-w.lines:
			if strings.Contains(line, "no such file") {
				t.Errorf("it says again: %s", line)
			}
			continue
		case <-end:
		}
		break
	}
	if said > 10 {
		t.Errorf("it says %d lines more", said)
	}
}

// TestWatchComesBack removes an imported directory, and a watched one with its parents, and
// restores them: each change has one report, and so has a later edit.
func TestWatchComesBack(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		write(t, filepath.Join(dir, name), text)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	const tenant = "id: b\nprovider: compose\nworkloads: {web: {containers: {app: {image: 'x:1'}}}}\n"
	put("m/cue.mod/module.cue", "module: \"example.com/m\"\nlanguage: version: \"v0.17.0\"\n")
	put("m/templates/web/web.cue", "package web\n#Web: {#image: string, containers: app: image: #image}\n")
	put("m/a.cue", "import w \"example.com/m/templates/web\"\nid: \"a\"\nprovider: \"compose\"\nworkloads: web: w.#Web & {#image: \"x:1\"}\n")
	put("deep/er/specs/b.yaml", tenant)
	w := watch(t, dir, "m/a.cue", "deep/er/specs/...")
	w.waitFor("2 tenants: 0 errors")
	for range 2 {
		do(os.Rename(in("m/templates"), in("gone")))
		w.waitFor(`m/a.cue:1:8: this module has no package "templates/web"`)
		w.waitFor("2 tenants: 1 error")
		w.noOutput()
		do(os.Rename(in("gone"), in("m/templates")))
		w.waitFor("2 tenants: 0 errors")
		w.noOutput()
		put("m/templates/web/web.cue", "package web\n#Web: {#image: string, containers: app: imge: #image}\n")
		w.waitFor(`m/templates/web/web.cue:2:41: tenant a: unknown field "imge"`)
		w.waitFor("2 tenants: 1 error")
		w.noOutput()
		put("m/templates/web/web.cue", "package web\n#Web: {#image: string, containers: app: image: #image}\n")
		w.waitFor("2 tenants: 0 errors")
		w.noOutput()

		do(os.Rename(in("deep/er/specs"), in("gone")))
		w.waitFor("1 tenant: 0 errors")
		w.waitFor("deep/er/specs: no such file or directory")
		w.noOutput()
		do(os.RemoveAll(in("deep")))
		w.noOutput()
		do(os.MkdirAll(in("deep/er"), 0o700))
		do(os.Rename(in("gone"), in("deep/er/specs")))
		w.waitFor("2 tenants: 0 errors")
		w.noOutput()
		put("deep/er/specs/b.yaml", tenant+"x: 1\n")
		w.waitFor(`deep/er/specs/b.yaml:4:1: tenant b: unknown field "x"`)
		w.waitFor("2 tenants: 1 error")
		w.noOutput()
		put("deep/er/specs/b.yaml", tenant)
		w.waitFor("2 tenants: 0 errors")
		w.noOutput()
	}
}

// noOutput fails if there is further output within a while.
func (w *watcher) noOutput() {
	w.t.Helper()
	select {
	case line := <-w.lines:
		w.t.Errorf("it says more: %s", line)
	case <-time.After(250 * time.Millisecond):
	}
}
