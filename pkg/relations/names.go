package relations

import (
	"iter"
	"maps"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// envNames: a variable's secret, configuration and endpoint exist.
func envNames(c *container) {
	for name, e := range plan.Sorted(c.Env) {
		if e.Value != nil {
			continue
		}
		at := c.at("env", name)
		c.secretExists(at, e.Secret)
		c.configExists(at, e.Config, e.File)
		if e.Endpoint != nil {
			c.endpointExists(at.To("endpoint"), *e.Endpoint)
		}
	}
}

// mountNames: what is mounted exists.
func mountNames(c *container) {
	for target, m := range plan.Sorted(c.Mounts) {
		at := c.at("mounts", target)
		c.secretExists(at, m.Secret)
		c.configExists(at, m.Config, m.File)
		if _, ok := c.Volumes[m.Volume]; !ok && m.Volume != "" {
			c.dangling(at.To("volume"), "volume", m.Volume, maps.Keys(c.Volumes))
		}
	}
}

func (c *container) secretExists(at diag.Path, name string) {
	if _, ok := c.plan.Secrets[name]; !ok && name != "" {
		c.dangling(at.To("secret"), "secret", name, maps.Keys(c.plan.Secrets))
	}
}

func (c *container) configExists(at diag.Path, name, file string) {
	if name == "" {
		return
	}
	files, ok := c.plan.Config[name]
	if !ok {
		c.dangling(at.To("config"), "config", name, maps.Keys(c.plan.Config))
	} else if _, ok := files[file]; !ok && file != "" {
		c.dangling(at.To("file"), "file in config "+name, file, maps.Keys(files))
	}
}

// endpointExists: the workload has the port, and others may reach it.
func (c *container) endpointExists(at diag.Path, to plan.Endpoint) {
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

// portNames are those of all a workload's containers.
func portNames(w *plan.Workload) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range w.Ports() {
			if !yield(name) {
				return
			}
		}
	}
}

// ingressPorts: an ingress leads to a port of the workload that is reached by TCP.
func ingressPorts(w *workload) {
	ports := w.Ports()
	for i, in := range w.Ingress {
		at := w.at("ingress", i)
		port, ok := ports[in.Port]
		switch {
		case !ok:
			w.dangling(at.To("port"), "port", in.Port, maps.Keys(ports))
		case port.Protocol != "tcp":
			w.diags.Errorf(diag.Conflict, at.To("port"), "port %q is %s, and HTTP needs tcp", in.Port, port.Protocol)
		case port.Expose == "none":
			d := w.diags.Errorf(diag.Conflict, at.To("port"), "port %q is not exposed", in.Port)
			d.Help = `set its expose to "internal"`
		}
		if _, ok := w.plan.Secrets[in.TLSSecret]; !ok && in.TLSSecret != "" {
			w.dangling(at.To("tls", "secret"), "secret", in.TLSSecret, maps.Keys(w.plan.Secrets))
		}
	}
}

// checkPorts: a check asks a port that the container has, by TCP.
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

// others are the workload's containers but this.
func (c *container) others(yield func(name string) bool) {
	for name := range c.Containers {
		if name != c.name && !yield(name) {
			return
		}
	}
}

// dependencies: a container waits for another of its workload.
func dependencies(c *container) {
	for on := range plan.Sorted(c.DependsOn) {
		if _, ok := c.Containers[on]; !ok { // itself is a cycle
			c.dangling(c.at("dependsOn", on), "container", on, c.others)
		}
	}
}
