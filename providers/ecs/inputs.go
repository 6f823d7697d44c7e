package ecs

import (
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	scheduler "github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// The inputs of the operations that documents are of, as far as they are used. They
// are the SDK's own (ecs.RegisterTaskDefinitionInput, …) without its clients, whose
// start every run of the tool would pay for; the engine's admission tests hold each
// document against the SDK's input.

type registerTaskDefinition struct {
	Family                  string
	ContainerDefinitions    []types.ContainerDefinition
	Cpu                     string
	EnableFaultInjection    *bool
	EphemeralStorage        *types.EphemeralStorage
	ExecutionRoleArn        string
	IpcMode                 types.IpcMode
	Memory                  string
	NetworkMode             types.NetworkMode
	PidMode                 types.PidMode
	PlacementConstraints    []types.TaskDefinitionPlacementConstraint
	ProxyConfiguration      *types.ProxyConfiguration
	RequiresCompatibilities []types.Compatibility
	RuntimePlatform         *types.RuntimePlatform
	Tags                    []types.Tag
	TaskRoleArn             string
	Volumes                 []types.Volume
}

// launch is the common input of CreateService and RunTask: which tasks run, and where.
type launch struct {
	CapacityProviderStrategy []types.CapacityProviderStrategyItem
	Cluster                  string
	EnableExecuteCommand     *bool
	LaunchType               types.LaunchType
	NetworkConfiguration     *types.NetworkConfiguration
	PlacementConstraints     []types.PlacementConstraint
	PlacementStrategy        []types.PlacementStrategy
	PlatformVersion          string
	Tags                     []types.Tag
	TaskDefinition           string
}

type createService struct {
	launch
	ServiceName                   string
	AvailabilityZoneRebalancing   types.AvailabilityZoneRebalancing
	DeploymentConfiguration       *types.DeploymentConfiguration
	DeploymentController          *types.DeploymentController
	DesiredCount                  *int32
	EnableECSManagedTags          *bool
	HealthCheckGracePeriodSeconds *int32
	LoadBalancers                 []types.LoadBalancer
	PropagateTags                 types.PropagateTags
	Role                          string
	SchedulingStrategy            types.SchedulingStrategy
	ServiceConnectConfiguration   *types.ServiceConnectConfiguration
	ServiceRegistries             []types.ServiceRegistry
	VolumeConfigurations          []types.ServiceVolumeConfiguration
	VpcLatticeConfigurations      []types.VpcLatticeConfiguration
}

// updateService says of the same service all that may change. What an earlier version had
// and this one has not is said too: an empty list is written as one, where nil is left out.
type updateService struct {
	Service                       string
	AvailabilityZoneRebalancing   types.AvailabilityZoneRebalancing
	CapacityProviderStrategy      *[]types.CapacityProviderStrategyItem
	Cluster                       string
	DeploymentConfiguration       *types.DeploymentConfiguration
	DeploymentController          *types.DeploymentController
	DesiredCount                  *int32
	EnableECSManagedTags          *bool
	EnableExecuteCommand          *bool
	HealthCheckGracePeriodSeconds *int32
	LoadBalancers                 *[]types.LoadBalancer
	NetworkConfiguration          *types.NetworkConfiguration
	PlacementConstraints          *[]types.PlacementConstraint
	PlacementStrategy             *[]types.PlacementStrategy
	PlatformVersion               string
	PropagateTags                 types.PropagateTags
	ServiceConnectConfiguration   *types.ServiceConnectConfiguration
	ServiceRegistries             []types.ServiceRegistry
	TaskDefinition                string
	VolumeConfigurations          []types.ServiceVolumeConfiguration
	VpcLatticeConfigurations      []types.VpcLatticeConfiguration
}

type runTask struct {
	launch
	Count int32
}

type createScheduleGroup struct {
	Name string
	Tags []scheduler.Tag
}

type createSchedule struct {
	Name                       string
	FlexibleTimeWindow         scheduler.FlexibleTimeWindow
	GroupName                  string
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	State                      scheduler.ScheduleState
	Target                     scheduler.Target
}

// scalable names the resource for Application Auto Scaling.
type scalable struct {
	ResourceId        string
	ScalableDimension scaling.ScalableDimension
	ServiceNamespace  scaling.ServiceNamespace
}

type registerScalableTarget struct {
	scalable
	MaxCapacity int32
	MinCapacity int32
	Tags        map[string]string
}

type putScalingPolicy struct {
	scalable
	PolicyName                               string
	PolicyType                               scaling.PolicyType
	TargetTrackingScalingPolicyConfiguration scaling.TargetTrackingScalingPolicyConfiguration
}

// stated returns a pointer to a string that an author wrote, nil for an empty one.
func stated(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// integer returns a pointer to a number that an author wrote, nil for none.
func integer(n *int) *int32 {
	if n == nil {
		return nil
	}
	return new(int32(*n))
}

// each converts a list.
func each[A, B any](list []A, of func(A) B) []B {
	var made []B
	for _, a := range list {
		made = append(made, of(a))
	}
	return made
}

// tagsOf converts the tenant's labels to the type of a service's SDK.
func tagsOf[T any](labels map[string]string, tag func(key, value string) T) []T {
	var tags []T
	for key, value := range plan.Sorted(labels) {
		tags = append(tags, tag(key, value))
	}
	return tags
}
