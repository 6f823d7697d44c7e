package kubernetes

import (
	"regexp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// maxInt32 is the largest count and the longest time that most of Kubernetes'
// fields hold.
const maxInt32 = 1<<31 - 1

// nativeName is the name of a workload's objects.
func nativeName(tenant, workload string) string { return tenant + "-" + workload }

// object is the kind of a workload's own object.
type object string

const (
	deployment  object = "Deployment"
	statefulSet object = "StatefulSet"
	job         object = "Job"
	cronJob     object = "CronJob"
)

// object returns the kind of the workload's own object. Only a StatefulSet gives
// each copy a claim of its own.
func (w workload) object() object {
	switch w.Kind {
	case plan.Job:
		return job
	case plan.Cron:
		return cronJob
	}
	for _, v := range w.Volumes {
		if v.Persistent != nil {
			return statefulSet
		}
	}
	return deployment
}

// maxNames are the longest names of objects whose controllers add to them.
var maxNames = map[object]int{
	// ValidateCronJobCreate of pkg/apis/batch: a Job's name is the CronJob's and 11
	// characters more, and is a DNS label.
	cronJob: 52,
	// The controller labels each pod with the name of its revision: the StatefulSet's,
	// `-` and a hash of up to 10 digits (ControllerRevisionName and
	// HashControllerRevision of pkg/controller/history). A label value has 63
	// characters, and a pod whose label is longer is refused.
	statefulSet: 52,
}

func names(c *check, w workload) {
	native := nativeName(c.plan.ID, w.name)
	if limit, ok := maxNames[w.object()]; ok && len(native) > limit {
		d := c.Errorf(diag.OutOfBounds, w.at(), "the %s's name %q has %d characters, and kubernetes takes at most %d", w.object(), native, len(native), limit)
		d.Help = "shorten the workload's name or the tenant's id: the name joins them"
	}
}

var subdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// isSubdomain is the form of the names of Secrets, StorageClasses and most other
// objects: NameIsDNSSubdomain of k8s.io/apimachinery, pkg/api/validation.
func isSubdomain(s string) bool { return len(s) <= 253 && subdomain.MatchString(s) }
