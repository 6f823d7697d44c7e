package ecs

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// containerDefinitions returns the workload's containers, after the one that writes their
// configuration files (API reference, ContainerDefinition).
func (t *tenant) containerDefinitions(w *workload, files configFiles) []types.ContainerDefinition {
	var defs []types.ContainerDefinition
	if len(files) > 0 {
		defs = append(defs, t.configWriter(w, files))
	}
	for cname, c := range plan.Sorted(w.Containers) {
		def := types.ContainerDefinition{
			Name:                  &cname,
			Image:                 &c.Image,
			RepositoryCredentials: t.credentials(c.Image),
			EntryPoint:            c.Command,
			Command:               c.Args,
			DependsOn:             w.dependencies(cname, files),
			Essential:             new(w.essential(cname)),
			HealthCheck:           healthCheck(&c),
			LinuxParameters:       linuxParameters(w, &c),
			LogConfiguration:      t.logConfiguration(w),
			MountPoints:           mountPoints(w, cname, files),
			PortMappings:          portMappings(&c),
			RestartPolicy:         w.restartPolicy(cname),
			StopTimeout:           new(int32(w.StopGraceSeconds)),
			User:                  stated(c.User),
			WorkingDirectory:      stated(c.WorkingDir),
		}
		if s := c.Security; s != nil && s.ReadOnlyRootFilesystem {
			def.ReadonlyRootFilesystem = new(true)
		}
		if s := c.Security; s != nil && s.Privileged {
			def.Privileged = new(true)
		}
		t.environment(&def, &c)
		t.resources(&def, w, c.Resources)
		defs = append(defs, def)
	}
	return defs
}

// environment sets variables and secrets. An endpoint is a text: its host is a name that the
// proxy of Service Connect adds to the task.
func (t *tenant) environment(def *types.ContainerDefinition, c *plan.Container) {
	for env, v := range plan.Sorted(c.Env) {
		if v.Secret != "" {
			def.Secrets = append(def.Secrets, types.Secret{Name: &env, ValueFrom: new(valueFrom(t.Secrets[v.Secret]))})
			continue
		}
		text := t.text(v)
		def.Environment = append(def.Environment, types.KeyValuePair{Name: &env, Value: &text})
	}
}

// text returns the text of a variable without a secret.
func (t *tenant) text(v plan.EnvValue) string {
	switch {
	case v.Value != nil:
		return *v.Value
	case v.Endpoint != nil:
		return provider.Endpoint(t.Plan, v, t.native(v.Endpoint.Workload))
	case v.Values != nil:
		return v.Compose(func(text string) string { return text }, func(_ string, s plan.EnvSource) string { return t.text(s.EnvValue()) })
	}
	return t.Plan.Config[v.Config][v.File]
}

// valueFrom is a secret's place. Behind a Secrets Manager ARN stand the key, the
// version's stage and its id, all of which may be empty (developer guide, "Pass
// Secrets Manager secrets through Amazon ECS environment variables").
func valueFrom(s plan.Secret) string {
	if s.Key == "" {
		return s.Path
	}
	return s.Path + ":" + s.Key + "::"
}

// resources sets what the container asks for and may use. Where both amounts of memory
// are the same, the limit says it all: ECS wants it to be more than the reservation.
// Without any, on EC2, a container must ask for some, and gets the default.
func (t *tenant) resources(def *types.ContainerDefinition, w *workload, r plan.Resources) {
	units, _ := cpuUnits(r.CPUMillis)
	def.Cpu = int32(units)
	if r.MemoryMaxMiB != 0 {
		def.Memory = new(int32(r.MemoryMaxMiB))
	}
	if r.MemoryMiB != 0 && r.MemoryMiB != r.MemoryMaxMiB {
		def.MemoryReservation = new(int32(r.MemoryMiB))
	}
	if task, _ := t.task(w); task.memoryMiB == 0 && reservedMiB(r) == 0 {
		def.MemoryReservation = new(int32(defaultContainerMiB))
	}
	if r.GPU > 0 {
		def.ResourceRequirements = []types.ResourceRequirement{{Type: types.ResourceTypeGpu, Value: new(strconv.Itoa(r.GPU))}}
	}
}

// credentials returns the login of the image's registry.
func (t *tenant) credentials(image string) *types.RepositoryCredentials {
	if arn := t.Ext.RepositoryCredentials[registry(image)]; arn != "" {
		return &types.RepositoryCredentials{CredentialsParameter: &arn}
	}
	return nil
}

// logs says where the containers' output goes: where the extension says nothing, to
// awslogs, if there is a role that may write there and the region is known.
func (t *tenant) logs() *logs {
	if t.Ext.Logs == nil && t.Ext.ExecutionRoleArn != "" && t.region() != "" {
		return &logs{Driver: "awslogs"}
	}
	return t.statedLogs()
}

