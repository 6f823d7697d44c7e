package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// configWriter is the container that writes configuration files. Its name has an
// underscore, which none of an author's has.
const configWriter = "config_writer"

// process is what runs in a container.
type process struct {
	Workload  string            `json:"workload"` // the task definition's family
	Container string            `json:"container"`
	Command   []string          `json:"command"` // empty: the image's own
	Args      []string          `json:"args"`
	Env       map[string]string `json:"env"`
	Files     map[string]string `json:"files"` // by absolute path
}

func (t *tenant) processes() []process {
	all := []process{}
	for _, task := range t.tasks {
		written, err := writtenFiles(task.input)
		if err != nil {
			t.report(task.document, "%s: %v", configWriter, err)
		}
		for _, c := range task.input.ContainerDefinitions {
			if deref(c.Name) != configWriter {
				all = append(all, processOf(deref(task.input.Family), c, written))
			}
		}
	}
	return all
}

// processOf is what the agent starts: entryPoint and command replace the image's own,
// byte by byte (ContainerDefinition: entryPoint, command, environment, secrets).
func processOf(family string, c types.ContainerDefinition, written map[string]string) process {
	p := process{
		Workload:  family,
		Container: deref(c.Name),
		Command:   append([]string{}, c.EntryPoint...),
		Args:      append([]string{}, c.Command...),
		Env:       map[string]string{},
		Files:     map[string]string{},
	}
	for _, e := range c.Environment {
		p.Env[deref(e.Name)] = deref(e.Value)
	}
	for _, s := range c.Secrets {
		p.Env[deref(s.Name)] = "secret:" + place(deref(s.ValueFrom))
	}
	waits := false
	for _, d := range c.DependsOn {
		waits = waits || deref(d.ContainerName) == configWriter && d.Condition == types.ContainerConditionSuccess
	}
	for _, m := range c.MountPoints {
		for file, text := range written {
			if name, ok := strings.CutPrefix(file, deref(m.SourceVolume)+"/"); ok && waits {
				p.Files[path.Join(deref(m.ContainerPath), name)] = text
			}
		}
	}
	return p
}

// place is a secret's path and key. Behind the ARN of a Secrets Manager secret, of seven
// parts, stand the key, the version's stage and its id (Secret: valueFrom).
func place(valueFrom string) string {
	parts := strings.SplitN(valueFrom, ":", 8)
	if len(parts) < 8 || parts[2] != "secretsmanager" {
		return valueFrom
	}
	key, _, _ := strings.Cut(parts[7], ":")
	return strings.Join(parts[:7], ":") + "/" + key
}

// writtenFiles runs the script of the container that writes configuration files, and
// returns the files by volume/name. It has no programs, only what a POSIX shell has of
// itself, and writes to nothing but the volumes that it mounts.
func writtenFiles(task *ecs.RegisterTaskDefinitionInput) (map[string]string, error) {
	for _, c := range task.ContainerDefinitions {
		if deref(c.Name) != configWriter {
			continue
		}
		if len(c.EntryPoint) != 2 || c.EntryPoint[0] != "/bin/sh" || c.EntryPoint[1] != "-c" || len(c.Command) == 0 {
			return nil, errors.New("it runs no script of a shell")
		}
		script, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(c.Command[0]), "")
		if err != nil {
			return nil, err
		}
		var env []string
		for _, e := range c.Environment {
			env = append(env, deref(e.Name)+"="+deref(e.Value))
		}
		disk := &volumes{mounts: map[string]string{}, files: map[string]*bytes.Buffer{}}
		for _, m := range c.MountPoints {
			disk.mounts[deref(m.ContainerPath)] = deref(m.SourceVolume)
		}
		shell, err := interp.New(
			interp.Env(expand.ListEnviron(env...)),
			interp.StdIO(nil, io.Discard, io.Discard),
			interp.OpenHandler(disk.open),
			interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
				return func(_ context.Context, args []string) error { return fmt.Errorf("no program %s in the image", args[0]) }
			}))
		if err != nil {
			return nil, err
		}
		if err := shell.Run(context.Background(), script); err != nil {
			return nil, err
		}
		return disk.texts(), nil
	}
	return nil, nil
}

// volumes are the volumes of a container, in memory.
type volumes struct {
	mounts map[string]string // path → volume
	files  map[string]*bytes.Buffer
}

func (v *volumes) open(_ context.Context, name string, flag int, _ os.FileMode) (io.ReadWriteCloser, error) {
	volume, ok := v.mounts[path.Dir(name)]
	if !ok || flag&os.O_CREATE == 0 {
		return nil, fmt.Errorf("%s is on no volume that is written to", name)
	}
	place := volume + "/" + path.Base(name)
	if v.files[place] == nil || flag&os.O_TRUNC != 0 {
		v.files[place] = &bytes.Buffer{}
	}
	return file{v.files[place]}, nil
}

func (v *volumes) texts() map[string]string {
	texts := map[string]string{}
	for place, text := range v.files {
		texts[place] = text.String()
	}
	return texts
}

type file struct{ *bytes.Buffer }

func (file) Close() error { return nil }
