package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/nomad/client/taskenv"
	"github.com/hashicorp/nomad/drivers/docker"
	"github.com/hashicorp/nomad/drivers/shared/capabilities"
	"github.com/hashicorp/nomad/helper/pluginutils/hclspecutils"
	"github.com/hashicorp/nomad/helper/pluginutils/hclutils"
	"github.com/hashicorp/nomad/nomad/structs"
	"github.com/hashicorp/nomad/plugins/drivers"
)

// node is the machine that processes run on.
var node = &structs.Node{
	ID:         "c7ac4d2e-9c0b-4f5e-9a52-0a3f5d6b7e81",
	Name:       "node",
	Datacenter: "dc1",
	Attributes: map[string]string{"cpu.arch": "amd64", "kernel.name": "linux", "os.name": "ubuntu"},
}

// processes are those of a job's tasks.
func (t *tenant) processes(j *job) ([]process, []error) {
	var out []process
	var problems []error
	for _, group := range j.server.TaskGroups {
		for _, task := range group.Tasks {
			p, err := t.process(j.server, group, task)
			if err != nil {
				problems = append(problems, fmt.Errorf("task %s: %w", task.Name, err))
				continue
			}
			out = append(out, p)
		}
	}
	return out, problems
}

// process does what a client does to start a task (client/allocrunner/taskrunner).
func (t *tenant) process(j *structs.Job, group *structs.TaskGroup, task *structs.Task) (process, error) {
	alloc := &structs.Allocation{
		ID:        "5d3a1f0e-7e0c-4c5b-8d5e-2f1b9c8a7d60",
		Name:      structs.AllocName(j.ID, group.Name, 0),
		Namespace: j.Namespace,
		Job:       j,
		JobID:     j.ID,
		TaskGroup: group.Name,
	}
	builder := taskenv.NewBuilder(node, alloc, task, j.Region)
	builder.SetAllocDir("/alloc").SetTaskLocalDir("/local").SetSecretsDir("/secrets")
	files, templated, err := t.render(task, builder.Build())
	if err != nil {
		return process{}, err
	}
	env := builder.SetTemplateEnv(templated).Build()
	config, err := driverConfig(task, env)
	if err != nil {
		return process{}, err
	}
	if err := unchanged(env, group, task); err != nil {
		return process{}, err
	}
	if config.Auth.Username != "" && config.Auth.Password != templated[registryPassword] {
		return process{}, fmt.Errorf("the registry's password is %q", config.Auth.Password)
	}
	delete(templated, registryPassword)
	p := process{Workload: group.Name, Container: task.Name, Command: config.Entrypoint, Args: config.Args}
	if p.Env, err = written(env, task.Env, templated); err != nil {
		return process{}, err
	}
	shared := len(group.Networks) > 0 && group.Networks[0].Mode != "host"
	p.Files, err = mounted(config, task, files, shared)
	return p, err
}

// registryPassword is the variable that the driver reads the password of an image's registry from. It is no variable
// that a tenant sets, so it is left out of what a process is said to see.
const registryPassword = "CUECOMPUTE_REGISTRY_PASSWORD"

// written are the variables of a process that its job sets, and not Nomad itself.
func written(env *taskenv.TaskEnv, sets ...map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for _, set := range sets {
		for name := range set {
			value, ok := env.EnvMap[name]
			if !ok {
				return nil, fmt.Errorf("environment variable %s has another name in the process", name)
			}
			out[name] = value
		}
	}
	return out, nil
}

var dockerSpec, podmanHCL = specs()

// specs are the schemas of the drivers' configurations.
func specs() (dockerSpec, podman hcldec.Spec) {
	schema, err := docker.NewDockerDriver(context.Background(), hclog.NewNullLogger()).TaskConfigSchema()
	if err != nil {
		panic(err)
	}
	dockerSpec, diags := hclspecutils.Convert(schema)
	podman, more := hclspecutils.Convert(podmanSpec)
	if diags.HasErrors() || more.HasErrors() {
		panic(errors.Join(diags, more))
	}
	return dockerSpec, podman
}

// driverConfig expands and decodes a task's configuration (TaskRunner.runDriver). The
// podman driver has the same names for what is read of it here.
func driverConfig(task *structs.Task, env *taskenv.TaskEnv) (docker.TaskConfig, error) {
	var config docker.TaskConfig
	vars, _, err := env.AllValues()
	if err != nil {
		return config, err
	}
	spec := dockerSpec
	if task.Driver == "podman" {
		spec = podmanHCL
	}
	val, diags, problems := hclutils.ParseHclInterface(task.Config, spec, vars)
	if diags.HasErrors() {
		return config, errors.Join(problems...)
	}
	native := &drivers.TaskConfig{}
	if err := native.EncodeDriverConfig(val); err != nil {
		return config, err
	}
	if err := native.DecodeDriverConfig(&config); err != nil {
		return config, err
	}
	known := capabilities.Supported()
	for _, name := range slices.Concat(config.CapAdd, config.CapDrop) {
		if !strings.EqualFold(name, "all") && !known.Difference(capabilities.New([]string{name})).Empty() {
			return config, fmt.Errorf("capability %s is not known", name)
		}
	}
	return config, nil
}

// mounted are the files that templates wrote, at the paths where the process sees them.
// Two mounts at one path are refused, by docker and by podman; where the group shares its
// network, Nomad has one for the names of hosts.
func mounted(config docker.TaskConfig, task *structs.Task, files map[string]string, shared bool) (map[string]string, error) {
	taken := map[string]bool{"/alloc": true, "/local": true, "/secrets": true, "/etc/hosts": shared}
	out := map[string]string{}
	take := func(at string) error {
		if taken[path.Clean(at)] {
			return fmt.Errorf("two mounts at %s", at)
		}
		taken[path.Clean(at)] = true
		return nil
	}
	for _, bind := range config.Volumes {
		parts := strings.Split(bind, ":") // parseVolumeSpecLinux in drivers/docker/driver.go
		if len(parts) < 2 {
			return nil, fmt.Errorf("volume %q is not of the form SOURCE:PATH", bind)
		}
		from, at := parts[0], parts[1]
		if err := take(at); err != nil {
			return nil, err
		}
		found := strings.HasPrefix(from, "../alloc/")
		for file, text := range files {
			if rest, ok := strings.CutPrefix(file, from); ok && (rest == "" || rest[0] == '/') {
				out[at+rest], found = text, true
			}
		}
		if !found {
			return nil, fmt.Errorf("volume %q leads to nothing", bind)
		}
	}
	for _, m := range config.Mounts {
		if err := take(m.Target); err != nil {
			return nil, err
		}
	}
	for _, m := range task.VolumeMounts {
		if err := take(m.Destination); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unchanged holds that what Nomad interpolates beside the environment stays as it was
// written: checks (taskenv.InterpolateServices), and where volumes are mounted
// (interpolateVolumeMounts in client/allocrunner/taskrunner/volume_hook.go). Tags are in
// Nomad's own terms.
func unchanged(env *taskenv.TaskEnv, group *structs.TaskGroup, task *structs.Task) error {
	services := slices.Concat(group.Services, task.Services)
	for i, s := range taskenv.InterpolateServices(env, services) {
		for k, check := range s.Checks {
			if was := services[i].Checks[k]; !reflect.DeepEqual(was, check) {
				return fmt.Errorf("check %s is not asked as written", was.Name)
			}
		}
	}
	for _, m := range task.VolumeMounts {
		if env.ReplaceEnv(m.Destination) != m.Destination {
			return fmt.Errorf("volume %s is mounted elsewhere than at %s", m.Volume, m.Destination)
		}
	}
	return nil
}
