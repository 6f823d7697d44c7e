package compose

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var _ provider.Renderer = (*Provider)(nil)

// Render returns the tenant's Compose file, for docker compose up; see [provider.Renderer].
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	file, err := composed(ctx, t, t.Workloads...)
	if err != nil {
		return nil, err
	}
	return []provider.File{file}, nil
}

// documents returns the parts of the Compose file, by workload.
func documents(ctx context.Context, p *plan.Plan) (map[string][]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	parts := map[string][]provider.File{}
	for _, w := range t.Workloads {
		file, failed := composed(ctx, t, w)
		parts[w.Name], err = []provider.File{file}, cmp.Or(err, failed)
	}
	return parts, err
}

// composed makes the Compose file of some workloads of a tenant.
func composed(ctx context.Context, t *tenant, workloads ...*workload) (provider.File, error) {
	r := newRenderer(t)
	for _, w := range workloads {
		if err := ctx.Err(); err != nil {
			return provider.File{}, err
		}
		r.workload(w)
	}
	r.patch(workloads)
	data, err := r.file.encode()
	return provider.File{Name: "compose.yaml", Data: data}, err
}

// Names returns the project's name, the prefix of all its containers, volumes and networks, and
// the ports of the machine that it publishes; see [provider.Renderer].
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	path := diag.At("id")
	if projectOf(t) != p.ID {
		path = t.AtExtension("project")
	}
	names := []provider.NativeName{{Scope: "compose project", Name: projectOf(t), Path: path}}
	for _, w := range t.Workloads {
		for name, port := range plan.Sorted(w.published()) {
			if port.Expose != "public" {
				continue // an ingress's, whose number is in a warning
			}
			at := w.hostPort(name, port)
			names = append(names, provider.NativeName{
				Scope: "port of the machine", Name: fmt.Sprintf("%s:%d/%s", t.Ext.Address, at.number, at.protocol), Path: w.portPath(name),
				Concept: "expose",
				Help:    "one of the two runs at a time; give one another number in extensions.compose.hostPorts of its workload, or list expose in the workload's accept",
			})
		}
	}
	return names, nil
}

// renderer makes the Compose file of one plan.
type renderer struct {
	*tenant
	file composeFile
}

func newRenderer(t *tenant) *renderer {
	return &renderer{tenant: t, file: composeFile{
		Name:     projectOf(t),
		Services: map[string]*service{},
		Volumes:  map[string]volume{},
		Configs:  map[string]config{},
		Secrets:  map[string]secret{},
	}}
}

// part returns the name of a part of a workload. Authors' names have no dots, so parts and
// workloads all have different names.
func (w *workload) part(name string) string { return w.Name + "." + name }

// workload adds a service for each container. Other workloads reach it under the workload's own
// name, which is that of the only main container or, if several containers run side by side, of
// one that only holds their network: it outlives each of them, because a container's network
// ends with it.
func (r *renderer) workload(w *workload) {
	if w.sharesNetwork() {
		r.file.Services[w.Name] = r.pause(w)
	}
	for name, c := range plan.Sorted(w.Containers) {
		r.file.Services[w.part(name)] = r.service(w, name, c)
	}
	for name, v := range plan.Sorted(w.Volumes) {
		r.file.Volumes[w.volume(name)] = volumeOf(v)
	}
}

// pause returns the service that holds the network of a workload.
func (r *renderer) pause(w *workload) *service {
	s := &service{
		Image:    r.Ext.PauseImage,
		Platform: platform(w),
		Ports:    r.ports(w),
		Deploy:   deployOf(w.copies(), plan.Resources{}),
		Labels:   r.labels(),
		Profiles: w.profiles(),
	}
	if !w.Kind.Ends() {
		s.Restart = "always"
	}
	return s
}

// service returns the service of one container.
func (r *renderer) service(w *workload, name string, c plan.Container) *service {
	s := &service{
		Image:           c.Image,
		Platform:        platform(w),
		Entrypoint:      literals(c.Command),
		Command:         literals(c.Args),
		WorkingDir:      literal(c.WorkingDir),
		User:            literal(c.User),
		Environment:     r.environment(c),
		DependsOn:       map[string]dependency{},
		HealthCheck:     w.healthcheck(name, c),
		Restart:         w.restart(c),
		StopSignal:      c.StopSignal,
		StopGracePeriod: seconds(w.StopGraceSeconds),
		CPUShares:       cpuShares(c.Resources.CPUMillis),
		MemswapLimit:    mebibytes(c.Resources.MemoryMaxMiB), // of memory and swap: no swap in addition to the memory
		Deploy:          deployOf(w.copies(), c.Resources),
		Labels:          r.labels(),
		Profiles:        w.profiles(),
	}
	switch {
	case w.sharesNetwork():
		s.NetworkMode = "service:" + w.Name
	case c.Role != plan.Init:
		s.Networks = map[string]network{"default": {Aliases: []string{w.Name}}}
		s.Ports = r.ports(w)
	}
	for on, condition := range w.waits(c) {
		s.DependsOn[w.part(on)] = dependency{condition}
	}
	if c.Security != nil {
		s.ReadOnly, s.Privileged = w.readOnly(name), c.Security.Privileged
		s.CapAdd, s.CapDrop = c.Security.AddCapabilities, c.Security.DropCapabilities
	}
	for target, m := range plan.Sorted(c.Mounts) {
		if m.Volume != "" {
			s.Volumes = append(s.Volumes, volumeMount{Type: "volume", Source: w.volume(m.Volume), Target: literal(target), ReadOnly: m.ReadOnly})
		}
	}
	r.files(s, c)
	return s
}

