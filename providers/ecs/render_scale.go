package ecs

import (
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// scalable names the service as Application Auto Scaling does (its API reference,
// RegisterScalableTarget: ResourceId).
func (t *tenant) scalable(w *workload) scalable {
	return scalable{
		ResourceId:        "service/" + t.clusterName() + "/" + t.native(w.Name),
		ScalableDimension: scaling.ScalableDimensionECSServiceDesiredCount,
		ServiceNamespace:  scaling.ServiceNamespaceEcs,
	}
}

// scalableTarget lets the service's number of tasks be changed.
func (t *tenant) scalableTarget(w *workload) registerScalableTarget {
	return registerScalableTarget{
		scalable:    t.scalable(w),
		MinCapacity: int32(w.Autoscale.Min),
		MaxCapacity: int32(w.Autoscale.Max),
		Tags:        t.Plan.Labels,
	}
}

// scalingPolicy keeps the mean use of cpu or memory of the tasks near the target, in percent of
// what their definition asks for (developer guide, "Amazon ECS service utilization
// metrics").
func (t *tenant) scalingPolicy(w *workload, of string, metric scaling.MetricType, percent int) putScalingPolicy {
	return putScalingPolicy{
		scalable:   t.scalable(w),
		PolicyName: t.native(w.Name) + "-" + of,
		PolicyType: scaling.PolicyTypeTargetTrackingScaling,
		TargetTrackingScalingPolicyConfiguration: scaling.TargetTrackingScalingPolicyConfiguration{
			TargetValue: new(float64(percent)),
			PredefinedMetricSpecification: &scaling.PredefinedMetricSpecification{
				PredefinedMetricType: metric,
			},
		},
	}
}
