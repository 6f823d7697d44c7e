//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// folder writes files into a new directory, and returns it.
func folder(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	soundYAML  = "id: acme\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1.29\"}}}}\n"
	brokenYAML = "id: acme\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1.29\", prots: 1}}}}\n"

	// endless makes CUE count for longer than any test runs.
	endless = "import \"list\"\nid: \"endless\"\nprovider: \"kubernetes\"\n_n: list.Range(0, 3000, 1)\n" +
		"workloads: {for a in _n for b in _n for c in _n if a+b+c < 0 {\"w\\(a)\": {}}}\n"
)

// TestInterrupted stops the command in the middle of its work, alone and, as a terminal does,
// with its children: it ends by that signal, without output, and leaves no process and no file.
func TestInterrupted(t *testing.T) {
	endlessly := []string{"--eval-timeout", "5m", "--eval-memory", "4GiB", "sound.yaml", "endless.cue"}
	tests := map[string][]string{
		"vet":        append([]string{"vet", "--report", "json=report.json", "--report", "junit=report.xml"}, endlessly...),
		"plan":       append([]string{"plan", "--format", "text"}, endlessly...),
		"render":     append([]string{"render", "--out", "out"}, endlessly...),
		"difference": {"plan", "--eval-timeout", "5m", "--against", "endless.cue", "sound.yaml"},
		"stdin":      {"vet", "-"}, // which does not end
	}
	for name, args := range tests {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			for _, all := range []bool{false, true} {
				t.Run(strings.Join([]string{name, s.String(), map[bool]string{true: "group", false: "alone"}[all]}, " "), func(t *testing.T) {
					t.Parallel()
					interrupted(t, args, s, all)
				})
			}
		}
	}
}

func interrupted(t *testing.T, args []string, s syscall.Signal, all bool) {
	dir := folder(t, map[string]string{"sound.yaml": soundYAML, "endless.cue": endless})
	var stderr bytes.Buffer
	c := exec.Command("cuecompute", args...)
	c.Dir, c.Stderr = dir, &stderr
	c.Env = append(os.Environ(), "TMPDIR="+dir)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(700 * time.Millisecond) // time for a child to start
	group, to := -c.Process.Pid, c.Process.Pid
	if all {
		to = group
	}
	asked := time.Now()
	if err := syscall.Kill(to, s); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // the status is checked below
	if took := time.Since(asked); took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != s {
		t.Errorf("it ended with %s, not by %s", c.ProcessState, s)
	}
	if stderr.Len() > 0 {
		t.Errorf("it says %q", stderr.String())
	}
	for deadline := time.Now().Add(5 * time.Second); syscall.Kill(group, 0) == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it left a process behind")
		}
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil || d.IsDir() || name == "sound.yaml" || name == "endless.cue":
		case strings.HasPrefix(path, filepath.Join(dir, "out", "acme")) && filepath.Ext(name) != ".cuecompute-part": // rendered earlier
		default:
			t.Errorf("it left %s behind", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// called runs the command, and returns its exit code and standard error.
func called(t *testing.T, dir string, stdout io.Writer, command ...string) (code int, said string) {
	t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(command[0], command[1:]...)
	c.Dir, c.Stdout, c.Stderr = dir, stdout, &stderr
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), stderr.String()
}

// fullDevice returns a device that is always full.
func fullDevice(t *testing.T) *os.File {
	t.Helper()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the system has no /dev/full")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { full.Close() })
	return full
}

// TestFullOutput writes to a device that is always full: each command reports it once, and
// exits with 3.
func TestFullOutput(t *testing.T) {
	full := fullDevice(t)
	dir := folder(t, map[string]string{"sound.yaml": soundYAML, "broken.yaml": brokenYAML})
	const want = "cuecompute: /dev/stdout: no space left on device\n"
	for _, command := range []string{
		"vet broken.yaml", "vet --format json sound.yaml", "vet --format sarif sound.yaml", "vet --format junit sound.yaml", "vet --format markdown sound.yaml",
		"vet --format github broken.yaml", "plan sound.yaml", "plan --format yaml sound.yaml", "plan --format text sound.yaml",
		"plan --against sound.yaml sound.yaml", "render sound.yaml", "provision sound.yaml", "status sound.yaml", "destroy sound.yaml", "update --against sound.yaml sound.yaml",
		"portability sound.yaml", "portability --format json sound.yaml", "explain", "explain workloads", "explain unknown-field", "providers", "providers --format json",
		"schema", "schema --format jsonschema", "version", "help", "vet --help", "completion bash",
	} {
		code, said := called(t, dir, full, append([]string{"cuecompute"}, strings.Fields(command)...)...)
		said = lastLine.ReplaceAllString(said, "")
		if code != 3 || !strings.HasSuffix(said, want) || strings.Count(said, want) != 1 {
			t.Errorf("%s: exit code %d, and %q", command, code, said)
		}
	}
}

