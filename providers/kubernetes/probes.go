package kubernetes

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const probeDocs = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"

func probes(c *check, w *workload) {
	for n, ctr := range w.all {
		for field, check := range ctr.Checks() {
			if w.stage(n) == initStage {
				d := c.Errorf(diag.Unsupported, w.At("containers", n, field), "%q runs as an init container, which takes no probes", n)
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

// seconds checks a field of a workload for a time that Kubernetes stores in 32 bits.
func (c *check) seconds(w *workload, n, least int64, docs string, at ...any) {
	if n >= least && n <= maxInt32 {
		return
	}
	path := w.At(at...)
	d := c.Errorf(diag.OutOfBounds, path, "%s is %d s, and kubernetes takes %d to %d s", path[len(path)-1], n, least, int64(maxInt32))
	d.Help = fmt.Sprintf("write %ds or more", least)
	if n > maxInt32 {
		d.Help = "write a shorter time"
	}
	d.Docs = docs
}

// checkRows returns the rows that the three checks have in common.
func checkRows(check, probe string) provider.Table {
	field := "workloads.containers." + check
	return provider.Table{
		{Field: field, Level: exact, How: probe},
		{Field: field, When: "of an init container", Level: unsupported, How: "an init container has no probes", Instead: "leave it out: its end is what others wait for"},
		{Field: field + ".http", Level: exact, How: "`httpGet`"},
		{Field: field + ".tcp", Level: exact, How: "`tcpSocket`"},
		{Field: field + ".grpc", Level: exact, How: "`grpc`"},
		{Field: field + ".exec", Level: exact, How: "`exec`, with the kubelet's own syntax escaped"},
		{Field: field + ".interval", Level: exact, How: "`periodSeconds`"},
		{Field: field + ".timeout", Level: exact, How: "`timeoutSeconds`"},
		{Field: field + ".retries", Level: exact, How: "`failureThreshold`"},
		{Field: field + ".startDelay", Level: exact, How: "`initialDelaySeconds`"},
	}
}
