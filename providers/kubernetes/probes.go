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
			at := w.at("containers", n, field)
			if w.stage(n) == initStage {
				d := c.Errorf(diag.Unsupported, at, "%q runs as an init container, which takes no probes", n)
				d.Help = "leave the check out: the container's end is what others wait for"
				d.Docs = sidecarDocs
				continue
			}
			// SetDefaults_Probe of pkg/apis/core/v1 replaces 0 by 10 s and by 1 s.
			c.seconds(at, "interval", check.IntervalSeconds, 1, probeDocs)
			c.seconds(at, "timeout", check.TimeoutSeconds, 1, probeDocs)
			c.seconds(at, "startDelay", check.StartDelaySeconds, 0, probeDocs)
		}
	}
}

// seconds checks a field for a time that Kubernetes keeps in 32 bits.
func (c *check) seconds(at diag.Path, field string, n, least int64, docs string) {
	if n >= least && n <= maxInt32 {
		return
	}
	d := c.Errorf(diag.OutOfBounds, at.To(field), "%s is %d s, and kubernetes takes %d to %d s", field, n, least, int64(maxInt32))
	d.Help = fmt.Sprintf("write %ds or more", least)
	if n > maxInt32 {
		d.Help = "write a shorter time"
	}
	d.Docs = docs
}
