package ecs

import (
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// update changes an existing service to what create would make (API reference, UpdateService).
// It sets everything, because a service keeps what an update omits: empty lists remove old
// values. It does not change the number of tasks of an autoscaled service. Tags and the launch
// type cannot be updated.
func (t *tenant) update(w *workload, create createService) updateService {
	u := updateService{
		Service:                       create.ServiceName,
		AvailabilityZoneRebalancing:   create.AvailabilityZoneRebalancing,
		CapacityProviderStrategy:      all(create.CapacityProviderStrategy),
		Cluster:                       create.Cluster,
		DeploymentConfiguration:       create.DeploymentConfiguration,
		DeploymentController:          create.DeploymentController,
		EnableECSManagedTags:          create.EnableECSManagedTags,
		ServiceRegistries:             create.ServiceRegistries,
		VolumeConfigurations:          create.VolumeConfigurations,
		VpcLatticeConfigurations:      create.VpcLatticeConfigurations,
		DesiredCount:                  create.DesiredCount,
		EnableExecuteCommand:          new(w.Ext.EnableExecuteCommand),
		HealthCheckGracePeriodSeconds: create.HealthCheckGracePeriodSeconds,
		LoadBalancers:                 all(create.LoadBalancers),
		NetworkConfiguration:          create.NetworkConfiguration,
		PlatformVersion:               create.PlatformVersion,
		PropagateTags:                 create.PropagateTags,
		ServiceConnectConfiguration:   create.ServiceConnectConfiguration,
		TaskDefinition:                create.TaskDefinition,
	}
	if w.Autoscale != nil {
		u.DesiredCount = nil
	}
	if u.HealthCheckGracePeriodSeconds == nil && len(create.LoadBalancers) > 0 {
		u.HealthCheckGracePeriodSeconds = new(int32(0)) // it has no effect without a load balancer
	}
	if !t.fargate() { // Fargate has no placement
		u.PlacementConstraints, u.PlacementStrategy = all(create.PlacementConstraints), all(create.PlacementStrategy)
	}
	if u.PropagateTags == "" {
		u.PropagateTags = types.PropagateTagsNone
	}
	if u.ServiceConnectConfiguration == nil {
		u.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{}
	}
	return u
}

// all returns a list that is written even if it is empty.
func all[T any](list []T) *[]T {
	list = append([]T{}, list...)
	return &list
}

// service adds the documents of a service, those to create and to update it with a number of
// their own: one of the two is given.
func (r *renderer) service(w *workload) {
	create := r.patchedService(w)
	r.add(w.Name+".2-create-service", create, camelCase)
	r.add(w.Name+".2-update-service", r.update(w, create), camelCase)
	if w.Autoscale != nil {
		r.add(w.Name+".3-register-scalable-target", r.scalableTarget(w), pascalCase)
		if percent := w.Autoscale.CPUPercent; percent > 0 {
			r.add(w.Name+".4-put-scaling-policy", r.scalingPolicy(w, "cpu", scaling.MetricTypeECSServiceAverageCPUUtilization, percent), pascalCase)
		}
		if percent := w.Autoscale.MemoryPercent; percent > 0 {
			r.add(w.Name+".5-put-scaling-policy", r.scalingPolicy(w, "memory", scaling.MetricTypeECSServiceAverageMemoryUtilization, percent), pascalCase)
		}
	}
}

// workload adds a workload's documents. The number in a document's name is its place among
// them: a task definition is registered before what runs it.
func (r *renderer) workload(w *workload) {
	r.add(w.Name+".1-register-task-definition", r.patchedTask(w), camelCase)
	switch w.Kind {
	case plan.Service, plan.Daemon:
		r.service(w)
	case plan.Job:
		if w.Replicas > 0 { // nothing to start without copies
			r.add(w.Name+".2-run-task", r.runTask(w), camelCase)
		}
	case plan.Cron:
		r.schedule(w)
	}
}
