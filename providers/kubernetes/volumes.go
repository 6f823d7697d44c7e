package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// volumes: ephemeral ones are emptyDirs; persistent ones are claims, one a copy in a
// StatefulSet, and one for all copies and runs of a job.
func volumes(c *check, w *workload) {
	const docs = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"
	for n, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil {
			continue
		}
		if class := v.Persistent.Class; class != "" && !isSubdomain(class) {
			// ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation.
			d := c.Errorf(diag.BadFormat, w.at("volumes", n, "persistent", "class"), "%q is not the name of a StorageClass", class)
			d.Help = "name one of the cluster's: lower-case letters, digits, `-` and `.`"
			d.Docs = docs
		}
		switch {
		case w.Kind == plan.Service:
		case w.Replicas > 1:
			d := c.Errorf(diag.Unsupported, w.at("volumes", n, "persistent"), "the %d copies of a %s would share persistent volume %q", w.Replicas, w.Kind, n)
			d.Help = "run one copy, keep the data in an ephemeral volume, or make the workload a service"
			d.Docs = docs
		case w.Concurrency == "allow":
			d := c.Approximate("volumes", w.at("volumes", n, "persistent"), "runs that overlap share persistent volume %q, and wait for one another where they are on different nodes", n)
			d.Help = "set concurrency to \"forbid\" or \"replace\""
			d.Docs = docs
		}
	}
}
