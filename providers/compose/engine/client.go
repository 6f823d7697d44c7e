package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/flags"
	"github.com/docker/compose/v5/cmd/compose"
	"github.com/spf13/cobra"
)

// client runs docker compose config, of the real client, on a document: it reads the file
// as up does, and needs no daemon. Each variable that the file asks for is set.
func client(d document, env types.Mapping) error {
	dir, err := os.MkdirTemp("", "compose")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file, variables := filepath.Join(dir, "compose.yaml"), filepath.Join(dir, ".env")
	var lines []string
	for name, value := range env {
		lines = append(lines, fmt.Sprintf("%s='%s'\n", name, value))
	}
	slices.Sort(lines)
	err = errors.Join(
		os.WriteFile(file, []byte(d.Data), 0o600),
		os.WriteFile(variables, []byte(strings.Join(lines, "")), 0o600))
	if err != nil {
		return err
	}
	docker, err := command.NewDockerCli(command.WithOutputStream(io.Discard), command.WithErrorStream(io.Discard))
	if err != nil {
		return err
	}
	if err := docker.Initialize(flags.NewClientOptions()); err != nil {
		return err
	}
	root := &cobra.Command{Use: "docker", TraverseChildren: true} // which compose is a command of
	root.AddCommand(compose.RootCommand(docker, &compose.BackendOptions{}))
	root.SetArgs([]string{"compose", "--ansi", "never", "--file", file, "--env-file", variables, "--profile", "*", "config"})
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	root.SilenceErrors, root.SilenceUsage = true, true
	return root.Execute()
}
