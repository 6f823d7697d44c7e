package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// evaluated is a tenant that needs a child process.
const evaluated = "import \"strings\"\nid: \"good\"\nprovider: \"kubernetes\"\nworkloads: web: containers: app: image: strings.ToLower(\"NGINX:1.29\")\n"

// TestKilledChildren kills the processes that evaluate one file, as the system does when memory
// is short: that file has a diagnostic, and the others have plans.
func TestKilledChildren(t *testing.T) {
	dir := folder(t, map[string]string{"endless.cue": endless, "good.cue": evaluated, "sound.yaml": soundYAML})
	var stdout, stderr bytes.Buffer
	c := exec.Command("cuecompute", "plan", "--jobs", "1", "--eval-timeout", "1m", "endless.cue", "good.cue", "sound.yaml")
	c.Dir, c.Stdout, c.Stderr = dir, &stdout, &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		killChild(t, c.Process.Pid)
	}
	_ = c.Wait() // the exit code is checked below
	if code := c.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	const want = "endless.cue: evaluating this ended its process twice: signal: killed [limit]\n" +
		"  help: write it as data, or with less to work out; the system may be short of memory\n"
	if stderr.String() != want {
		t.Errorf("it says %q", stderr.String())
	}
	for _, id := range []string{`"id": "good"`, `"id": "acme"`} {
		if !strings.Contains(stdout.String(), id) {
			t.Errorf("no plan of %s", id)
		}
	}
}

// TestReplacedProgram removes and replaces the program's file while it runs: files are
// evaluated as before.
func TestReplacedProgram(t *testing.T) {
	installed, err := exec.LookPath("cuecompute")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(installed)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "cuecompute")
	if err := os.WriteFile(program, text, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"good.cue": evaluated})
	w := watchBy(t, program, dir, "good.cue")
	w.waitFor("1 tenant: 0 errors")
	for _, replace := range []func() error{
		func() error { return os.Remove(program) },
		func() error { return os.WriteFile(program, []byte("#!/bin/sh\nexit 1\n"), 0o700) },
	} {
		if err := replace(); err != nil {
			t.Fatal(err)
		}
		killChild(t, w.cmd.Process.Pid)
		write(t, filepath.Join(dir, "good.cue"), strings.Replace(evaluated, "ToLower", "ToUpper", 1))
		w.waitFor("[bad-format]")
		w.waitFor("1 tenant: 1 error")
		killChild(t, w.cmd.Process.Pid)
		write(t, filepath.Join(dir, "good.cue"), evaluated)
		w.waitFor("1 tenant: 0 errors")
	}
}

// killChild waits until a process has a child, and kills it.
func killChild(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		all := slices.DeleteFunc(children(pid), func(child int) bool { return !alive(child) || commandLine(child) == commandLine(pid) })
		if len(all) == 0 {
			continue
		}
		if err := syscall.Kill(all[0], syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for time.Now().Before(end) && alive(all[0]) { // the parent may not have waited for it yet
			time.Sleep(5 * time.Millisecond)
		}
		return
	}
	t.Fatalf("process %d has no child", pid)
}

// commandLine is how a process was started: between its fork and its exec, a child's is its
// parent's.
func commandLine(pid int) string {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline")) // it may have ended
	return string(text)
}

// alive reports whether a process runs; a zombie does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}
