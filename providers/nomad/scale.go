package nomad

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// maxCopies is the servers' job_max_count where the landlord sets no other
// (structs.JobDefaultMaxCount).
const maxCopies = 50000

// copies: the server counts a job's copies when it is registered (jobValidate in
// nomad/job_endpoint_hooks.go).
func copies(c *check, w workload) {
	path := w.path.To("replicas")
	if w.Autoscale != nil {
		path = w.path.To("autoscale", "max")
	}
	if n := w.MostReplicas(); n > maxCopies {
		d := c.Errorf(diag.OutOfBounds, path, "%d copies are more than the %d that nomad takes in a job", n, maxCopies)
		d.Docs = "https://developer.hashicorp.com/nomad/docs/configuration/server#job_max_count"
	}
}

// autoscale: a scaling block is a policy that the Nomad Autoscaler, a program of its
// own, reads; its avg_cpu is a percentage of the cpu that tasks ask for
// (the Autoscaler's Nomad APM plug-in).
func autoscale(c *check, w workload) {
	if w.Autoscale == nil {
		return
	}
	d := c.Notef("autoscale", w.path.To("autoscale"), "the number of copies stays what it is unless the cluster runs the nomad autoscaler")
	d.Docs = docs + "scaling"
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role == plan.Init || container.Resources.CPUMillis > 0 || container.Resources.CPUMaxMillis > 0 {
			continue
		}
		d := c.Approximate("autoscale", w.container(name).To("resources", "cpu"), "container %q asks for no cpu, so whatever it uses is above %d%% of it", name, w.Autoscale.CPUPercent)
		d.Help = "set resources.cpu"
	}
}
