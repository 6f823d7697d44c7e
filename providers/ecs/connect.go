package ecs

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// connects reports whether the workload is in Service Connect: it looks for an
// endpoint, or is one.
func (t *tenant) connects(w *workload) bool {
	return t.served[w.name] || w.Reads(func(e plan.EnvValue) bool { return e.Endpoint != nil }, nil)
}

// endpoints are names of Service Connect, which only tasks of services have and find;
// its proxy speaks TCP, needs a bound to the task's memory, and does not run on Windows
// (developer guide, "Amazon ECS Service Connect", considerations).
func endpoints(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for env, value := range plan.Sorted(container.Env) {
			e := value.Endpoint
			if e == nil {
				continue
			}
			path := w.container(cname, "env", env, "endpoint")
			i := slices.IndexFunc(c.workloads, func(o *workload) bool { return o.name == e.Workload })
			if i < 0 {
				continue
			}
			target := c.workloads[i]
			port, _ := target.Port(e.Port)
			switch {
			case w.Kind != plan.Service:
				c.unsupported(path, connectDocs, "write the address as a plain value, such as the load balancer's", "an ecs %s finds no endpoints: only tasks of a service do", w.Kind)
			case target.Kind != plan.Service:
				c.unsupported(path, connectDocs, "", "on ecs %q has no endpoint: it is a %s", target.name, target.Kind)
			case port.Protocol == "udp":
				c.unsupported(path, connectDocs, "put the port behind a network load balancer, and write its address", "ecs has no endpoint for the udp port %q", e.Port)
			case w.windows() || target.windows():
				c.unsupported(path, connectDocs, "", "ecs has no endpoints for windows containers")
			}
		}
	}
	if !c.fargate() && w.ext.Memory == 0 && w.Kind == plan.Service && c.connects(w) {
		c.report(diag.MissingField, w.extAt("memory"), connectDocs, "set it to more than the containers' memory together, and 64 MiB for the proxy",
			"on ec2 a task that has or finds endpoints needs a bound to its memory, and %q has none", w.name)
	}
}

// creationOrder: a task finds the endpoints that there were when it was started, so a
// service comes after those that it looks for; of services that look for each other, one
// cannot (developer guide, "Amazon ECS Service Connect components": only tasks that start
// after an endpoint was deployed resolve it; checked 2026-11-29).
func creationOrder(c *check) {
	const page = docs + "service-connect-concepts-deploy.html"
	created := map[string]bool{}
	for _, w := range c.inOrder() {
		reported := map[string]bool{w.name: true}
		for cname, container := range plan.Sorted(w.Containers) {
			for env, value := range plan.Sorted(container.Env) {
				target := value.Endpoint
				if target == nil || w.Kind != plan.Service || c.plan.Workloads[target.Workload].Kind != plan.Service || reported[target.Workload] {
					continue
				}
				reported[target.Workload] = true
				at := w.container(cname, "env", env, "endpoint")
				if created[target.Workload] {
					d := c.Notef("endpoint", at, "tasks of %q find %q only if service %q was created first", w.name, target.Workload, target.Workload)
					d.Help = "create " + target.Workload + " first and wait for it: aws ecs wait services-stable" + c.clusterFlag() + " --services " + c.native(target.Workload)
					d.Docs = page
					continue
				}
				c.approximate("endpoint", at, page,
					"once both exist, redeploy "+w.name+": aws ecs update-service"+c.clusterFlag()+" --service "+c.native(w.name)+" --force-new-deployment",
					"%q and %q need each other's endpoints: %q is created first, and its tasks do not find %q", w.name, target.Workload, w.name, target.Workload)
			}
		}
		created[w.name] = true
	}
}

// clusterFlag names the cluster in a command of the AWS command line.
func (t *tenant) clusterFlag() string {
	if name := t.clusterName(); name != "default" {
		return " --cluster " + name
	}
	return ""
}
