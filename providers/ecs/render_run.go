package ecs

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	scheduler "github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// runTask starts a job's copies (API reference, RunTask).
func (t *tenant) runTask(w *workload) runTask {
	return runTask{launch: t.launch(w), Count: int32(w.Replicas)}
}

// scheduleGroup holds the tenant's schedules and has its tags, for a schedule has none
// of its own (EventBridge Scheduler API reference, CreateScheduleGroup).
func (r *renderer) scheduleGroup() {
	if !r.schedules() {
		return
	}
	tags := tagsOf(r.Plan.Labels, func(key, value string) scheduler.Tag { return scheduler.Tag{Key: &key, Value: &value} })
	r.add(r.Plan.ID+".0-create-schedule-group", createScheduleGroup{Name: r.Plan.ID, Tags: tags}, schedulerCase)
}

// schedules reports whether the tenant has cron workloads.
func (t *tenant) schedules() bool {
	for _, w := range t.Workloads {
		if w.Kind == plan.Cron {
			return true
		}
	}
	return false
}

// schedule starts a cron workload's copies. With no copies it is disabled.
func (r *renderer) schedule(w *workload) {
	expression, err := scheduleExpression(w.Schedule)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("workloads.%s.schedule: %w", w.Name, err)
	}
	s := createSchedule{
		Name:                       r.native(w.Name),
		FlexibleTimeWindow:         scheduler.FlexibleTimeWindow{Mode: scheduler.FlexibleTimeWindowModeOff},
		GroupName:                  r.Plan.ID,
		ScheduleExpression:         expression,
		ScheduleExpressionTimezone: w.Timezone,
		Target:                     r.target(w),
	}
	if w.Replicas == 0 {
		s.State = scheduler.ScheduleStateDisabled
	}
	r.add(w.Name+".2-create-schedule", s, schedulerCase)
}

// target is what the schedule does. Its own form for ECS names the task definition by
// ARN, of which the cluster's says all but the name; left without a revision it stands
// for the latest. Without the cluster's ARN it is RunTask itself, a universal target,
// whose input names its members as SDKs do (EventBridge Scheduler user guide, "Using
// templated targets" and "Using universal targets").
func (r *renderer) target(w *workload) scheduler.Target {
	run := r.runTask(w)
	run.Count = max(run.Count, 1)
	target := scheduler.Target{RoleArn: new(r.schedulerRole())}
	if p := w.Ext.RetryPolicy; p != nil {
		target.RetryPolicy = &scheduler.RetryPolicy{MaximumEventAgeInSeconds: integer(p.AgeSeconds), MaximumRetryAttempts: integer(p.Attempts)}
	}
	if w.Ext.DeadLetterArn != "" {
		target.DeadLetterConfig = &scheduler.DeadLetterConfig{Arn: &w.Ext.DeadLetterArn}
	}
	if cluster, _ := r.clusterARN(); r.templated() {
		target.Arn = &r.Ext.Cluster
		target.EcsParameters = ecsParameters(run)
		target.EcsParameters.TaskDefinitionArn = new(fmt.Sprintf("arn:%s:ecs:%s:%s:task-definition/%s", cluster.partition, cluster.region, cluster.account, run.TaskDefinition))
		return target
	}
	input, err := compact(run, pascalCase)
	if err != nil && r.err == nil {
		r.err = err
	}
	target.Arn = new("arn:" + partition(*target.RoleArn) + ":scheduler:::aws-sdk:ecs:runTask")
	target.Input = new(string(input))
	return target
}

// templated reports whether schedules use Scheduler's own form of an ECS task.
func (t *tenant) templated() bool {
	_, ok := t.clusterARN()
	return ok
}

// schedulerRole returns the role that starts the tasks.
func (t *tenant) schedulerRole() string {
	return cmp.Or(t.Ext.SchedulerRoleArn, t.Ext.ExecutionRoleArn)
}

// ecsParameters are a task's in Scheduler's own types. The task has its definition's
// tags.
func ecsParameters(run runTask) *scheduler.EcsParameters {
	vpc := run.NetworkConfiguration.AwsvpcConfiguration
	p := &scheduler.EcsParameters{
		EnableExecuteCommand: run.EnableExecuteCommand,
		LaunchType:           scheduler.LaunchType(run.LaunchType),
		NetworkConfiguration: &scheduler.NetworkConfiguration{AwsvpcConfiguration: &scheduler.AwsVpcConfiguration{
			AssignPublicIp: scheduler.AssignPublicIp(vpc.AssignPublicIp),
			SecurityGroups: vpc.SecurityGroups,
			Subnets:        vpc.Subnets,
		}},
		PlatformVersion: stated(run.PlatformVersion),
		TaskCount:       &run.Count,
	}
	if len(run.Tags) > 0 {
		p.PropagateTags = scheduler.PropagateTagsTaskDefinition
	}
	p.CapacityProviderStrategy = each(run.CapacityProviderStrategy, func(i types.CapacityProviderStrategyItem) scheduler.CapacityProviderStrategyItem {
		return scheduler.CapacityProviderStrategyItem{CapacityProvider: i.CapacityProvider, Base: i.Base, Weight: i.Weight}
	})
	p.PlacementConstraints = each(run.PlacementConstraints, func(c types.PlacementConstraint) scheduler.PlacementConstraint {
		return scheduler.PlacementConstraint{Expression: c.Expression, Type: scheduler.PlacementConstraintType(c.Type)}
	})
	p.PlacementStrategy = each(run.PlacementStrategy, func(s types.PlacementStrategy) scheduler.PlacementStrategy {
		return scheduler.PlacementStrategy{Field: s.Field, Type: scheduler.PlacementStrategyType(s.Type)}
	})
	return p
}

// kindRows are the rows of what a workload becomes.
var kindRows = provider.Table{
	{Field: "workloads", Level: exact, How: "a task definition of the family TENANT-WORKLOAD", Effect: revision},
	{Field: "workloads", When: "on Fargate, where nothing says where logs go", Level: approximated, How: "container output is lost", Instead: "set extensions.ecs.logs, or executionRoleArn and the cluster's ARN"},
	{Field: "workloads.kind", When: "service", Level: exact, How: "a service", Effect: replacement, Source: "services, tasks and schedules are different things"},
	{Field: "workloads.kind", When: "daemon, on EC2", Level: exact, How: "a service of scheduling strategy DAEMON"},
	{Field: "workloads.kind", When: "daemon, on Fargate", Level: unsupported, How: "it has no machines", Instead: "set the extension's launchType to EC2, or use kind service"},
	{Field: "workloads.kind", When: "job", Level: exact, How: "a RunTask input"},
	{Field: "workloads.kind", When: "cron", Level: exact, How: "an EventBridge Scheduler schedule"},
	{Field: "workloads.accept", Effect: none},
}
