package ecs

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// connects reports whether the workload uses Service Connect: it uses an endpoint, or provides
// one.
func (t *tenant) connects(w *workload) bool {
	return t.served[w.Name] || w.Reads(func(e plan.EnvValue) bool { return e.Endpoint != nil }, nil)
}

func endpoints(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for at, value := range container.Sources() {
			e := value.Endpoint
			if e == nil {
				continue
			}
			path := w.AtContainer(cname, at...).To("endpoint")
			target, ok := c.Find(e.Workload)
			if !ok {
				continue
			}
			port, _ := target.Port(e.Port)
			switch {
			case w.Kind.Ends():
				c.unsupported(path, connectDocs, "write the address as a plain value, such as the load balancer's", "an ecs %s finds no endpoints: only tasks of a service do", w.Kind)
			case target.Kind.Ends():
				c.unsupported(path, connectDocs, "", "on ecs %q has no endpoint: it is a %s", target.Name, target.Kind)
			case port.Protocol == "udp":
				c.unsupported(path, connectDocs, "put the port behind a network load balancer, and write its address", "ecs has no endpoint for the udp port %q", e.Port)
			case w.windows() || target.windows():
				c.unsupported(path, connectDocs, "", "ecs has no endpoints for windows containers")
			}
		}
	}
	if !c.fargate() && w.Ext.Memory == 0 && !w.Kind.Ends() && c.connects(w) {
		c.report(diag.MissingField, w.AtExtension("memory"), connectDocs, "set it to more than the containers' memory together, and 64 MiB for the proxy",
			"on ec2 a task that has or finds endpoints needs a bound to its memory, and %q has none", w.Name)
	}
}

func creationOrder(c *check) {
	const page = docs + "service-connect-concepts-deploy.html"
	created := map[string]bool{}
	for _, w := range c.inOrder() {
		reported := map[string]bool{w.Name: true}
		for cname, container := range plan.Sorted(w.Containers) {
			for at, value := range container.Sources() {
				target := value.Endpoint
				if target == nil || w.Kind.Ends() || c.Plan.Workloads[target.Workload].Kind.Ends() || reported[target.Workload] {
					continue
				}
				reported[target.Workload] = true
				at := w.AtContainer(cname, at...).To("endpoint")
				if created[target.Workload] {
					d := c.Notef("endpoint", at, "tasks of %q find %q only if service %q was created first", w.Name, target.Workload, target.Workload)
					d.Help = "create " + target.Workload + " first and wait for it: aws ecs wait services-stable" + c.clusterFlag() + " --services " + c.native(target.Workload)
					d.Docs = page
					continue
				}
				c.approximate("endpoint", at, page,
					"once both exist, redeploy "+w.Name+": aws ecs update-service"+c.clusterFlag()+" --service "+c.native(w.Name)+" --force-new-deployment",
					"%q and %q need each other's endpoints: %q is created first, and its tasks do not find %q", w.Name, target.Workload, w.Name, target.Workload)
			}
		}
		created[w.Name] = true
	}
}

// clusterFlag returns the cluster option for AWS CLI commands.
func (t *tenant) clusterFlag() string {
	if name := t.clusterName(); name != "default" {
		return " --cluster " + name
	}
	return ""
}
