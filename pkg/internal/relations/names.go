package relations

import (
	"fmt"
	"iter"
	"maps"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// envNames: the secrets, configurations and endpoints of variables exist.
func envNames(c *container) {
	for at, e := range c.Sources() {
		if e.Value != nil {
			continue
		}
		c.secretExists(e.Secret, at...)
		c.configExists(e.Config, e.File, at...)
		if e.Endpoint != nil {
			c.endpointExists(*e.Endpoint, c.at(at...).To("endpoint"))
		}
	}
}

// composed: a composed text uses all of its values, and no others.
func composed(c *container) {
	for name, e := range plan.Sorted(c.Env) {
		if e.Values == nil {
			continue
		}
		parts, lone := e.Parts()
		if lone {
			d := c.diags.Errorf(diag.BadFormat, c.at("env", name, "format"), "the format of %s has a brace that is no part", name)
			d.Help = "a value is {NAME}, and a brace {{ or }}"
			continue // its values are unknown
		}
		used := map[string]bool{}
		for _, p := range parts {
			if used[p.Value] = true; p.Value == "" {
				continue
			}
			if _, ok := e.Values[p.Value]; !ok {
				c.dangling(c.at("env", name, "format"), "value", p.Value, maps.Keys(e.Values))
			}
			other := name + "." + p.Value
			if _, taken := c.Env[other]; taken {
				c.diags.Errorf(diag.Conflict, c.at("env", other), "%s is the name of a value of %s", other, name)
			}
		}
		for value := range plan.Sorted(e.Values) {
			if !used[value] {
				d := c.diags.Errorf(diag.Conflict, c.at("env", name, "values", value), "the format of %s does not name {%s}", name, value)
				d.Help = "name it there, or leave it out"
			}
		}
	}
}

// mountNames: mounted volumes, configurations and secrets exist.
func mountNames(c *container) {
	for target, m := range plan.Sorted(c.Mounts) {
		c.secretExists(m.Secret, "mounts", target)
		c.configExists(m.Config, m.File, "mounts", target)
		if _, ok := c.Volumes[m.Volume]; !ok && m.Volume != "" {
			c.dangling(c.at("mounts", target, "volume"), "volume", m.Volume, maps.Keys(c.Volumes))
		}
	}
}

// sharedVolumes: a volume that is shared is one of the tenant's.
func sharedVolumes(w *workload) {
	for name, v := range plan.Sorted(w.Volumes) {
		if _, ok := w.plan.Volumes[v.Shared]; !ok && v.Shared != "" {
			w.dangling(w.at("volumes", name, "shared"), "shared volume", v.Shared, maps.Keys(w.plan.Volumes))
		}
	}
}

// secretExists checks the secret that a field of the container names; at is the field's path.
func (c *container) secretExists(name string, at ...any) {
	if _, ok := c.plan.Secrets[name]; !ok && name != "" {
		c.dangling(c.at(at...).To("secret"), "secret", name, maps.Keys(c.plan.Secrets))
	}
}

func (c *container) configExists(name, file string, at ...any) {
	if name == "" {
		return
	}
	files, ok := c.plan.Config[name]
	if !ok {
		c.dangling(c.at(at...).To("config"), "config", name, maps.Keys(c.plan.Config))
	} else if _, ok := files[file]; !ok && file != "" {
		c.dangling(c.at(at...).To("file"), "file in config "+name, file, maps.Keys(files))
	}
}

// endpointExists: the workload has the port, and exposes it to others.
func (c *container) endpointExists(to plan.Endpoint, at diag.Path) {
	target, ok := c.plan.Workloads[to.Workload]
	if !ok {
		c.danglingIn(at, "workload", to.Workload, maps.Keys(c.plan.Workloads), "%s."+to.Port)
		return
	}
	port, ok := target.Port(to.Port)
	switch {
	case !ok:
		c.danglingIn(at, "port of workload "+to.Workload, to.Port, portNames(&target), to.Workload+".%s")
	case port.Expose == "none":
		d := c.diags.Errorf(diag.Conflict, at, "port %q of workload %q is not exposed", to.Port, to.Workload)
		d.Help = `set its expose to "internal"`
	}
}

// portNames returns the port names of all containers of a workload.
func portNames(w *plan.Workload) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range w.Ports() {
			if !yield(name) {
				return
			}
		}
	}
}

// ingressPorts: an ingress leads to a TCP port of the workload.
func ingressPorts(w *workload) {
	if len(w.Ingress) == 0 {
		return
	}
	ports := w.Ports()
	for i, in := range w.Ingress {
		port, ok := ports[in.Port]
		switch {
		case !ok:
			w.dangling(w.at("ingress", i, "port"), "port", in.Port, maps.Keys(ports))
		case port.Protocol != "tcp":
			w.diags.Errorf(diag.Conflict, w.at("ingress", i, "port"), "port %q is %s, and HTTP needs tcp", in.Port, port.Protocol)
		case port.Expose == "none":
			d := w.diags.Errorf(diag.Conflict, w.at("ingress", i, "port"), "port %q is not exposed", in.Port)
			d.Help = `set its expose to "internal"`
		}
		if _, ok := w.plan.Secrets[in.TLSSecret]; !ok && in.TLSSecret != "" {
			w.dangling(w.at("ingress", i, "tls", "secret"), "secret", in.TLSSecret, maps.Keys(w.plan.Secrets))
		}
	}
}

// checkPorts: a check uses a TCP port of the container.
func checkPorts(c *container) {
	for field, check := range c.Checks() {
		ref, ok := check.Port()
		if !ok || ref.Name == "" {
			continue
		}
		port, ok := c.Ports[ref.Name]
		switch {
		case !ok:
			c.dangling(c.at(field, check.How(), "port"), "port", ref.Name, maps.Keys(c.Ports))
		case port.Protocol != "tcp":
			c.diags.Errorf(diag.Conflict, c.at(field, check.How(), "port"), "port %q is %s, and a %s check needs tcp", ref.Name, port.Protocol, check.How())
		}
	}
}

// others yields the workload's containers except this one.
func (c *container) others(yield func(name string) bool) {
	for name := range c.Containers {
		if name != c.name && !yield(name) {
			return
		}
	}
}

// dependencies: a container waits only for containers of its own workload.
func dependencies(c *container) {
	for on := range plan.Sorted(c.DependsOn) {
		_, isContainer := c.Containers[on] // a container that waits for itself is a cycle
		_, isWorkload := c.plan.Workloads[on]
		switch {
		case isContainer:
		case isWorkload:
			d := c.diags.Errorf(diag.UnknownName, c.at("dependsOn", on), "no container %q: dependsOn orders the containers of one workload, and %q is a workload", on, on)
			d.Help = fmt.Sprintf(`workloads start in no order: find it with env {endpoint: "%s.PORT"}, and let the process try again until it answers`, on)
		default:
			c.dangling(c.at("dependsOn", on), "container", on, c.others)
		}
	}
}
