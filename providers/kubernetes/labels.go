package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const labelDocs = "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set"

// selectorLabel is the label that selects a workload's pods; its value is the workload's native
// name. It is the only label that a tenant cannot set.
const selectorLabel = "app.kubernetes.io/instance"

// selector selects the workload's pods.
func (w *workload) selector() *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{selectorLabel: w.native}}
}

// labels returns the labels that Kubernetes recommends for every object, and the tenant's own,
// which may replace them.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
func (t *tenant) labels() map[string]string {
	m := map[string]string{
		"app.kubernetes.io/part-of":    t.Plan.ID,
		"app.kubernetes.io/managed-by": "cuecompute",
	}
	maps.Copy(m, t.Plan.Labels)
	return m
}

// labels returns the tenant's labels, and those that identify the workload.
func (w *workload) labels() map[string]string {
	m := map[string]string{"app.kubernetes.io/name": w.Name, selectorLabel: w.native}
	maps.Copy(m, w.tenant.labels())
	return m
}

// IsLabelKey and IsLabelValue of k8s.io/apimachinery, pkg/api/validate/content.
var labelName = lazyregexp.New(`^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)

func isLabelKey(s string) bool {
	prefix, key, ok := strings.Cut(s, "/")
	if !ok {
		return labelName.MatchString(s)
	}
	return isSubdomain(prefix) && labelName.MatchString(key)
}

func isLabelValue(s string) bool { return s == "" || labelName.MatchString(s) }

// controllerLabels are the labels that controllers put on pods. A Job with other values is
// refused (validateGeneratedSelector of pkg/apis/batch/validation); other controllers overwrite
// them.
var controllerLabels = map[string][]object{
	"controller-uid":                           {job, cronJob},
	"batch.kubernetes.io/controller-uid":       {job, cronJob},
	"job-name":                                 {job, cronJob},
	"batch.kubernetes.io/job-name":             {job, cronJob},
	"batch.kubernetes.io/job-completion-index": {job, cronJob},
	"pod-template-hash":                        {deployment},
	"controller-revision-hash":                 {statefulSet, daemonSet},
	"pod-template-generation":                  {daemonSet},
	"statefulset.kubernetes.io/pod-name":       {statefulSet},
	"apps.kubernetes.io/pod-index":             {statefulSet},
}

func labels(c *check) {
	for key, value := range plan.Sorted(c.Plan.Labels) {
		switch {
		case !isLabelKey(key):
			d := c.Errorf(diag.BadFormat, diag.At("labels", key), "%q is not a label key of kubernetes", key)
			d.Help = "use letters, digits, `-`, `_` and `.`, at most 63, starting and ending with a letter or digit, after an optional lower-case DNS name and `/`"
			d.Docs = labelDocs
		case key == selectorLabel:
			d := c.Errorf(diag.Conflict, diag.At("labels", key), "label %q tells the tenant's workloads apart, and its value is each workload's name", key)
			d.Help = "use another key"
		case !isLabelValue(value):
			d := c.Errorf(diag.BadFormat, diag.At("labels", key), "%q is not a label value of kubernetes", value)
			d.Help = "use letters, digits, `-`, `_` and `.`, at most 63, starting and ending with a letter or digit"
			d.Docs = labelDocs
		default:
			controllerLabel(c, key)
		}
	}
}

func controllerLabel(c *check, key string) {
	for _, o := range controllerLabels[key] {
		for _, w := range c.Workloads {
			if w.object() == o {
				d := c.Errorf(diag.Conflict, diag.At("labels", key), "label %q is set by kubernetes itself on the pods of %s %q", key, o, w.native)
				d.Help = "use another key"
				return
			}
		}
	}
}

func annotations(c *check, w *workload) {
	limit := func(field string, annotations map[string]string, more int) {
		size := more
		for key, value := range annotations {
			size += len(key) + len(value)
		}
		if size > maxAnnotationsBytes {
			d := c.Errorf(diag.OutOfBounds, w.AtExtension(field), "annotations have %d bytes, and kubernetes takes at most %d on an object", size, maxAnnotationsBytes)
			d.Help = "move large texts to config"
		}
	}
	_, theirs := w.Ext.PodAnnotations[configHash]
	ours, hash := len(w.configs()) > 0, 0
	if ours && !theirs {
		hash = len(configHash) + hex.EncodedLen(sha256.Size)
	}
	limit("annotations", w.Ext.Annotations, 0)
	limit("ingressAnnotations", w.Ext.IngressAnnotations, 0)
	limit("podAnnotations", w.Ext.PodAnnotations, hash)
	limit("serviceAccountAnnotations", w.Ext.ServiceAccountAnnotations, 0)
	limit("serviceAnnotations", w.Ext.ServiceAnnotations, 0)
	if ours && theirs {
		d := c.Errorf(diag.Conflict, w.AtExtension("podAnnotations", configHash), "annotation %s is the hash of the configuration that the pods read", configHash)
		d.Help = "leave it out"
	}
}
