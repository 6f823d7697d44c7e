//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestFleetWorkflow runs what the workflow of fleet.md runs, each shard of its matrix with its
// number: all of them write facts, and the last job joins them all.
func TestFleetWorkflow(t *testing.T) {
	dir := t.TempDir()
	for _, block := range fenced.FindAllStringSubmatch(read(t, topics+"fleet.md"), -1) {
		if name, ok := strings.CutPrefix(block[1], "file: "); ok {
			write(t, filepath.Join(dir, name), block[3])
		}
	}
	type job struct {
		Needs    string
		Strategy struct {
			Matrix struct{ Shard []int }
		}
		Env   map[string]string
		Steps []struct{ Uses, Run string }
	}
	var workflow struct {
		Env  map[string]string
		Jobs map[string]job
	}
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(dir, ".github/workflows/fleet.yaml"))), &workflow); err != nil {
		t.Fatal(err)
	}
	run := func(j job, env ...string) (code int) {
		for _, step := range j.Steps {
			if step.Run == "" || strings.HasPrefix(step.Run, "go install ") {
				continue
			}
			c := exec.Command("bash", "-eo", "pipefail", "-c", step.Run)
			c.Dir = dir
			c.Env = append(os.Environ(), append(env, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"))...)
			for name, value := range workflow.Env {
				c.Env = append(c.Env, name+"="+value)
			}
			out, err := c.CombinedOutput()
			if c.ProcessState == nil {
				t.Fatal(err)
			}
			if code = c.ProcessState.ExitCode(); code > 1 {
				t.Errorf("%s: exit code %d\n%s", step.Run, code, out)
			}
		}
		return code
	}
	shard := workflow.Jobs["shard"]
	shards := shard.Strategy.Matrix.Shard
	if fmt.Sprint(len(shards)) != workflow.Env["SHARDS"] || shard.Env["SHARD"] != "${{ matrix.shard }}" {
		t.Fatalf("%d shards of %s, each %s", len(shards), workflow.Env["SHARDS"], shard.Env["SHARD"])
	}
	for _, n := range shards {
		run(shard, fmt.Sprintf("SHARD=%d", n))
	}
	if code := run(workflow.Jobs["fleet"]); code != 1 {
		t.Errorf("the last job has the exit code %d, and two tenants have one host", code)
	}
	if summary := read(t, filepath.Join(dir, "summary")); !strings.Contains(summary, "host-taken") {
		t.Errorf("the summary:\n%s", summary)
	}
}
