package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestStock publishes this checkout as a CUE module, as a release does, to a registry on
// loopback, and runs scripts in which an author's module depends on it: the cue command and
// cuecompute agree. Each script begins with an empty cache. The variable CUE names the cue
// command: make test sets it.
func TestStock(t *testing.T) {
	cue := os.Getenv("CUE")
	if cue == "" {
		t.Skip("the stock cue command is in CUE: run make test")
	}
	registry := startRegistry(t, cue)
	publish(t, cue, registry, "v0.1.0")
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/stock",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(cue)+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("CUE_REGISTRY", registry)
			e.Setenv("CUE_CACHE_DIR", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// startRegistry starts a registry of CUE modules for the duration of the test, and returns the
// value of CUE_REGISTRY.
func startRegistry(t *testing.T, cue string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), cue, "mod", "registry", "127.0.0.1:0")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = c.Stdout
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // unless the end of the context has
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("cue mod registry says %q: %v", line, err)
	}
	return address + "+insecure"
}

// publish publishes the tracked files of this checkout, and new ones.
func publish(t *testing.T, cue, registry, version string) {
	t.Helper()
	dir := t.TempDir()
	git := func(at string, args ...string) string {
		c := exec.Command("git", append([]string{"-C", at, "-c", "user.name=tests", "-c", "user.email=tests@example.com"}, args...)...)
		c.Stderr = t.Output()
		out, err := c.Output()
		if err != nil {
			t.Fatalf("git %s: %v", args[0], err)
		}
		return string(out)
	}
	for name := range strings.SplitSeq(git("../..", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if name == "" || os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(text))
	}
	git(dir, "init", "--quiet")
	git(dir, "add", "--all")
	git(dir, "commit", "--quiet", "--message", version)
	c := exec.Command(cue, "mod", "publish", version)
	c.Dir = dir
	c.Env = append(os.Environ(), "CUE_REGISTRY="+registry, "CUE_CACHE_DIR="+t.TempDir())
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("cue mod publish: %v\n%s", err, out)
	}
}
