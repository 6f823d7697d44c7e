package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// nativeName returns the name of the objects of a workload, or of a configuration.
func nativeName(tenant, of string) string { return tenant + "-" + of }

// headlessName returns the name of the Service that gives each copy of a StatefulSet a name.
func headlessName(native string) string { return shortened(native + "-headless") }

// publicName returns the name of the Service for access from outside the cluster.
func publicName(native string) string { return shortened(native + "-public") }

// claimName returns the name of the claim of a job's volume. The dot distinguishes it from the
// claims of a StatefulSet, data-acme-db-0, and separates the workload from the volume.
func (w *workload) claimName(volume string) string { return w.native + "." + volume }

// sharedClaimName returns the name of the claim of one of the tenant's volumes. The dot
// distinguishes it from those of workloads, whose native names have a hyphen there.
func sharedClaimName(tenant, volume string) string { return tenant + "." + volume }

// shortened returns a unique DNS label for a name that may be too long for one.
func shortened(name string) string {
	if len(name) <= maxLabel {
		return name
	}
	return name[:maxLabel-1-hashDigits] + "-" + hash(name)
}

const hashDigits = 8

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:hashDigits]
}

// Names returns the names of all objects. A workload's native name is unique for all kinds,
// because its pods are selected by it.
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	return t.names(), nil
}

func (t *tenant) names() []provider.NativeName {
	where := " of the namespace in use"
	if t.Ext.Namespace != "" {
		where = " of namespace " + t.Ext.Namespace
	}
	all := make([]provider.NativeName, 0, len(t.Plan.Config)+2*len(t.Workloads))
	add := func(kind, name string, at diag.Path) {
		all = append(all, provider.NativeName{Scope: kind + where, Name: name, Path: at})
	}
	for n := range plan.Sorted(t.Plan.Config) {
		add("config map", nativeName(t.Plan.ID, n), diag.At("config", n))
	}
	for n := range plan.Sorted(t.Plan.Volumes) {
		add("persistent volume claim", sharedClaimName(t.Plan.ID, n), diag.At("volumes", n))
	}
	for _, w := range t.Workloads {
		add("service", w.native, w.At())
		if w.object() == statefulSet {
			add("service", headlessName(w.native), w.At())
		}
		if w.exposes("public") {
			add("service", publicName(w.native), w.At())
		}
		if w.Ext.CreateServiceAccount {
			add("service account", w.serviceAccountName(), w.At())
		}
		class := ""
		if t.Ext.IngressClass != "" {
			class = " of ingress class " + t.Ext.IngressClass
		}
		all = append(all, provider.Addresses(&w.Workload, w.Path, class)...)
		for n, v := range plan.Sorted(w.Volumes) {
			switch {
			case v.Persistent == nil:
			case !w.Kind.Ends():
				// getPersistentVolumeClaimName of pkg/controller/statefulset adds the copy's number.
				add("persistent volume claim", n+"-"+w.native, w.At("volumes", n))
			default:
				add("persistent volume claim", w.claimName(n), w.At("volumes", n))
			}
		}
	}
	return all
}

func collisions(c *check) {
	type key struct{ scope, name string }
	all := c.names()
	first := make(map[key]diag.Path, len(all))
	for _, n := range all {
		k := key{n.Scope, n.Name}
		if at, ok := first[k]; ok {
			kind, _, _ := strings.Cut(n.Scope, " of ")
			d := c.Errorf(diag.Duplicate, n.Path, "%s makes a %s %q too", at, kind, n.Name)
			d.Help = "rename one of them"
			continue
		}
		first[k] = n.Path
	}
}

// object is the kind of a workload's own object.
type object string

const (
	deployment  object = "Deployment"
	statefulSet object = "StatefulSet"
	job         object = "Job"
	cronJob     object = "CronJob"
	daemonSet   object = "DaemonSet"
)

// object returns the kind of the workload's own object. Only a StatefulSet gives each copy its
// own claim.
func (w *workload) object() object {
	switch w.Kind {
	case plan.Job:
		return job
	case plan.Cron:
		return cronJob
	case plan.Daemon:
		return daemonSet
	}
	for _, v := range w.Volumes {
		if v.Persistent != nil {
			return statefulSet
		}
	}
	return deployment
}

// maxNames are the longest names of objects whose controllers append to them.
var maxNames = map[object]int{cronJob: maxCronJobName, statefulSet: maxStatefulSetName}

// maxName returns the longest name that the workload may have, 0 for no limit.
func (w *workload) maxName() int {
	limit := maxNames[w.object()]
	if indexed(&w.Workload) {
		// A pod's host name is its Job's, `-` and its index, and is a DNS label:
		// validateNameAllowsCompletions of pkg/apis/batch/validation.
		if limit == 0 {
			limit = maxLabel
		}
		limit -= len("-") + len(strconv.Itoa(w.Replicas-1))
	}
	return limit
}

func names(c *check, w *workload) {
	native := w.native
	if limit := w.maxName(); limit > 0 && len(native) > limit {
		d := c.Errorf(diag.OutOfBounds, w.At(), "the %s's name %q has %d characters, and kubernetes takes at most %d", w.object(), native, len(native), limit)
		d.Help = "shorten the workload's name or the tenant's id: the name joins them"
	}
}

var subdomain = lazyregexp.New(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// isSubdomain matches the names of Secrets, StorageClasses and most other objects:
// NameIsDNSSubdomain of k8s.io/apimachinery, pkg/api/validation.
func isSubdomain(s string) bool { return len(s) <= maxSubdomain && subdomain.MatchString(s) }