// TestFullOutputKeepsReports: a report that cannot be written does not affect another.
func TestFullOutputKeepsReports(t *testing.T) {
	full := fullDevice(t)
	dir := folder(t, map[string]string{"a.yaml": brokenYAML, "b.yaml": strings.Replace(brokenYAML, "acme", "globex", 1)})
	code, said := called(t, dir, full, "cuecompute", "vet", "--report", "json=report.json", "a.yaml", "b.yaml")
	if code != 3 || lastLine.ReplaceAllString(said, "") != "cuecompute: /dev/stdout: no space left on device\n" {
		t.Errorf("exit code %d, and %q", code, said)
	}
	report, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil || !bytes.Contains(report, []byte(`"tenants":2,"errors":2`)) {
		t.Errorf("%v: %s", err, report)
	}
}

// TestFullDisk limits the size of files, as a full disk does: an earlier file stays, and no
// part of a new one remains.
func TestFullDisk(t *testing.T) {
	dir := folder(t, map[string]string{
		"large.yaml":  soundYAML + "config: {app: {text: " + strings.Repeat("x", 100_000) + "}}\n",
		"broken.yaml": soundYAML + "x: 1\n" + strings.Repeat("---\n"+brokenYAML, 500),
		"report.json": "as before\n",
	})
	for _, command := range []string{"render --out out large.yaml", "vet --report json=report.json broken.yaml"} {
		code, said := called(t, dir, nil, "sh", "-c", "ulimit -f 16; exec cuecompute "+command)
		said = lastLine.ReplaceAllString(said, "")
		if code != 3 || !strings.HasSuffix(said, ": file too large\n") || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit code %d, and %q", command, code, said)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "report.json")); err != nil || string(text) != "as before\n" {
		t.Errorf("the report before is lost: %v, %.100q", err, text)
	}
	for _, pattern := range []string{"*.tmp", "out/*/*/*.cuecompute-part", "out/*/*/*.yaml"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || strings.Contains(strings.Join(left, " "), "configmap") || len(left) > 0 && pattern != "out/*/*/*.yaml" {
			t.Errorf("%v is left behind: %v", left, err)
		}
	}
}

// TestReadOnly writes to read-only places.
func TestReadOnly(t *testing.T) {
	const readOnly = "/sys"
	switch _, err := os.Stat(filepath.Join(readOnly, "kernel")); {
	case errors.Is(err, fs.ErrNotExist):
		t.Skip("the system has no directory that root cannot write to")
	case err != nil:
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"sound.yaml": soundYAML})
	for command, want := range map[string]string{
		"render --out /sys/out sound.yaml":              "cuecompute: /sys/out: ",
		"vet --report json=/sys/report.json sound.yaml": "cuecompute: cannot write report /sys/report.json: ",
	} {
		code, said := called(t, dir, nil, append([]string{"cuecompute"}, strings.Fields(command)...)...)
		if code != 3 || !strings.HasPrefix(said, want) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit code %d, and %q", command, code, said)
		}
	}
}

// TestImportOfPipe: a pipe without a writer is refused at once.
func TestImportOfPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "compose.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "cuecompute", "import", "compose.yaml")
	c.Dir = dir
	said, _ := c.CombinedOutput() // the exit code is checked below
	if want := "compose.yaml: cannot be read: it is not a regular file [unreadable]\n"; c.ProcessState.ExitCode() != 1 || !strings.HasPrefix(string(said), want) {
		t.Errorf("%s, and %q", c.ProcessState, said)
	}
}

// TestClosedPipe closes the pipe that a command writes to, as head does: the command ends by
// SIGPIPE, without output.
func TestClosedPipe(t *testing.T) {
	for _, args := range [][]string{
		{"plan", "../../testdata/tenants/..."},
		{"render", "--provider", "kubernetes", "../../testdata/tenants/kubernetes/..."},
		{"vet", "--notes", "--format", "json", "--provider", "nomad", "../../testdata/tenants/..."},
	} {
		var stderr bytes.Buffer
		c := exec.Command("cuecompute", args...)
		c.Stderr = &stderr
		stdout, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		stdout.Close()
		_ = c.Wait() // the status is checked below
		status, ok := c.ProcessState.Sys().(syscall.WaitStatus)
		if !ok || status.Signal() != syscall.SIGPIPE || strings.Contains(stderr.String(), "pipe") {
			t.Errorf("%s: %s, and %q", args, c.ProcessState, stderr.String())
		}
	}
}
