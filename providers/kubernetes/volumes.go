package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const claimDocs = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"

// storageClass checks the name of a class.
func (c *check) storageClass(class string, at diag.Path) {
	if class != "" && !isSubdomain(class) {
		// ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation.
		d := c.Errorf(diag.BadFormat, at, "%q is not the name of a StorageClass", class)
		d.Help = "name one of the cluster's: lower-case letters, digits, `-` and `.`"
		d.Docs = claimDocs
	}
}

// sharedVolumes: a claim of many writers waits for a StorageClass that has them, and most have
// one writer only (documentation, "Persistent Volumes", section "Access Modes", checked
// 2026-11-29).
func sharedVolumes(c *check) {
	for n, v := range plan.Sorted(c.Plan.Volumes) {
		at := diag.At("volumes", n)
		c.storageClass(v.Class, at.To("class"))
		c.mebibytes(v.SizeMiB, at.To("size"))
		if v.Class == "" {
			d := c.Notef("volumes", at, "the claim of volume %q waits until the cluster's default StorageClass can be mounted on many nodes", n)
			d.Help = "set class to one that provides ReadWriteMany"
			d.Docs = claimDocs + "#access-modes"
		}
	}
}

func volumes(c *check, w *workload) {
	const docs = claimDocs
	for n, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil {
			continue
		}
		c.storageClass(v.Persistent.Class, w.At("volumes", n, "persistent", "class"))
		switch {
		case !w.Kind.Ends():
		case w.Replicas > 1:
			d := c.Errorf(diag.Unsupported, w.At("volumes", n, "persistent"), "the %d copies of a %s would share persistent volume %q", w.Replicas, w.Kind, n)
			d.Help = "run one copy, keep the data in an ephemeral volume, or make the workload a service"
			d.Docs = docs
		case w.Concurrency == "allow":
			d := c.Approximate("volumes", w.At("volumes", n, "persistent"), "runs that overlap share persistent volume %q, and wait for one another where they are on different nodes", n)
			d.Help = "set concurrency to \"forbid\" or \"replace\""
			d.Docs = docs
		}
	}
}

// volumeRows are the rows of volumes.
var volumeRows = provider.Table{
	{Field: "workloads.volumes.persistent", When: "of a service", Level: exact, How: "`volumeClaimTemplates`: a PersistentVolumeClaim a copy", Effect: provider.EffectFunc(claimed)},
	{Field: "workloads.volumes.persistent", When: "of a job or cron of one copy", Level: exact, How: "a PersistentVolumeClaim, which outlives the runs"},
	{Field: "workloads.volumes.persistent", When: "of a cron whose runs may overlap", Level: approximated, How: "the runs share one claim, and wait for one another where they are on different nodes", Instead: "set concurrency to forbid or replace"},
	{Field: "workloads.volumes.persistent", When: "of a job or cron of several copies", Level: unsupported, How: "the copies would share one claim", Instead: "run one copy, use an ephemeral volume, or kind service"},
	{Field: "workloads.volumes.persistent.size", Level: exact, How: "the claim's request for `storage`"},
	{Field: "workloads.volumes.persistent.class", Level: exact, How: "`storageClassName`"},
	{Field: "workloads.volumes.shared", Level: exact, How: "the tenant's claim, in the pods of every copy"},
	{Field: "workloads.volumes.ephemeral", Level: exact, How: "an `emptyDir`"},
	{Field: "workloads.volumes.ephemeral.size", Level: exact, How: "`sizeLimit`"},
	{Field: "workloads.volumes.ephemeral.medium", Level: exact, How: "`medium`"},
}
