package kubernetes

import (
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func (w *workload) autoscaler() []manifest {
	a := w.Autoscale
	if a == nil {
		return nil
	}
	return []manifest{&autoscalingv2.HorizontalPodAutoscaler{
		TypeMeta:   metav1.TypeMeta{APIVersion: "autoscaling/v2", Kind: "HorizontalPodAutoscaler"},
		ObjectMeta: w.meta(w.native, nil),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: string(w.object()), Name: w.native},
			MinReplicas:    new(int32(a.Min)),
			MaxReplicas:    int32(a.Max),
			Metrics:        slices.Concat(utilization(corev1.ResourceCPU, a.CPUPercent), utilization(corev1.ResourceMemory, a.MemoryPercent)),
		},
	}}
}

// utilization returns a target for the mean utilisation of a resource, none for 0.
func utilization(of corev1.ResourceName, percent int) []autoscalingv2.MetricSpec {
	if percent == 0 {
		return nil
	}
	return []autoscalingv2.MetricSpec{{
		Type: autoscalingv2.ResourceMetricSourceType,
		Resource: &autoscalingv2.ResourceMetricSource{
			Name: of,
			Target: autoscalingv2.MetricTarget{
				Type:               autoscalingv2.UtilizationMetricType,
				AverageUtilization: new(int32(percent)),
			},
		},
	}}
}

func (w *workload) budget() []manifest {
	b := w.Ext.DisruptionBudget
	if b == nil {
		return nil
	}
	budget := &policyv1.PodDisruptionBudget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
		ObjectMeta: w.meta(w.native, nil),
		Spec: policyv1.PodDisruptionBudgetSpec{
			MinAvailable:   intOrPercent(b.MinAvailable),
			Selector:       w.selector(),
			MaxUnavailable: intOrPercent(b.MaxUnavailable),
		},
	}
	if b.UnhealthyPodEvictionPolicy != "" {
		budget.Spec.UnhealthyPodEvictionPolicy = new(policyv1.UnhealthyPodEvictionPolicyType(b.UnhealthyPodEvictionPolicy))
	}
	return []manifest{budget}
}

// intOrPercent is nil of nil.
func intOrPercent(c *plan.Count) *intstr.IntOrString {
	if c == nil {
		return nil
	}
	if c.Percent {
		return new(intstr.FromString(c.String()))
	}
	return new(intstr.FromInt32(int32(c.N)))
}
