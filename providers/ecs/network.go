package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// publicPorts: a service is reached from outside by a load balancer, whose target
// group is the landlord's; a task that runs once is behind none (API reference,
// CreateService: loadBalancers; RunTask has no such field).
func publicPorts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for pname, p := range plan.Sorted(container.Ports) {
			path := w.container(cname, "ports", pname)
			switch {
			case p.Expose == "none":
				c.Notef("expose", path.To("expose"), "ecs keeps nobody from a port: only the task's securityGroups do")
			case p.Expose != "public":
			case w.Kind != plan.Service:
				c.unsupported(path.To("expose"), runTaskDocs, `use kind "service", or leave expose out`, "ecs puts no %s behind a load balancer", w.Kind)
			case len(w.ext.TargetGroups[pname]) == 0:
				c.missingTargetGroup(w, path, pname)
			}
		}
	}
}

func (c *check) missingTargetGroup(w *workload, path diag.Path, pname string) {
	c.report(diag.MissingField, path, docs+"service-load-balancing.html",
		"set workloads."+w.name+".extensions.ecs.targetGroups."+pname+" to the target group's ARN, or let a policy set it",
		"port %q is in no target group of a load balancer", pname)
}

// ingress: host, path and certificate belong to the load balancer's listener, which
// leads to the port's target group; the service only joins that group (API reference,
// CreateService: loadBalancers).
func ingress(c *check, w *workload) {
	joined := false
	for i, entry := range w.Ingress {
		p, ok := w.Port(entry.Port)
		if !ok {
			continue
		}
		if entry.TLSSecret != "" {
			c.unsupported(w.at("ingress", i, "tls", "secret"), docs+"service-load-balancing.html", "write tls: true, and give the listener a certificate of AWS Certificate Manager",
				"a load balancer takes no certificate from a secret")
		}
		if len(w.ext.TargetGroups[entry.Port]) > 0 {
			joined = true
		} else if p.Expose != "public" {
			c.missingTargetGroup(w, w.at("ingress", i, "port"), entry.Port)
		}
	}
	if joined {
		c.approximate("ingress", w.at("ingress"), docs+"service-load-balancing.html", "give the listener a rule for the host and path",
			"ecs registers the port in its target group: which host and path lead there, and tls, is up to the load balancer's listener")
	}
}

// targetGroups: each is of a port of the service (API reference, LoadBalancer).
func targetGroups(c *check, w *workload) {
	if w.Kind != plan.Service {
		if len(w.ext.TargetGroups) > 0 && !w.public() {
			c.report(diag.Conflict, w.extAt("targetGroups"), runTaskDocs, "", "ecs puts no %s behind a load balancer", w.Kind)
		}
		if w.ext.GracePeriodSeconds != nil {
			c.report(diag.Conflict, w.extAt("healthCheckGracePeriodSeconds"), serviceDocs, "", "only a service has a grace period, not a %s", w.Kind)
		}
		return
	}
	n := 0
	for pname, arns := range plan.Sorted(w.ext.TargetGroups) {
		n += len(arns)
		if _, ok := w.Port(pname); !ok {
			c.report(diag.UnknownName, w.extAt("targetGroups", pname), "", "", "workload %q has no port %q", w.name, pname)
		}
	}
	if n > maxTargetGroups {
		c.report(diag.OutOfBounds, w.extAt("targetGroups"), quotaDocs, "", "ecs registers a service in at most %d target groups, not %d", maxTargetGroups, n)
	}
}

func (w *workload) public() bool {
	for _, p := range w.Ports() {
		if p.Expose == "public" {
			return true
		}
	}
	return false
}
