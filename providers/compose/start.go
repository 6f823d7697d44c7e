package compose

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// profiles returns the profiles of a workload's services: those of a job have one, because
// docker compose up would otherwise run them again on every call.
func (w *workload) profiles() []string {
	if w.Kind == plan.Job {
		return []string{jobsProfile}
	}
	return nil
}

func askedJobs(c *check, w *workload) {
	if w.Kind != plan.Job {
		return
	}
	var services []string
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			services = append(services, w.part(name))
		}
	}
	d := c.Approximate("restart", w.At("kind"), "docker compose up does not run job %q: it runs when it is asked to", w.Name)
	d.Help = "run it with docker compose --profile " + jobsProfile + " up " + strings.Join(services, " ") + ", and list restart in the workload's accept"
	d.Docs = "https://docs.docker.com/compose/how-tos/profiles/"
}

func repeatedInits(c *check, w *workload) {
	if w.Kind.Ends() {
		return
	}
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			continue
		}
		d := c.Approximate("restart", w.AtContainer(name, "role"), "each docker compose up runs init container %q again, beside the containers that run by then", name)
		d.Help = "let it do no harm the second time, and list restart in the workload's accept"
		d.Docs = "https://docs.docker.com/compose/how-tos/startup-order/"
	}
}

func restartedMachine(c *check, w *workload) {
	if w.Kind.Ends() || !w.sharesNetwork() || w.Restart.Policy == plan.RestartNever {
		return
	}
	d := c.Approximate("restart", w.At("containers"), "when the machine or docker is restarted, containers of workload %q can stay down: they share one container's network, and docker waits for that 5 seconds at most", w.Name)
	d.Help = "run docker compose up then, and list restart in the workload's accept"
	d.Docs = "https://github.com/moby/moby/issues/50326"
}
