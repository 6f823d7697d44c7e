package kubernetes

import (
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// fields of an object's spec, and what becomes of each.
type fields map[string]func(*reader, *workload, *data.Node)

// each reads the fields of a struct. What has no reader is lost.
func (r *reader) each(w *workload, n *data.Node, of fields) {
	if n == nil {
		return
	}
	for _, f := range n.Fields {
		if read := of[f.Name]; read != nil && f.Value.Kind != data.Null {
			read(r, w, f.Value)
		} else if f.Value.Kind == data.Null {
			r.Holds("nothing is stated", f.Value)
		}
	}
}

func lose(why string) func(*reader, *workload, *data.Node) {
	return func(r *reader, _ *workload, n *data.Node) { r.Lose(why, n) }
}

// standard holds where a field has the platform's default, and loses what it says otherwise.
func standard(text, why string) func(*reader, *workload, *data.Node) {
	return func(r *reader, _ *workload, n *data.Node) {
		if n.Text == text {
			r.Holds("the platform's default", n)
			return
		}
		r.Lose(why, n)
	}
}

// extended keeps a number or text in the workload's extension.
func extended(field string) func(*reader, *workload, *data.Node) {
	return func(r *reader, w *workload, n *data.Node) { r.Set(w.extension(field), scalar(n), n) }
}

// scalar is a value of the same kind.
func scalar(n *data.Node) any {
	switch n.Kind {
	case data.Int:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
	case data.Bool:
		return n.Text == "true"
	}
	return n.Text
}

var elsewhere = func(*reader, *workload, *data.Node) {}

var controllerFields = map[string]fields{
	"Deployment": {
		"replicas": (*reader).replicas, "selector": (*reader).selector, "template": elsewhere,
		"strategy": (*reader).strategy, "minReadySeconds": extended("minReadySeconds"), "revisionHistoryLimit": extended("revisionHistoryLimit"),
		"progressDeadlineSeconds": (*reader).progressDeadline, "paused": standard("false", "a workload is not paused"),
	},
	"StatefulSet": {
		"replicas": (*reader).replicas, "selector": (*reader).selector, "template": elsewhere, "volumeClaimTemplates": (*reader).claimTemplates,
		"serviceName":         func(r *reader, w *workload, n *data.Node) { r.Nearly(w.in(), "each copy has a name anyway", n) },
		"podManagementPolicy": (*reader).podManagement, "updateStrategy": (*reader).strategy,
		"minReadySeconds": extended("minReadySeconds"), "revisionHistoryLimit": extended("revisionHistoryLimit"),
		"persistentVolumeClaimRetentionPolicy": lose("claims stay"),
	},
	"ReplicaSet":            {"replicas": (*reader).replicas, "selector": (*reader).selector, "template": elsewhere, "minReadySeconds": extended("minReadySeconds")},
	"ReplicationController": {"replicas": (*reader).replicas, "selector": (*reader).selector, "template": elsewhere, "minReadySeconds": extended("minReadySeconds")},
	"DaemonSet":             {"selector": (*reader).selector, "template": elsewhere, "updateStrategy": (*reader).daemonUpdate, "minReadySeconds": extended("minReadySeconds"), "revisionHistoryLimit": extended("revisionHistoryLimit")},
	"CronJob": {
		"schedule":                   func(r *reader, w *workload, n *data.Node) { r.Set(w.in("schedule"), n.Text, n) },
		"timeZone":                   func(r *reader, w *workload, n *data.Node) { r.unless(w.in("timezone"), n, "UTC") },
		"concurrencyPolicy":          (*reader).concurrency,
		"startingDeadlineSeconds":    extended("startingDeadlineSeconds"),
		"successfulJobsHistoryLimit": extended("successfulJobsHistoryLimit"), "failedJobsHistoryLimit": extended("failedJobsHistoryLimit"),
		"suspend": standard("false", "a schedule is not suspended"), "jobTemplate": elsewhere,
	},
	"Job": jobFields,
}

var jobFields = fields{
	"template": elsewhere, "parallelism": elsewhere, "completions": elsewhere, "backoffLimit": elsewhere,
	"backoffLimitPerIndex": elsewhere, "completionMode": elsewhere,
	"activeDeadlineSeconds": func(r *reader, w *workload, n *data.Node) { r.seconds(w.in("timeout"), n, 0) }, "ttlSecondsAfterFinished": extended("ttlSecondsAfterFinished"),
	"suspend": standard("false", "a job is not suspended"), "selector": (*reader).selector, "manualSelector": standard("false", "a job selects its own pods"),
	"podReplacementPolicy": standard("TerminatingOrFailed", "when a pod is replaced is the platform's own matter"),
}

// kinds are what the kinds of objects become; services have none.
var kinds = map[string]string{"Job": "job", "CronJob": "cron", "DaemonSet": "daemon"}

// rendered are the kinds that a tenant's workload is rendered as.
var rendered = map[string]string{"ReplicaSet": "Deployment", "ReplicationController": "Deployment", "Pod": "Deployment"}

// controller reads a workload's own object.
func (r *reader) controller(w *workload) {
	r.Carry(w.in(), w.node.Get("apiVersion"))
	kind := w.node.Get("kind")
	switch {
	case w.kind == "Pod" && r.ends(w):
		r.Near(w.in("kind"), "job", "a pod that ends is a job", kind)
	case kinds[w.kind] != "":
		r.Set(w.in("kind"), kinds[w.kind], kind)
	case rendered[w.kind] != "":
		r.Nearly(w.in(), "it is a "+rendered[w.kind]+" of the same pods", kind)
	case (w.kind == "StatefulSet") != r.persists(w):
		r.Nearly(w.in(), "a workload is a StatefulSet where it has persistent volumes, and a Deployment otherwise", kind)
	}
	r.annotations(w.node.Get("metadata"), w.extension("annotations"))
	spec := w.node.Get("spec")
	switch w.kind {
	case "Pod":
	case "CronJob":
		if spec.Get("concurrencyPolicy") == nil {
			r.Put(w.in("concurrency"), "allow", spec)
		}
		r.each(w, spec, controllerFields[w.kind])
		r.templateMeta(w, spec.Get("jobTemplate"), w.extension("annotations"))
		r.each(w, spec.Get("jobTemplate", "spec"), jobFields)
		r.runs(w, spec.Get("jobTemplate", "spec"))
	case "Job":
		r.each(w, spec, jobFields)
		r.runs(w, spec)
	default:
		r.each(w, spec, controllerFields[w.kind])
	}
	if w.kind != "Pod" {
		r.templateMeta(w, w.template, w.extension("podAnnotations"))
	}
	r.podSpec(w)
}

// ends reports whether a pod runs to completion.
func (r *reader) ends(w *workload) bool {
	policy := w.pod.TextAt("restartPolicy")
	return policy == "Never" || policy == "OnFailure"
}

func (r *reader) persists(w *workload) bool {
	if w.node.Get("spec", "volumeClaimTemplates") != nil {
		return true
	}
	if volumes := w.pod.Get("volumes"); volumes != nil {
		for _, v := range volumes.Elems {
			if claim := v.Get("persistentVolumeClaim"); claim != nil {
				if _, ok := r.claims[claim.TextAt("claimName")]; ok {
					return true
				}
			}
		}
	}
	return false
}

func (r *reader) templateMeta(w *workload, template *data.Node, annotations diag.Path) {
	meta := template.Get("metadata")
	if meta == nil {
		return
	}
	for _, f := range meta.Fields {
		switch f.Name {
		case "labels":
			r.labels(w, f.Value)
		case "annotations":
			r.annotations(meta, annotations)
		case "name", "creationTimestamp", "namespace":
			r.Holds("the platform writes it", f.Value)
		}
	}
}

// unless sets a text unless it is the tenant's default.
func (r *reader) unless(path diag.Path, n *data.Node, standard string) {
	if n.Text == standard {
		r.Holds("a tenant's default", n)
		return
	}
	r.Set(path, scalar(n), n)
}

func (r *reader) replicas(w *workload, n *data.Node) { r.unless(w.in("replicas"), n, "1") }

func (r *reader) selector(w *workload, n *data.Node) {
	r.Nearly(w.in(), "labels tell the workload in words of their own", n)
}

func (r *reader) podManagement(w *workload, n *data.Node) {
	if n.Text == "OrderedReady" {
		r.Holds("the platform's default", n)
		return
	}
	r.Set(w.extension("podManagementPolicy"), n.Text, n)
}

// strategy reads how an update replaces copies.
func (r *reader) strategy(w *workload, n *data.Node) {
	if t := n.Get("type"); t != nil {
		switch t.Text {
		case "RollingUpdate":
			r.Holds("the platform's default", t)
		case "Recreate":
			r.Put(w.in("rollout", "maxUnavailable"), "100%", t)
			r.Put(w.in("rollout", "maxSurge"), 0, t)
			r.Nearly(w.in("rollout"), "all copies are missing meanwhile, though new ones may start before the last has ended", t)
		default:
			r.Lose("an update replaces copies", t)
		}
	}
	rolling := n.Get("rollingUpdate")
	if rolling == nil {
		return
	}
	for _, f := range rolling.Fields {
		switch f.Name {
		case "maxUnavailable", "maxSurge":
			r.Set(w.in("rollout", f.Name), scalar(f.Value), f.Value)
		case "partition":
			standard("0", "an update replaces all copies")(r, w, f.Value)
		}
	}
}

// daemonUpdate holds where it is the platform's default: rollout is of services.
func (r *reader) daemonUpdate(_ *workload, n *data.Node) {
	if t := n.Get("type"); t != nil && t.Text == "RollingUpdate" && n.Get("rollingUpdate") == nil {
		r.Holds("the platform's default", t)
	}
}

func (r *reader) progressDeadline(w *workload, n *data.Node) {
	seconds, err := strconv.ParseInt(n.Text, 10, 32)
	switch {
	case err != nil || seconds < 1:
		r.Lose("it is no time", n)
	case seconds == 600:
		r.Holds("the platform's default", n)
	default:
		r.Set(w.in("rollout", "healthyDeadline"), importer.Seconds(seconds), n)
	}
}

func (r *reader) concurrency(w *workload, n *data.Node) {
	policy := map[string]string{"Allow": "allow", "Forbid": "forbid", "Replace": "replace"}[n.Text]
	if policy == "forbid" {
		r.Holds("a tenant's default", n)
		return
	}
	r.Set(w.in("concurrency"), policy, n)
}

// runs reads how many pods a job has, and how often they are tried again. A limited number
// of retries is in new pods, as it is rendered.
func (r *reader) runs(w *workload, job *data.Node) {
	parallelism, completions := job.Get("parallelism"), job.Get("completions")
	number := func(n *data.Node, standard string) string {
		if n == nil {
			return standard
		}
		return n.Text
	}
	p := number(parallelism, "1")
	c := number(completions, p)
	for _, n := range []*data.Node{parallelism, completions} {
		switch {
		case n == nil:
		case p != c:
			r.Lose("a job's copies run side by side, each once", n)
		case p == "1":
			r.Holds("a tenant's default", n)
		default:
			r.Set(w.in("replicas"), scalar(n), n)
		}
	}
	if completions == nil && p != "1" {
		r.Nearly(w.in("replicas"), "each copy succeeds once", parallelism)
	}
	policy, limit := w.pod.Get("restartPolicy"), job.Get("backoffLimit")
	never := policy != nil && policy.Text == "Never"
	if per := job.Get("backoffLimitPerIndex"); per != nil && limit == nil {
		limit = per
		if mode := job.Get("completionMode"); mode != nil && p != "1" {
			r.Said(w.in("replicas"), mode)
		}
	} else if mode := job.Get("completionMode"); mode != nil {
		standard("NonIndexed", "copies of a job have no index")(r, w, mode)
	}
	switch {
	case limit == nil && !never:
	case limit == nil:
		r.Near(w.in("restart"), importer.Struct(policy.At, "policy", "on-failure", "attempts", 6), "the platform's own limit is 6", policy)
		return
	case limit.Text == "0" && never:
		r.Set(w.in("restart"), "never", limit, policy)
	default:
		attempts, err := strconv.Atoi(limit.Text)
		if err != nil {
			r.Lose("it is no number", limit)
			return
		}
		r.Set(w.in("restart"), importer.Struct(limit.At, "policy", "on-failure", "attempts", attempts), limit)
		if policy != nil && !never {
			r.Nearly(w.in("restart"), "each try has a pod of its own", policy)
		} else if policy != nil {
			r.Said(w.in("restart"), policy)
		}
	}
	if policy != nil && limit == nil {
		r.Holds("a tenant's default", policy)
	}
}
