// Command cuecompute vets and compiles tenant specs for AWS ECS, Kubernetes and Nomad.
package main

import (
	"os"
	"runtime/debug"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/providers"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // most allocations are short-lived
	}
	compile.ChildMain(providers.All()...)
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, providers.All()...))
}
