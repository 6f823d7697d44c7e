package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

func TestMain(m *testing.M) {
	if dir := os.Getenv("ONLY_PARSE"); dir != "" { // for BenchmarkVet
		if err := onlyParse(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv("WRITE_FACTS"); dir != "" { // for BenchmarkFleet
		if err := writeManyFacts(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	testscript.Main(m, map[string]func(){"cuecompute": main})
}

// TestScripts runs the command as users do: each script shows one behaviour, with its exact
// output.
func TestScripts(t *testing.T) {
	build := buildEnv(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/cli",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			e.Vars = append(e.Vars, build...)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "counts": counts},
	})
}

// buildEnv returns the environment in which a script builds its own programs with this
// checkout.
func buildEnv(t *testing.T) []string {
	t.Helper()
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	var dirs map[string]string
	if err := json.Unmarshal(out, &dirs); err != nil {
		t.Fatal(err)
	}
	return []string{"CHECKOUT=" + checkout, "GOCACHE=" + dirs["GOCACHE"], "GOMODCACHE=" + dirs["GOMODCACHE"]}
}
