package compose

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// profiles are the profiles of a workload's services: those of a job run when they are
// asked for, since docker compose up would run them again whenever it is called.
func (w workload) profiles() []string {
	if w.Kind == plan.Job {
		return []string{jobsProfile}
	}
	return nil
}

// askedJobs: what has a profile runs when it is asked for (docs.docker.com,
// compose/how-tos/profiles).
func askedJobs(c *check, w workload) {
	if w.Kind != plan.Job {
		return
	}
	var services []string
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			services = append(services, w.part(name))
		}
	}
	d := c.Approximate("restart", w.path.To("kind"), "docker compose up does not run job %q: it runs when it is asked to", w.name)
	d.Help = "run it with docker compose --profile " + jobsProfile + " up " + strings.Join(services, " ") + ", and list restart in the workload's accept"
	d.Docs = "https://docs.docker.com/compose/how-tos/profiles/"
}

// repeatedInits: docker compose up starts each container that does not run, and so one that
// has completed (docker/compose v5.6.0, startService in pkg/compose/service_containers.go;
// checked 2026-11-29).
func repeatedInits(c *check, w workload) {
	if w.Kind != plan.Service {
		return
	}
	for name, container := range plan.Sorted(w.Containers) {
		if container.Role != plan.Init {
			continue
		}
		d := c.Approximate("restart", w.container(name).To("role"), "each docker compose up runs init container %q again, beside the containers that run by then", name)
		d.Help = "let it do no harm the second time, and list restart in the workload's accept"
		d.Docs = "https://docs.docker.com/compose/how-tos/startup-order/"
	}
}

// restartedMachine: a daemon that starts waits 5 seconds at most for the container whose
// network another one joins, and that one stays down where it does not run by then (moby/moby,
// restore in daemon/daemon.go and GetDependentContainers in daemon/container.go; checked
// 2026-11-29). Older daemons do not wait (moby/moby#50326, which moby/moby#50327 fixes so).
func restartedMachine(c *check, w workload) {
	if w.Kind != plan.Service || !w.sharesNetwork() || w.Restart.Policy == plan.RestartNever {
		return
	}
	d := c.Approximate("restart", w.path.To("containers"), "when the machine or docker is restarted, containers of workload %q can stay down: they share one container's network, and docker waits for that 5 seconds at most", w.name)
	d.Help = "run docker compose up then, and list restart in the workload's accept"
	d.Docs = "https://github.com/moby/moby/issues/50326"
}
