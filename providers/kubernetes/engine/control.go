package main

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// workloadPod is a pod of a workload's.
type workloadPod struct {
	workload string
	pod      *corev1.Pod
}

// What controllers add to names, at its longest.
const (
	revision  = "-6b4f9c8d7f" // ControllerRevisionName and ReplicaSets: a hash of 10 digits
	scheduled = "-29999999"   // getJobName of pkg/controller/cronjob: a time in minutes
)

// control admits what controllers make of an object, and returns one of its pods.
func (c *cluster) control(object runtime.Object) ([]workloadPod, []error) {
	switch o := object.(type) {
	case *appsv1.Deployment:
		labels := map[string]string{appsv1.DefaultDeploymentUniqueLabelKey: revision[1:]}
		return c.pod(o.Name, o.Name+revision, o.Namespace, o.Spec.Template, labels)
	case *appsv1.DaemonSet:
		labels := map[string]string{appsv1.DefaultDaemonSetUniqueLabelKey: revision[1:]}
		return c.pod(o.Name, o.Name+revision, o.Namespace, o.Spec.Template, labels)
	case *appsv1.StatefulSet:
		return c.copyOf(o)
	case *batchv1.Job:
		return c.run(o.Name, o)
	case *batchv1.CronJob:
		j := &batchv1.Job{
			ObjectMeta: metav1.ObjectMeta{Name: o.Name + scheduled, Namespace: o.Namespace, Labels: o.Spec.JobTemplate.Labels, Annotations: o.Spec.JobTemplate.Annotations},
			Spec:       *o.Spec.JobTemplate.Spec.DeepCopy(),
		}
		made, err := c.make(j, batchv1.SchemeGroupVersion.WithKind("Job"))
		if err != nil {
			return nil, []error{fmt.Errorf("its job: %w", err)}
		}
		return c.run(o.Name, made.(*batchv1.Job))
	}
	return nil, nil
}

// copyOf is the last of a StatefulSet's pods: newStatefulSetPod of pkg/controller/statefulset.
func (c *cluster) copyOf(set *appsv1.StatefulSet) ([]workloadPod, []error) {
	ordinal := strconv.Itoa(max(0, int(*set.Spec.Replicas)-1))
	name := set.Name + "-" + ordinal
	template := *set.Spec.Template.DeepCopy()
	template.Spec.Hostname, template.Spec.Subdomain = name, set.Spec.ServiceName
	for _, t := range set.Spec.VolumeClaimTemplates {
		claim := t.DeepCopy()
		claim.Name, claim.Namespace, claim.Status = t.Name+"-"+name, set.Namespace, corev1.PersistentVolumeClaimStatus{}
		claim.Labels = maps.Clone(set.Spec.Selector.MatchLabels)
		maps.Copy(claim.Labels, t.Labels)
		if _, err := c.make(claim, corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim")); err != nil {
			return nil, []error{fmt.Errorf("its claim: %w", err)}
		}
		template.Spec.Volumes = append(template.Spec.Volumes, corev1.Volume{Name: t.Name, VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim.Name},
		}})
	}
	return c.pod(set.Name, name, set.Namespace, template, map[string]string{
		appsv1.StatefulSetPodNameLabel:  name,
		appsv1.PodIndexLabel:            ordinal,
		appsv1.StatefulSetRevisionLabel: set.Name + revision,
	})
}

// run is a pod of a Job; where pods have indices, the last one.
func (c *cluster) run(workload string, j *batchv1.Job) ([]workloadPod, []error) {
	template := *j.Spec.Template.DeepCopy()
	labels := map[string]string{}
	if *j.Spec.CompletionMode == batchv1.IndexedCompletion {
		index := strconv.Itoa(max(0, int(*j.Spec.Completions)-1))
		labels[batchv1.JobCompletionIndexAnnotation] = index
		template.Spec.Hostname = j.Name + "-" + index
	}
	return c.pod(workload, strings.ToLower(j.Name), j.Namespace, template, labels)
}

// pod admits a pod of a template, as GetPodFromTemplate of pkg/controller makes it.
func (c *cluster) pod(workload, name, namespace string, t corev1.PodTemplateSpec, labels map[string]string) ([]workloadPod, []error) {
	made := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: maps.Clone(t.Labels), Annotations: t.Annotations},
		Spec:       *t.Spec.DeepCopy(),
	}
	for key, value := range labels {
		if own, ok := t.Labels[key]; ok && own != value {
			return nil, []error{fmt.Errorf("its pods: label %s is %q, and the controller makes it %q", key, own, value)}
		}
		made.Labels[key] = value
	}
	kept, err := c.make(made, corev1.SchemeGroupVersion.WithKind("Pod"))
	if err != nil {
		return nil, []error{fmt.Errorf("its pods: %w", err)}
	}
	return []workloadPod{{workload, kept.(*corev1.Pod)}}, nil
}

// make creates an object that a controller asks for, with the server's defaults.
func (c *cluster) make(object runtime.Object, gvk schema.GroupVersionKind) (runtime.Object, error) {
	object.GetObjectKind().SetGroupVersionKind(gvk)
	legacyscheme.Scheme.Default(object)
	internal, err := legacyscheme.Scheme.ConvertToVersion(object, schema.GroupVersion{Group: gvk.Group, Version: runtime.APIVersionInternal})
	if err != nil {
		return nil, err
	}
	kept, err := c.create(internal, gvk)
	c.warned() // reported for the template already
	return kept, err
}
