package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// service keeps the workload's copies running (API reference, CreateService). Its tags
// are also its tasks'.
func (t *tenant) service(w *workload) createService {
	deployment := deploymentConfiguration(w)
	s := createService{
		launch:                      t.launch(w),
		ServiceName:                 t.native(w.Name),
		AvailabilityZoneRebalancing: rebalancing(deployment),
		DeploymentConfiguration:     deployment,
		DesiredCount:                new(int32(w.Replicas)),
		LoadBalancers:               loadBalancers(w),
		ServiceConnectConfiguration: t.serviceConnect(w),
	}
	if w.Kind == plan.Daemon { // one task on each instance
		s.SchedulingStrategy, s.DesiredCount = types.SchedulingStrategyDaemon, nil
	}
	if seconds := w.graceSeconds(); seconds > 0 {
		s.HealthCheckGracePeriodSeconds = new(int32(seconds))
	}
	if len(s.Tags) > 0 {
		s.PropagateTags = types.PropagateTagsService
	}
	return s
}

// launch is which tasks run, and where. Naming no revision, it takes the latest of the
// task definition.
func (t *tenant) launch(w *workload) launch {
	l := launch{
		Cluster:              t.Ext.Cluster,
		NetworkConfiguration: t.network(w),
		PlacementStrategy:    w.placementStrategy(t.fargate()),
		PlatformVersion:      w.Ext.PlatformVersion,
		Tags:                 t.tags(),
		TaskDefinition:       t.native(w.Name),
	}
	l.CapacityProviderStrategy = each(w.Ext.CapacityProviders, func(p capacityProvider) types.CapacityProviderStrategyItem {
		return types.CapacityProviderStrategyItem{CapacityProvider: &p.Name, Base: int32(p.Base), Weight: int32(p.Weight)}
	})
	if l.CapacityProviderStrategy == nil { // it replaces the launch type
		l.LaunchType = types.LaunchType(t.Ext.LaunchType)
	}
	l.PlacementConstraints = each(w.Ext.PlacementConstraints, func(p placementConstraint) types.PlacementConstraint {
		return types.PlacementConstraint{Type: types.PlacementConstraintType(p.Type), Expression: stated(p.Expression)}
	})
	if w.Ext.EnableExecuteCommand {
		l.EnableExecuteCommand = new(true)
	}
	return l
}

// network is of the interface that each task has of its own. Only on Fargate it may
// have a public address (API reference, AwsVpcConfiguration).
func (t *tenant) network(w *workload) *types.NetworkConfiguration {
	c := &types.AwsVpcConfiguration{Subnets: t.Ext.Subnets, SecurityGroups: t.Ext.SecurityGroups}
	if len(w.Ext.SecurityGroups) > 0 {
		c.SecurityGroups = w.Ext.SecurityGroups
	}
	switch {
	case t.Ext.AssignPublicIP:
		c.AssignPublicIp = types.AssignPublicIpEnabled
	case t.fargate():
		c.AssignPublicIp = types.AssignPublicIpDisabled
	}
	return &types.NetworkConfiguration{AwsvpcConfiguration: c}
}

// placementStrategy is how the tasks are laid out over machines: first apart, where the
// author wants that, which on Fargate they are (developer guide, "Task placement on
// Amazon ECS").
func (w *workload) placementStrategy(fargate bool) []types.PlacementStrategy {
	var rules []placementStrategy
	if w.Placement != nil && w.Placement.Spread && !fargate {
		rules = []placementStrategy{{"spread", "attribute:ecs.availability-zone"}, {"spread", "instanceId"}}
	}
	for _, r := range w.Ext.PlacementStrategy {
		if !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	return each(rules, func(r placementStrategy) types.PlacementStrategy {
		return types.PlacementStrategy{Type: types.PlacementStrategyType(r.Type), Field: stated(r.Field)}
	})
}

// loadBalancers register the service's ports in their target groups.
func loadBalancers(w *workload) []types.LoadBalancer {
	var all []types.LoadBalancer
	for cname, c := range plan.Sorted(w.Containers) {
		for pname, p := range plan.Sorted(c.Ports) {
			for _, arn := range w.Ext.TargetGroups[pname] {
				all = append(all, types.LoadBalancer{ContainerName: &cname, ContainerPort: new(int32(p.Number)), TargetGroupArn: &arn})
			}
		}
	}
	return all
}

// deploymentConfiguration is how an update replaces tasks. The circuit breaker ends one
// whose tasks do not start, which ECS would otherwise try for ever. A task that writes to a
// persistent volume ends before the next one starts.
func deploymentConfiguration(w *workload) *types.DeploymentConfiguration {
	lowest, highest := defaultLowest, defaultMost
	switch {
	case w.writesTo() != "":
		lowest, highest = 0, 100
	case w.Rollout != nil:
		minimum, largest := w.copiesRange()
		p := deploymentPercent(w.Rollout, minimum, largest)
		lowest, highest = p.lowest, p.highest
	}
	d := &types.DeploymentConfiguration{
		DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: w.Rollout != nil && w.Rollout.Rollback},
	}
	if w.Kind != plan.Daemon { // a daemon's tasks end before the next ones start, by default
		d.MinimumHealthyPercent, d.MaximumPercent = new(int32(lowest)), new(int32(highest))
	}
	return d
}

// rebalancing is off where tasks may not start before others end, for which ECS does not move
// tasks between availability zones (developer guide, "Balancing an Amazon ECS service across
// Availability Zones", as aws-cdk has it: maxHealthyPercent must be greater than 100; checked
// 2026-11-29).
func rebalancing(d *types.DeploymentConfiguration) types.AvailabilityZoneRebalancing {
	if d.MaximumPercent == nil || *d.MaximumPercent <= 100 {
		return types.AvailabilityZoneRebalancingDisabled
	}
	return ""
}

// serviceConnect lets the service's tasks find endpoints, and be found. Its proxy logs
// where the containers do.
func (t *tenant) serviceConnect(w *workload) *types.ServiceConnectConfiguration {
	if !t.connects(w) {
		return nil
	}
	return &types.ServiceConnectConfiguration{
		Enabled:          true,
		LogConfiguration: t.logConfiguration(w),
		Namespace:        stated(t.Ext.Namespace),
		Services:         t.connectServices(w),
	}
}

// connectServices are the ports that the tenant's other workloads reach, if an endpoint
// leads to this one. All of them have the workload's native name, and their numbers
// tell them apart (API reference, ServiceConnectClientAlias).
func (t *tenant) connectServices(w *workload) []types.ServiceConnectService {
	if !t.served[w.Name] || w.Kind.Ends() {
		return nil
	}
	var all []types.ServiceConnectService
	for pname, p := range plan.Sorted(w.Ports()) {
		if p.Protocol != "tcp" || p.Expose == "none" {
			continue
		}
		all = append(all, types.ServiceConnectService{
			PortName:      &pname,
			DiscoveryName: new(t.discoveryName(w.Name, pname)),
			ClientAliases: []types.ServiceConnectClientAlias{{DnsName: new(t.native(w.Name)), Port: new(int32(p.Number))}},
		})
	}
	return all
}
