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

// Render returns the tenant's Compose file, which docker compose up takes; see
// [provider.Renderer].
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	ext, workloads, err := decode(p)
	if err != nil {
		return nil, err
	}
	file, err := composed(ctx, p, ext, workloads...)
	if err != nil {
		return nil, err
	}
	return []provider.File{file}, nil
}

// documents are the parts of the Compose file, by workload.
func documents(ctx context.Context, p *plan.Plan) (map[string][]provider.File, error) {
	ext, workloads, err := decode(p)
	parts := map[string][]provider.File{}
	for _, w := range workloads {
		file, failed := composed(ctx, p, ext, w)
		parts[w.name], err = []provider.File{file}, cmp.Or(err, failed)
	}
	return parts, err
}

// composed makes the Compose file of workloads of a plan.
func composed(ctx context.Context, p *plan.Plan, ext tenantExtension, workloads ...workload) (provider.File, error) {
	r := &renderer{plan: p, ext: ext, file: composeFile{
		Name:     ext.Project,
		Services: map[string]*service{},
		Volumes:  map[string]volume{},
		Configs:  map[string]config{},
		Secrets:  map[string]secret{},
	}}
	for _, w := range workloads {
		if err := ctx.Err(); err != nil {
			return provider.File{}, err
		}
		r.workload(w)
	}
	data, err := r.file.encode()
	return provider.File{Name: "compose.yaml", Data: data}, err
}

// Names returns the project's name, which those of all its containers, volumes and
// networks begin with, and the ports of the machine that it publishes; see [provider.Renderer].
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	ext, workloads, err := decode(p)
	if err != nil {
		return nil, err
	}
	path := diag.At("id")
	if ext.Project != p.ID {
		path = diag.At("extensions", "compose", "project")
	}
	names := []provider.NativeName{{Scope: "compose project", Name: ext.Project, Path: path}}
	for _, w := range workloads {
		for name, port := range plan.Sorted(w.published()) {
			if port.Expose != "public" {
				continue // an ingress's, of which a warning says the number
			}
			at := w.hostPort(name, port)
			names = append(names, provider.NativeName{
				Scope: "port of the machine", Name: fmt.Sprintf("%s:%d/%s", ext.Address, at.number, at.protocol), Path: w.portPath(name),
				Concept: "expose",
				Help:    "one of the two runs at a time; give one another number in extensions.compose.hostPorts of its workload, or list expose in the workload's accept",
			})
		}
	}
	return names, nil
}

// renderer makes the Compose file of one plan.
type renderer struct {
	plan *plan.Plan
	ext  tenantExtension
	file composeFile
}

// part is what a part of a workload is called. An author's names have no dots, so no two
// parts share a name, and none is called as a workload.
func (w workload) part(name string) string { return w.name + "." + name }

// workload adds a service for each container. What the tenant's other workloads find
// under the workload's own name is the container that does the work or, where several run
// side by side, one that does nothing but to hold their network: it outlives each of them,
// as the network of a container that ends goes with it.
func (r *renderer) workload(w workload) {
	if w.sharesNetwork() {
		r.file.Services[w.name] = r.pause(w)
	}
	for name, c := range plan.Sorted(w.Containers) {
		r.file.Services[w.part(name)] = r.service(w, name, c)
	}
	for name, v := range plan.Sorted(w.Volumes) {
		r.file.Volumes[w.part(name)] = volumeOf(v)
	}
}

// pause is the service that holds the network of a workload.
func (r *renderer) pause(w workload) *service {
	s := &service{
		Image:    r.ext.PauseImage,
		Platform: platform(w),
		Ports:    r.ports(w),
		Deploy:   deployOf(w.copies(), plan.Resources{}),
		Labels:   r.labels(),
		Profiles: w.profiles(),
	}
	if w.Kind == plan.Service {
		s.Restart = "always"
	}
	return s
}

// service is the service of one container.
func (r *renderer) service(w workload, name string, c plan.Container) *service {
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
		MemswapLimit:    mebibytes(c.Resources.MemoryMaxMiB), // of memory and swap: no swap beyond the memory
		Deploy:          deployOf(w.copies(), c.Resources),
		Labels:          r.labels(),
		Profiles:        w.profiles(),
	}
	switch {
	case w.sharesNetwork():
		s.NetworkMode = "service:" + w.name
	case c.Role != plan.Init:
		s.Networks = map[string]network{"default": {Aliases: []string{w.name}}}
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
			s.Volumes = append(s.Volumes, volumeMount{"volume", w.part(m.Volume), literal(target), m.ReadOnly})
		}
	}
	r.files(s, c)
	return s
}

// environment is a container's variables. A secret's value is replaced when docker
// compose runs, which fails where there is none.
func (r *renderer) environment(c plan.Container) map[string]text {
	env := map[string]text{}
	for name, e := range c.Env {
		switch {
		case e.Value != nil:
			env[name] = literal(*e.Value)
		case e.Secret != "":
			env[name] = text(fmt.Sprintf("${%s:?set it to the value of secret %s}", variable(r.plan, r.ext, e.Secret), e.Secret))
		case e.Config != "":
			env[name] = literal(r.plan.Config[e.Config][e.File])
		case e.Endpoint != nil:
			env[name] = literal(r.endpoint(e))
		}
	}
	return env
}

// configLabel tells the configuration files of a service. Docker Compose makes a container
// again where its service differs, of which the files' texts are no part (docker/compose,
// ServiceHash in pkg/compose/hash.go).
const configLabel = "cuecompute.config"

// files adds the files that a container mounts.
func (r *renderer) files(s *service, c plan.Container) {
	hash, any := sha256.New(), false
	eachFile(r.plan, c, func(f file) {
		if f.secret != "" {
			r.file.Secrets[f.secret] = secret{variable(r.plan, r.ext, f.secret)}
			s.Secrets = append(s.Secrets, fileMount{f.secret, literal(f.target)})
			return
		}
		name, content := f.config+"."+f.name, r.plan.Config[f.config][f.name]
		r.file.Configs[name] = config{literal(content)}
		s.Configs = append(s.Configs, fileMount{name, literal(f.target)})
		fmt.Fprintf(hash, "%s %d %s", name, len(content), content)
		any = true
	})
	if any {
		s.Labels[configLabel] = text(fmt.Sprintf("%x", hash.Sum(nil)[:8]))
	}
}

// labels are the tenant's. Volumes have none: one whose labels change is recreated, and
// loses what it holds (docker/compose, VolumeHash in pkg/compose/hash.go).
func (r *renderer) labels() map[text]text {
	labels := map[text]text{}
	for name, value := range r.plan.Labels {
		labels[text(name)] = literal(value)
	}
	return labels
}

// ports are the published ports of a workload.
func (r *renderer) ports(w workload) []port {
	var ports []port
	for name, p := range plan.Sorted(w.published()) {
		ports = append(ports, port{
			Name:      name,
			Target:    p.Number,
			Published: strconv.Itoa(w.hostPort(name, p).number),
			HostIP:    r.ext.Address,
			Protocol:  cmp.Or(p.Protocol, "tcp"),
		})
	}
	return ports
}
