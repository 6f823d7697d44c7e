package kubernetes

import (
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// advise returns advice on a change that needs more than applying the documents.
func advise(from, to *plan.Plan, c provider.Change) string {
	var all []string
	for _, say := range []provider.Advise{adviseApplying, adviseRefused, adviseLeft} {
		if text := say(from, to, c); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}

// adviseRefused is for a change that the API server refuses, alone or as part of an object.
func adviseRefused(from, to *plan.Plan, c provider.Change) string {
	text := refusal(from, to, c)
	for _, leaf := range c.Leaves() {
		if text == "" {
			c.Change = leaf
			text = refusal(from, to, c)
		}
	}
	return text
}

func refusal(from, to *plan.Plan, c provider.Change) string {
	k := kubectl{to}
	if len(c.Path) < 3 || c.Path[0] != "workloads" {
		return tenantAdvice(from, to, c)
	}
	name := c.Path[1]
	was, is := from.Workloads[name], to.Workloads[name]
	c.Path = c.Path[2:]
	object := nativeName(to.ID, name)
	switch {
	case kindOf(was) != kindOf(is):
		return "" // another object
	case c.Path.Within("volumes.*.persistent"):
		return claimAdvice(k, object, c.Path[1], was, is)
	case c.Path.Within("volumes") && was.Persists() && !is.Kind.Ends() && c.Effect.AtLeast(provider.Replacement),
		c.Path.Within("extension.podManagementPolicy") && is.Persists():
		return k.orphan(object)
	case c.Path.Within("extension.loadBalancerClass"):
		return fmt.Sprintf("%s first, since its class cannot change; it gets another address", k.run("delete service %s", publicName(object)))
	case was.Kind == plan.Job && is.Kind == plan.Job && c.Effect.AtLeast(provider.Replacement):
		return k.again(object)
	}
	return ""
}

// tenantAdvice is for a change of what a tenant's workloads have in common.
func tenantAdvice(from, to *plan.Plan, c provider.Change) string {
	switch {
	case c.Path.Within("extension.namespace"):
		return "objects do not move: apply, then delete those of the old namespace; copy what its volumes hold first"
	case c.Path.Within("volumes.*") && c.Kind != plan.Added:
		return sharedClaimAdvice(kubectl{to}, from, to, c.Path[1])
	case c.Path.Within("workloads") || !c.Effect.AtLeast(provider.Replacement):
		return ""
	}
	var jobs []string
	for name, w := range plan.Sorted(to.Workloads) {
		if was, ok := from.Workloads[name]; ok && was.Kind == plan.Job && w.Kind == plan.Job && table.EffectOn(name, from, to, c.Change).AtLeast(provider.Replacement) {
			jobs = append(jobs, nativeName(to.ID, name))
		}
	}
	if len(jobs) == 0 {
		return ""
	}
	return kubectl{to}.again(jobs...)
}

// claimAdvice is about the claims of a volume. A StatefulSet's volumeClaimTemplates are
// immutable, and its claims do not follow them: each is grown by itself, and the StatefulSet
// is recreated around its pods (Google Kubernetes Engine, "Using volume expansion", section
// "Managing volume expansions in StatefulSets", checked 2026-11-29). A claim grows where its
// StorageClass allows that, never shrinks, and keeps its class (Kubernetes documentation,
// "Persistent Volumes", section "Expanding Persistent Volumes Claims", checked 2026-11-29).
func claimAdvice(k kubectl, object, volume string, was, is plan.Workload) string {
	before, after := was.Volumes[volume].Persistent, is.Volumes[volume].Persistent
	isService := !is.Kind.Ends() && !was.Kind.Ends()
	switch {
	case (before == nil || after == nil) && isService:
		return k.orphan(object)
	case before == nil || after == nil:
		return ""
	case before.Class != after.Class || before.SizeMiB > after.SizeMiB:
		what := "shrink"
		if before.Class != after.Class {
			what = "change its class"
		}
		if isService {
			return fmt.Sprintf("a claim cannot %s: back up what %s holds, %s, apply, and restore it", what, claimsOf(object, volume, was),
				k.run("delete statefulset/%s pvc/%s", object, strings.Join(claims(object, volume, was), " pvc/")))
		}
		return replacedClaim(k, what, object+"."+volume)
	case isService:
		all := claims(object, volume, was)
		patch := k.run(`patch pvc %s -p '{"spec":{"resources":{"requests":{"storage":"%s"}}}}'`, all[0], plan.Size(after.SizeMiB))
		if len(all) > 1 {
			patch += ", likewise up to " + all[1]
		}
		return fmt.Sprintf("claims do not follow their StatefulSet: if the StorageClass allows expansion, %s, %s", patch, k.orphan(object))
	}
	return claimGrows
}

const claimGrows = "the claim grows if its StorageClass has allowVolumeExpansion: true, and is refused otherwise"

// sharedClaimAdvice is for the claim of one of the tenant's volumes; see claimAdvice.
func sharedClaimAdvice(k kubectl, from, to *plan.Plan, volume string) string {
	name := sharedClaimName(to.ID, volume)
	before, was := from.Volumes[volume]
	after, is := to.Volumes[volume]
	switch {
	case !was || !is:
		return ""
	case before.Class != after.Class:
		return replacedClaim(k, "change its class", name)
	case before.SizeMiB > after.SizeMiB:
		return replacedClaim(k, "shrink", name)
	}
	return claimGrows
}

// replacedClaim is for a claim that has to be replaced by another.
func replacedClaim(k kubectl, what, name string) string {
	return fmt.Sprintf("a claim cannot %s: back up what %s holds, %s, apply, and restore it", what, name, k.run("delete pvc %s", name))
}

// claims are a StatefulSet's claims of a volume: NAME-OBJECT-ORDINAL
// (getPersistentVolumeClaimName of pkg/controller/statefulset, checked 2026-11-29); the first and the last of many.
func claims(object, volume string, w plan.Workload) []string {
	first := fmt.Sprintf("%s-%s-0", volume, object)
	if w.Replicas < 2 {
		return []string{first}
	}
	return []string{first, fmt.Sprintf("%s-%s-%d", volume, object, w.Replicas-1)}
}

func claimsOf(object, volume string, w plan.Workload) string {
	return strings.Join(claims(object, volume, w), " to ")
}

// kindOf returns the object that runs a workload.
func kindOf(w plan.Workload) string {
	switch {
	case w.Kind == plan.Job:
		return "job"
	case w.Kind == plan.Cron:
		return "cronjob"
	case w.Kind == plan.Daemon:
		return "daemonset"
	case w.Persists():
		return "statefulset"
	}
	return "deployment"
}

// kubectl formats commands for a tenant's namespace.
type kubectl struct{ plan *plan.Plan }

func (k kubectl) run(format string, args ...any) string {
	command := fmt.Sprintf(format, args...)
	if ext, err := extensions.Tenant.Decode(k.plan.Extension); err == nil && ext.Namespace != "" {
		return "kubectl -n " + ext.Namespace + " " + command
	}
	return "kubectl " + command
}

// again: a Job's template cannot change (validatePodTemplateUpdate of
// pkg/apis/batch/validation).
func (k kubectl) again(jobs ...string) string {
	return fmt.Sprintf("%s, then apply: a Job's template cannot change, and the new one runs again", k.run("delete job %s", strings.Join(jobs, " ")))
}

// orphan deletes a StatefulSet without its pods, which the next one adopts.
func (k kubectl) orphan(object string) string {
	return fmt.Sprintf("%s, and apply; pods and claims stay", k.run("delete statefulset %s --cascade=orphan", object))
}
