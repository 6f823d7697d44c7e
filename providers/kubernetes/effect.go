package kubernetes

import (
	"bytes"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// scaled: a Job's completions are immutable, but those of an indexed one may change together
// with its parallelism, as ours do (validateCompletions of pkg/apis/batch/validation, checked
// 2026-11-29). An autoscaled workload's number is not ours.
func scaled(c provider.Changed) provider.Effect {
	was, is := c.Was(), c.Is()
	switch {
	case is.Kind == plan.Job && !(indexed(&was) && indexed(&is)):
		return replacement
	case is.Autoscale != nil:
		return none
	}
	return inPlace
}

// autoscaled: a Deployment that is applied without its number of copies has one, until the
// HorizontalPodAutoscaler asks for more (SetDefaults_Deployment of pkg/apis/apps/v1;
// documentation, "Horizontal Pod Autoscaling", "Migrating Deployments and StatefulSets
// to horizontal autoscaling"). Checked 2026-11-29.
func autoscaled(c provider.Changed) provider.Effect {
	if was := c.Was(); was.Autoscale == nil && c.Is().Autoscale != nil && was.Replicas > 1 {
		return replacement
	}
	return inPlace // the HorizontalPodAutoscaler
}

// retried: a Job's backoffLimit is mutable, its backoffLimitPerIndex is not, and its presence
// changes other fields too (ValidateJobSpecUpdate of pkg/apis/batch/validation).
func retried(c provider.Changed) provider.Effect {
	was, is := c.Was(), c.Is()
	if is.Kind == plan.Job && (indexed(&was) || indexed(&is)) {
		return replacement
	}
	return podEffect(c)
}

// changedKind: another kind of object and, for a service, a claim with another name.
func changedKind(c provider.Changed) provider.Effect {
	if was := c.Was(); was.Persists() && !(was.Kind.Ends() || !c.Is().Kind.Ends()) {
		return provider.DataLoss
	}
	return replacement
}

// claimed: a StatefulSet's volumeClaimTemplates are immutable (ValidateStatefulSetUpdate
// of pkg/apis/apps/validation): it is recreated, and finds the claims that it made, which keep
// their class and size, by their names (getPersistentVolumeClaims of pkg/controller/statefulset).
// Of a claim of its own only the size is mutable, and only grows
// (ValidatePersistentVolumeClaimUpdate of pkg/apis/core/validation): anything else takes
// another claim, which is empty. Checked 2026-11-29.
func claimed(c provider.Changed) provider.Effect {
	name := c.Path[3]
	was, is := c.Was().Volumes[name].Persistent, c.Is().Volumes[name].Persistent
	here := was != nil && is != nil
	switch {
	case !c.Is().Kind.Ends():
		return replacement
	case here && (was.Class != is.Class || was.SizeMiB > is.SizeMiB):
		return provider.DataLoss
	case here:
		return inPlace
	}
	return podEffect(c)
}

// sharedClaim is the effect of the size or the class of a shared claim, the same as for any
// other: see claimed.
func sharedClaim(c provider.Changed) provider.Effect {
	was, is := c.From.Volumes[c.Path[1]], c.To.Volumes[c.Path[1]]
	if was.Class != is.Class || was.SizeMiB > is.SizeMiB {
		return provider.DataLoss
	}
	return inPlace
}

// podEffect is that of a change of a workload's pods: a Deployment and a StatefulSet roll, a
// Job's template is immutable (validatePodTemplateUpdate of pkg/apis/batch/validation), a
// CronJob's is for its next run. Where the pods are rendered alike, it is of an object around
// them, if of any.
func podEffect(c provider.Changed) provider.Effect {
	if samePods(c) {
		return inPlace
	}
	return provider.Rolling.EffectOf(c)
}

// configUsers are pods that read a configuration: the hash of all of it is on each that reads
// any. Variables and single files do not follow a ConfigMap, so the pods are replaced as for a
// change of their own.
func configUsers(c provider.Changed) provider.Effect {
	if is := c.Is(); !provider.ReadsConfig(&is, c.Path[1], "") {
		return none
	}
	return podEffect(c)
}

// secretUsers are pods that name a secret, and Ingresses that name its certificate.
func secretUsers(c provider.Changed) provider.Effect {
	effect, path := provider.OnReaders(pods).EffectOf(c), c.Path
	if path.Within("extension") {
		path = path[1:]
	}
	for _, in := range c.Is().Ingress {
		if path.Within("secrets.*") && in.TLSSecret == path[1] {
			effect = provider.Worse(effect, inPlace)
		}
	}
	return effect
}

// samePods reports whether a change leaves a workload's rendered pods unchanged.
func samePods(c provider.Changed) bool {
	pods := func(p *plan.Plan) []byte {
		t, err := decode(p)
		if err != nil {
			return nil
		}
		w, ok := t.Find(c.Workload)
		if !ok {
			return nil
		}
		template := w.podTemplate()
		return yamlOf(&template)
	}
	before, after := pods(c.From), pods(c.To)
	return before != nil && bytes.Equal(before, after)
}

// moved: neither objects nor the data of claims move to another namespace.
func moved(c provider.Changed) provider.Effect {
	if was := c.Was(); was.Persists() || len(c.From.Volumes) > 0 {
		return provider.DataLoss
	}
	return replacement
}
