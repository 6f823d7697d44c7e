package main

import (
	"slices"
	"strings"

	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// service: CreateService.
func (f *findings) service(s *ecs.CreateServiceInput) {
	f.want(nameText.MatchString(deref(s.ServiceName)), "%q is no service's name", deref(s.ServiceName))
	f.want(s.SchedulingStrategy == types.SchedulingStrategyDaemon || s.DesiredCount != nil && *s.DesiredCount >= 0, "there is no desired count")
	task := f.launch(launched{
		cluster: s.Cluster, taskDefinition: s.TaskDefinition, platformVersion: s.PlatformVersion,
		launchType: s.LaunchType, strategy: s.CapacityProviderStrategy, network: s.NetworkConfiguration,
		constraints: s.PlacementConstraints, placement: s.PlacementStrategy, tags: s.Tags, execute: s.EnableExecuteCommand,
	})
	if task == nil {
		return
	}
	f.want(len(s.LoadBalancers) <= 5, "there are %d target groups: 5 at most", len(s.LoadBalancers)) // quota "target groups per service"
	for _, l := range s.LoadBalancers {                                                              // LoadBalancer
		f.want(targetText.MatchString(deref(l.TargetGroupArn)), "%q is no target group", deref(l.TargetGroupArn))
		has := slices.ContainsFunc(task.ContainerDefinitions, func(c types.ContainerDefinition) bool {
			return deref(c.Name) == deref(l.ContainerName) && slices.ContainsFunc(c.PortMappings, func(p types.PortMapping) bool { return deref(p.ContainerPort) == deref(l.ContainerPort) })
		})
		f.want(has, "no container %s has the port %d", deref(l.ContainerName), deref(l.ContainerPort))
	}
	if d := s.DeploymentConfiguration; d != nil { // DeploymentConfiguration
		lowest, highest := int32(100), int32(200)
		if d.MinimumHealthyPercent != nil {
			lowest = *d.MinimumHealthyPercent
		}
		if d.MaximumPercent != nil {
			highest = *d.MaximumPercent
		}
		f.want(lowest >= 0 && lowest <= 100, "minimumHealthyPercent is %d: 0 to 100", lowest)
		f.want(highest >= 100, "maximumPercent is %d: 100 at least", highest)
		f.want(lowest < 100 || highest > 100, "with both at 100 percent no task can be replaced")
		rebalances := s.AvailabilityZoneRebalancing != types.AvailabilityZoneRebalancingDisabled
		f.want(highest > 100 || !rebalances, "tasks move between zones only with a maximumPercent above 100") // DG "Availability Zone rebalancing"
	}
	if s.HealthCheckGracePeriodSeconds != nil {
		f.want(*s.HealthCheckGracePeriodSeconds >= 0, "the grace period is less than nothing")
	}
	f.connect(s, task)
}

// update: UpdateService; what it says of a service is what creating it says.
func (f *findings) update(u *ecs.UpdateServiceInput) {
	i := slices.IndexFunc(f.services, func(s of[ecs.CreateServiceInput]) bool { return deref(s.input.ServiceName) == deref(u.Service) })
	if i < 0 {
		f.want(false, "no document creates the service %q", deref(u.Service))
		return
	}
	s := f.services[i].input
	f.want(deref(u.Cluster) == deref(s.Cluster), "the service is in another cluster")
	f.want(deref(u.TaskDefinition) == deref(s.TaskDefinition), "the service runs another task definition")
	f.want(u.CapacityProviderStrategy != nil && len(u.CapacityProviderStrategy) == len(s.CapacityProviderStrategy), "the service runs on other capacity")
	f.want(u.LoadBalancers != nil && len(u.LoadBalancers) == len(s.LoadBalancers), "the service joins other target groups")
	f.want(u.ServiceConnectConfiguration != nil, "what the service had of Service Connect stays")
	f.want(u.EnableExecuteCommand != nil && *u.EnableExecuteCommand == s.EnableExecuteCommand, "ECS Exec is another way")
	scaled := slices.ContainsFunc(f.targets, func(t of[scaling.RegisterScalableTargetInput]) bool {
		return strings.HasSuffix(deref(t.input.ResourceId), "/"+deref(u.Service))
	})
	counted := !scaled && s.SchedulingStrategy != types.SchedulingStrategyDaemon                                              // CreateService: schedulingStrategy
	f.want(counted == (u.DesiredCount != nil), "the number of tasks is that of the load, of the machines, or of the service") // UpdateService: desiredCount
}

// connect: ServiceConnectConfiguration; DG "Service Connect", considerations.
func (f *findings) connect(s *ecs.CreateServiceInput, task *ecs.RegisterTaskDefinitionInput) {
	c := s.ServiceConnectConfiguration
	if c == nil || !c.Enabled {
		return
	}
	f.want(task.Memory != nil, "the proxy of Service Connect needs a bound to the task's memory")
	f.want(task.RuntimePlatform == nil || task.RuntimePlatform.OperatingSystemFamily == "" || task.RuntimePlatform.OperatingSystemFamily == types.OSFamilyLinux,
		"Windows containers have no Service Connect")
	var ports []string
	for _, service := range c.Services {
		ports = append(ports, deref(service.PortName))
		f.want(service.DiscoveryName == nil || connectText.MatchString(*service.DiscoveryName), "%q is no discovery name", deref(service.DiscoveryName))
		f.want(len(service.ClientAliases) <= 1, "port %s has %d client aliases: 1 at most", deref(service.PortName), len(service.ClientAliases))
		for _, a := range service.ClientAliases {
			f.want(a.DnsName == nil || dnsText.MatchString(*a.DnsName), "%q is no DNS name", deref(a.DnsName))
		}
		named := slices.ContainsFunc(task.ContainerDefinitions, func(d types.ContainerDefinition) bool {
			return slices.ContainsFunc(d.PortMappings, func(p types.PortMapping) bool {
				return deref(p.Name) == deref(service.PortName) && p.Protocol != types.TransportProtocolUdp
			})
		})
		f.want(named, "no TCP port mapping is called %q", deref(service.PortName))
	}
	f.unique("Service Connect port", ports...)
}

// checkConnect: names are unique in a namespace (ServiceConnectService: discoveryName,
// clientAliases).
func (t *tenant) checkConnect() {
	names, aliases := map[string]bool{}, map[string]map[int32]bool{}
	for _, s := range t.services {
		f := &findings{t, s.document}
		c := s.input.ServiceConnectConfiguration
		if c == nil {
			continue
		}
		for _, service := range c.Services {
			name := deref(service.DiscoveryName)
			f.want(!names[name], "the discovery name %q is another service's", name)
			names[name] = true
			for _, a := range service.ClientAliases {
				dns, port := deref(a.DnsName), deref(a.Port)
				if aliases[dns] == nil {
					aliases[dns] = map[int32]bool{}
				}
				f.want(!aliases[dns][port], "the alias %s:%d is another service's", dns, port)
				aliases[dns][port] = true
			}
		}
	}
	var services, families []string
	for _, s := range t.services {
		services = append(services, deref(s.input.ServiceName))
	}
	for _, task := range t.tasks {
		families = append(families, deref(task.input.Family))
	}
	f := &findings{tenant: t}
	f.unique("service", services...)
	f.unique("family", families...)
}
