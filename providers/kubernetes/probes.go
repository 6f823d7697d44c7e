package kubernetes

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

const probeDocs = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"

// probes are checks: validateProbe and validateInitContainers of
// pkg/apis/core/validation.
func probes(c *check, w *workload) {
	for n, ctr := range w.all {
		for field, check := range ctr.Checks() {
			if w.stage(n) == initStage {
				d := c.Errorf(diag.Unsupported, w.at("containers", n, field), "%q runs as an init container, which takes no probes", n)
				d.Help = "leave the check out: the container's end is what others wait for"
				d.Docs = sidecarDocs
				continue
			}
			// SetDefaults_Probe of pkg/apis/core/v1 replaces 0 by 10 s and by 1 s.
			c.seconds(w, check.IntervalSeconds, 1, probeDocs, "containers", n, field, "interval")
			c.seconds(w, check.TimeoutSeconds, 1, probeDocs, "containers", n, field, "timeout")
			c.seconds(w, check.StartDelaySeconds, 0, probeDocs, "containers", n, field, "startDelay")
		}
	}
}

// seconds checks a field of a workload for a time that Kubernetes keeps in 32 bits.
func (c *check) seconds(w *workload, n, least int64, docs string, at ...any) {
	if n >= least && n <= maxInt32 {
		return
	}
	path := w.at(at...)
	d := c.Errorf(diag.OutOfBounds, path, "%s is %d s, and kubernetes takes %d to %d s", path[len(path)-1], n, least, int64(maxInt32))
	d.Help = fmt.Sprintf("write %ds or more", least)
	if n > maxInt32 {
		d.Help = "write a shorter time"
	}
	d.Docs = docs
}