// environment returns a container's variables. A secret's value is inserted when docker compose
// runs, which fails without one.
func (r *renderer) environment(c plan.Container) map[string]text {
	env := map[string]text{}
	for name, e := range c.Env {
		env[name] = r.value(e)
	}
	return env
}

func (r *renderer) value(e plan.EnvValue) text {
	switch {
	case e.Value != nil:
		return literal(*e.Value)
	case e.Secret != "":
		return text(fmt.Sprintf("${%s:?set it to the value of secret %s}", variable(r.tenant, e.Secret), e.Secret))
	case e.Config != "":
		return literal(r.Plan.Config[e.Config][e.File])
	case e.Endpoint != nil:
		return literal(provider.Endpoint(r.Plan, e, e.Endpoint.Workload))
	}
	return text(e.Compose(func(s string) string { return string(literal(s)) }, func(_ string, s plan.EnvSource) string { return string(r.value(s.EnvValue())) }))
}

// configLabel is a label with a checksum of a service's configuration files. Docker Compose
// recreates a container if its service differs, but the files' texts are not part of the
// service (docker/compose, ServiceHash in pkg/compose/hash.go).
const configLabel = "cuecompute.config"

// files adds the files that a container mounts.
func (r *renderer) files(s *service, c plan.Container) {
	hash, any := sha256.New(), false
	eachFile(r.Plan, c, func(f file) {
		if f.secret != "" {
			r.file.Secrets[f.secret] = secret{variable(r.tenant, f.secret)}
			s.Secrets = append(s.Secrets, fileMount{f.secret, literal(f.target)})
			return
		}
		name, content := f.config+"."+f.name, r.Plan.Config[f.config][f.name]
		r.file.Configs[name] = config{literal(content)}
		s.Configs = append(s.Configs, fileMount{name, literal(f.target)})
		fmt.Fprintf(hash, "%s %d %s", name, len(content), content)
		any = true
	})
	if any {
		s.Labels[configLabel] = text(fmt.Sprintf("%x", hash.Sum(nil)[:8]))
	}
}

// labels returns the tenant's labels. Volumes have none, because a volume whose labels change
// is recreated, and loses its data (docker/compose, VolumeHash in pkg/compose/hash.go).
func (r *renderer) labels() map[text]text {
	labels := map[text]text{}
	for name, value := range r.Plan.Labels {
		labels[text(name)] = literal(value)
	}
	return labels
}

// ports returns the published ports of a workload.
func (r *renderer) ports(w *workload) []port {
	var ports []port
	for name, p := range plan.Sorted(w.published()) {
		ports = append(ports, port{
			Name:      name,
			Target:    p.Number,
			Published: strconv.Itoa(w.hostPort(name, p).number),
			HostIP:    r.Ext.Address,
			Protocol:  cmp.Or(p.Protocol, "tcp"),
		})
	}
	return ports
}

// containerRows are the rows of containers.
var containerRows = provider.Table{
	{Field: "workloads.containers", Level: exact, How: "a service; where several run side by side, they share the network of one that does nothing else"},
	{Field: "workloads.containers", When: "side by side, in a service", Level: approximated, How: "when the machine is restarted, some can stay down (moby/moby#50326)", Instead: "run docker compose up then, and list restart in the workload's accept"},
	{Field: "workloads.containers", When: "side by side, in a job", Level: approximated, How: "the service that holds their network runs until docker compose down", Instead: "stop it so"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "a service that waits for the end of the init containers"},
	{Field: "workloads.containers.role", When: "init, in a service", Level: approximated, How: "a service that others wait for, and each docker compose up runs again", Instead: "let it do no harm the second time, and list restart in the workload's accept"},
	{Field: "workloads.containers.role", When: "init, in a job", Level: exact, How: "a service that others wait for"},
	{Field: "workloads.containers.role", When: "sidecar, in a service", Level: exact, How: "a service of its own"},
	{Field: "workloads.containers.role", When: "sidecar, in a job", Level: approximated, How: "it runs until docker compose down", Instead: "stop it so"},
	{Field: "workloads.containers.command", Level: exact, How: "`entrypoint`, with the $ of Compose's own syntax escaped"},
	{Field: "workloads.containers.args", Level: exact, How: "`command`, likewise"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`working_dir`"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.stopSignal", Level: exact, How: "`stop_signal`"},
	{Field: "workloads.containers.env", Level: exact, How: "`environment`, with the $ of Compose's own syntax escaped"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "the variable, without which docker compose up fails"},
	{Field: "workloads.containers.env.values", Level: exact, How: "composed in `environment`"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the file's text"},
	{Field: "workloads.containers.env.endpoint", Level: exact, How: "the workload's name in the project's network, and the port"},
	{Field: "workloads.containers.accept", Effect: none},
}
