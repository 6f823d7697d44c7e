package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func publicPorts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for pname, p := range plan.Sorted(container.Ports) {
			path := w.AtContainer(cname, "ports", pname)
			switch {
			case p.Expose == "none":
				c.Notef("expose", path.To("expose"), "ecs keeps nobody from a port: only the task's securityGroups do")
			case p.Expose != "public":
			case w.Kind.Ends():
				c.unsupported(path.To("expose"), runTaskDocs, `use kind "service", or leave expose out`, "ecs puts no %s behind a load balancer", w.Kind)
			case len(w.Ext.TargetGroups[pname]) == 0:
				c.missingTargetGroup(w, path, pname)
			}
		}
	}
}

func (c *check) missingTargetGroup(w *workload, path diag.Path, pname string) {
	c.report(diag.MissingField, path, docs+"service-load-balancing.html",
		"set workloads."+w.Name+".extensions.ecs.targetGroups."+pname+" to the target group's ARN, or let a policy set it",
		"port %q is in no target group of a load balancer", pname)
}

func ingress(c *check, w *workload) {
	joined := false
	for i, entry := range w.Ingress {
		p, ok := w.Port(entry.Port)
		if !ok {
			continue
		}
		if entry.TLSSecret != "" {
			c.unsupported(w.At("ingress", i, "tls", "secret"), docs+"service-load-balancing.html", "write tls: true, and give the listener a certificate of AWS Certificate Manager",
				"a load balancer takes no certificate from a secret")
		}
		if len(w.Ext.TargetGroups[entry.Port]) > 0 {
			joined = true
		} else if p.Expose != "public" {
			c.missingTargetGroup(w, w.At("ingress", i, "port"), entry.Port)
		}
	}
	if joined {
		c.approximate("ingress", w.At("ingress"), docs+"service-load-balancing.html", "give the listener a rule for the host and path",
			"ecs registers the port in its target group: which host and path lead there, and tls, is up to the load balancer's listener")
	}
}

func targetGroups(c *check, w *workload) {
	if w.Kind.Ends() {
		if len(w.Ext.TargetGroups) > 0 && !w.public() {
			c.report(diag.Conflict, w.AtExtension("targetGroups"), runTaskDocs, "", "ecs puts no %s behind a load balancer", w.Kind)
		}
		if w.Ext.GracePeriodSeconds != nil {
			c.report(diag.Conflict, w.AtExtension("healthCheckGracePeriodSeconds"), serviceDocs, "", "only a service has a grace period, not a %s", w.Kind)
		}
		return
	}
	n := 0
	for pname, arns := range plan.Sorted(w.Ext.TargetGroups) {
		n += len(arns)
		if _, ok := w.Port(pname); !ok {
			c.report(diag.UnknownName, w.AtExtension("targetGroups", pname), "", "", "workload %q has no port %q", w.Name, pname)
		}
	}
	if n > maxTargetGroups {
		c.report(diag.OutOfBounds, w.AtExtension("targetGroups"), quotaDocs, "", "ecs registers a service in at most %d target groups, not %d", maxTargetGroups, n)
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

// ingressRows are the rows of entries.
var ingressRows = provider.Table{
	{Field: "workloads.ingress", Level: approximated, How: "the port joins its target group: host, path and tls are the load balancer's listener's", Instead: "give the listener a rule for the host and path", Effect: none, Source: "the load balancer's own"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: unsupported, How: "a load balancer takes no certificate from a secret", Instead: "write tls: true, and give the listener a certificate of AWS Certificate Manager"},
}

// portRows are the rows of ports.
var portRows = provider.Table{
	{Field: "workloads.containers.ports", Level: exact, How: "`portMappings`"},
	{Field: "workloads.containers.ports.port", Level: exact, How: "`containerPort`"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`", Effect: replacement, Source: "API reference, PortMapping: protocol, which cannot change in a Service Connect service"},
	{Field: "workloads.containers.ports.app", Level: exact, How: "`appProtocol`, which Service Connect reads: each request then has a time limit", Effect: replacement, Source: "API reference, PortMapping: appProtocol is immutable in a Service Connect service"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: approximated, How: "only the task's security groups keep anybody from a port"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a Service Connect name, where an endpoint leads to the workload"},
	{Field: "workloads.containers.ports.expose", When: "public, of a service", Level: exact, How: "the target groups of extensions.ecs.targetGroups"},
	{Field: "workloads.containers.ports.expose", When: "public, of a job or cron", Level: unsupported, How: "only a service is behind a load balancer", Instead: "use kind service"},
}