// statedLogs returns the extension's logs, nil for none or `none`.
func (t *tenant) statedLogs() *logs {
	if l := t.Ext.Logs; l != nil && l.Driver != noLogs {
		return l
	}
	return nil
}

// logConfiguration is the same for every container of the workload; awslogs tells them
// apart, for a stream is called prefix/container/task.
func (t *tenant) logConfiguration(w *workload) *types.LogConfiguration {
	l := t.logs()
	if l == nil {
		return nil
	}
	c := &types.LogConfiguration{LogDriver: types.LogDriver(l.Driver), Options: map[string]string{}}
	if l.Driver == "awslogs" {
		c.Options["awslogs-stream-prefix"] = w.Name
		if region := t.region(); region != "" {
			c.Options["awslogs-region"] = region
		}
		if _, stated := l.Options["awslogs-group"]; l.Group == "" && !stated {
			c.Options["awslogs-group"] = "/ecs/" + t.Plan.ID
			c.Options["awslogs-create-group"] = "true"
		}
	}
	for option, value := range l.Options {
		c.Options[option] = value
	}
	for _, f := range l.fields() {
		if f.value != "" {
			c.Options[f.option] = f.value
		}
	}
	for name, place := range plan.Sorted(l.SecretOptions) {
		c.SecretOptions = append(c.SecretOptions, types.Secret{Name: &name, ValueFrom: &place})
	}
	return c
}

// healthCheck is the one check that a container has, with a command that no shell
// reads (API reference, HealthCheck). A startup check beside it, of the same command,
// is its start period.
func healthCheck(c *plan.Container) *types.HealthCheck {
	field, check := ownCheck(c)
	if check == nil {
		return nil
	}
	start := check.StartDelaySeconds
	if field != "startup" && c.Startup != nil && c.Startup.Exec != nil {
		start = max(start, startSeconds(c.Startup))
	}
	h := &types.HealthCheck{
		Command:  append([]string{"CMD"}, check.Exec.Command...),
		Interval: new(int32(check.IntervalSeconds)),
		Timeout:  new(int32(check.TimeoutSeconds)),
		Retries:  new(int32(check.Retries)),
	}
	if start > 0 {
		h.StartPeriod = new(int32(start))
	}
	return h
}

// linuxParameters are the capabilities, and volumes in memory, each of which is one
// container's own.
func linuxParameters(w *workload, c *plan.Container) *types.LinuxParameters {
	var p types.LinuxParameters
	if w.Ext.EnableExecuteCommand && !w.windows() {
		p.InitProcessEnabled = new(true) // which reaps what commands leave (developer guide, "ECS Exec")
	}
	if s := c.Security; s != nil && len(s.AddCapabilities)+len(s.DropCapabilities) > 0 {
		p.Capabilities = &types.KernelCapabilities{Add: s.AddCapabilities, Drop: s.DropCapabilities}
	}
	for mpath, m := range plan.Sorted(c.Mounts) {
		if !w.inMemory(m) {
			continue
		}
		tmpfs := types.Tmpfs{ContainerPath: &mpath, Size: int32(w.Volumes[m.Volume].Ephemeral.SizeMiB)}
		if m.ReadOnly {
			tmpfs.MountOptions = []string{"ro"}
		}
		p.Tmpfs = append(p.Tmpfs, tmpfs)
	}
	if p.Capabilities == nil && p.Tmpfs == nil && p.InitProcessEnabled == nil {
		return nil
	}
	return &p
}

func (w *workload) inMemory(m plan.Mount) bool {
	return w.Volumes[m.Volume].InMemory()
}

// portMappings returns the container's ports, sorted by name. The host's port is the
// container's own: each task has its own network interface (awsvpc).
func portMappings(c *plan.Container) []types.PortMapping {
	var ports []types.PortMapping
	for pname, p := range plan.Sorted(c.Ports) {
		ports = append(ports, types.PortMapping{
			Name:          &pname,
			ContainerPort: new(int32(p.Number)),
			Protocol:      types.TransportProtocol(p.Protocol),
			AppProtocol:   types.ApplicationProtocol(p.App),
		})
	}
	return ports
}

// mountPoints returns volumes and directories of configuration files, sorted by path, so that
// nested ones come later.
func mountPoints(w *workload, cname string, files configFiles) []types.MountPoint {
	sources := files.mountsOf(cname)
	readOnly := map[string]bool{}
	for mpath := range sources {
		readOnly[mpath] = true
	}
	for mpath, m := range w.Containers[cname].Mounts {
		if m.Volume != "" && !w.inMemory(m) {
			sources[mpath], readOnly[mpath] = m.Volume, m.ReadOnly
		}
	}
	var points []types.MountPoint
	for mpath, volume := range plan.Sorted(sources) {
		point := types.MountPoint{ContainerPath: &mpath, SourceVolume: &volume}
		if readOnly[mpath] {
			point.ReadOnly = new(true)
		}
		points = append(points, point)
	}
	return points
}
