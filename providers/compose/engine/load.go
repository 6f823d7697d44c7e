package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// warned is what the loader has complained of since the last load.
var warned []error

// warnings gathers what the loader logs: a warning there is a mistake of the file's, such
// as a variable that is not set.
type warnings struct{}

func (warnings) Levels() []logrus.Level { return []logrus.Level{logrus.ErrorLevel, logrus.WarnLevel} }

func (warnings) Fire(e *logrus.Entry) error {
	warned = append(warned, errors.New(e.Message))
	return nil
}

// load reads a document as docker compose does, with every variable that it asks for.
func load(d document) (*types.Project, []error) {
	warned = nil
	details := types.ConfigDetails{
		WorkingDir:  "/",
		ConfigFiles: []types.ConfigFile{{Filename: d.Name, Content: []byte(d.Data)}},
		Environment: types.Mapping{},
	}
	as := func(o *loader.Options) {
		o.SkipInterpolation, o.SkipNormalization = true, true
		o.SkipResolveEnvironment = true
		o.SetProjectName("unnamed", false)
	}
	model, err := loader.LoadModelWithContext(context.Background(), details, as)
	if err != nil {
		return nil, []error{err}
	}
	for name := range template.ExtractVariables(model, template.DefaultPattern) {
		details.Environment[name] = "secret:" + name
	}
	if secrets, ok := model["secrets"].(map[string]any); ok {
		for _, s := range secrets {
			if s, ok := s.(map[string]any); ok {
				if name, ok := s["environment"].(string); ok {
					details.Environment[name] = "secret:" + name
				}
			}
		}
	}
	project, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("unnamed", false)
		o.Profiles = []string{"*"} // jobs have one
	})
	if err != nil {
		return nil, append(warned, err)
	}
	if err := client(d, details.Environment); err != nil {
		warned = append(warned, fmt.Errorf("docker compose config: %w", err))
	}
	if name, ok := model["name"].(string); ok && name != project.Name {
		return project, append(warned, fmt.Errorf("the project would be called %s, and not %s", project.Name, name))
	}
	return project, warned
}

// process is what the process of one container sees.
type process struct {
	Workload  string            `json:"workload"`
	Container string            `json:"container"`
	Command   []string          `json:"command"`
	Args      []string          `json:"args"`
	Env       map[string]string `json:"env"`
	Files     map[string]string `json:"files"`
}

// processes are those of all services that an author's container became: WORKLOAD.CONTAINER.
func processes(p *types.Project) []process {
	var all []process
	for _, name := range p.ServiceNames() {
		s := p.Services[name]
		workload, container, ok := strings.Cut(name, ".")
		if !ok {
			continue
		}
		one := process{workload, container, slices.Clone([]string(s.Entrypoint)), slices.Clone([]string(s.Command)), map[string]string{}, map[string]string{}}
		for name, value := range s.Environment {
			if value != nil {
				one.Env[name] = *value
			}
		}
		for _, c := range s.Configs {
			if text := p.Configs[c.Source].Content; text != "" { // of an empty one no file is made
				one.Files[path.Clean(c.Target)] = text
			}
		}
		for _, c := range s.Secrets {
			one.Files[path.Clean(c.Target)] = p.Environment[p.Secrets[c.Source].Environment]
		}
		all = append(all, one)
	}
	return all
}

// refusals are what docker compose up and the daemon refuse of a project that the loader
// takes.
func refusals(p *types.Project) []error {
	var errs []error
	taken := map[string]string{}
	for _, name := range p.ServiceNames() {
		s := p.Services[name]
		for _, rule := range rules {
			if err := rule(p, s); err != nil {
				errs = append(errs, fmt.Errorf("service %s: %w", name, err))
			}
		}
		for _, port := range s.Ports {
			key := port.Published + "/" + port.Protocol
			if other, ok := taken[key]; ok {
				errs = append(errs, fmt.Errorf("service %s: port %s of the machine is already allocated, to service %s", name, key, other))
			}
			taken[key] = name
		}
	}
	return errs
}
