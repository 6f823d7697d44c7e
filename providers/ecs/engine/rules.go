package main

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// The rules that no model has, and the documentation that they cite: the API reference of
// Amazon ECS by type or operation, and its developer guide (DG) by page.

// check judges the tenant's inputs by the documented rules, and together.
func (t *tenant) check() {
	for _, task := range t.tasks {
		f := &findings{t, task.document}
		f.task(task.input, task.data)
	}
	for _, s := range t.services {
		f := &findings{t, s.document}
		f.service(s.input)
	}
	for _, u := range t.updates {
		f := &findings{t, u.document}
		f.update(u.input)
	}
	for _, r := range t.runs {
		f := &findings{t, r.document}
		f.runTask(r.input)
	}
	t.checkConnect()
	t.checkSchedules()
	t.checkScaling()
}

// findings reports on one document.
type findings struct {
	*tenant
	document string
}

// want reports what does not hold.
func (f *findings) want(holds bool, format string, args ...any) {
	if !holds {
		f.report(f.document, format, args...)
	}
}

// within reports a number that is out of its bounds; nil is left out.
func within[N int | int32](f *findings, what string, n *N, minimum, highest N) {
	f.want(n == nil || *n >= minimum && *n <= highest, "%s is %v: it is from %v to %v", what, deref(n), minimum, highest)
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// unique reports names that stand more than once.
func (f *findings) unique(what string, names ...string) {
	seen := map[string]bool{}
	for _, name := range names {
		f.want(!seen[name], "%s %q stands twice", what, name)
		seen[name] = true
	}
}

var (
	nameText     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)                                                                     // RegisterTaskDefinition: family; CreateService: serviceName; ContainerDefinition: name; Volume: name
	connectText  = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]{0,63}$`)                                                                // PortMapping: name; ServiceConnectService: discoveryName
	dnsText      = regexp.MustCompile(`^[a-z0-9_.][a-z0-9_.-]{0,126}$`)                                                             // ServiceConnectClientAlias: dnsName
	clusterText  = regexp.MustCompile(`^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster/[A-Za-z0-9_-]{1,255})$`) // CreateCluster: clusterName
	targetText   = regexp.MustCompile(`^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup/.+$`)                     // LoadBalancer: targetGroupArn
	subnetText   = regexp.MustCompile(`^subnet-[0-9A-Za-z]+$`)                                                                      // AwsVpcConfiguration: subnets
	groupText    = regexp.MustCompile(`^sg-[0-9A-Za-z]+$`)                                                                          // AwsVpcConfiguration: securityGroups
	roleText     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)                                             // IAM user guide, "IAM identifiers"
	roleNameText = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)                                                                         // RegisterTaskDefinition: taskRoleArn takes a name as well
	fargateNames = map[string]bool{"FARGATE": true, "FARGATE_SPOT": true}
)

// tags: Tag. Their bounds are in the services' models.
func (f *findings) tags(tags []types.Tag) {
	var keys []string
	for _, tag := range tags {
		key, value := deref(tag.Key), deref(tag.Value)
		keys = append(keys, key)
		for _, text := range []string{key, value} {
			f.want(!strings.HasPrefix(strings.ToLower(text), "aws:"), "tag %q begins with aws:", key)
		}
	}
	f.unique("tag", keys...)
}

// launched is what CreateService and RunTask both take.
type launched struct {
	cluster, taskDefinition, platformVersion *string
	launchType                               types.LaunchType
	strategy                                 []types.CapacityProviderStrategyItem
	network                                  *types.NetworkConfiguration
	constraints                              []types.PlacementConstraint
	placement                                []types.PlacementStrategy
	tags                                     []types.Tag
	execute                                  bool
}

// launch checks which tasks run, and where, and returns their definition.
func (f *findings) launch(l launched) *ecs.RegisterTaskDefinitionInput {
	f.want(l.cluster == nil || clusterText.MatchString(*l.cluster), "the cluster %q is no name and no ARN", deref(l.cluster))
	f.tags(l.tags)
	task := f.definition(deref(l.taskDefinition))
	if task == nil {
		f.want(false, "no document registers the task definition %q", deref(l.taskDefinition))
		return nil
	}
	fargate := f.capacity(l, task)
	f.want(fargate || l.platformVersion == nil, "only Fargate has platform versions")                      // CreateService: platformVersion
	f.want(!fargate || len(l.constraints)+len(l.placement) == 0, "Fargate takes no placement rules")       // DG "Task definition differences for Fargate"
	f.want(len(l.constraints) <= 10, "there are %d placement constraints: 10 at most", len(l.constraints)) // CreateService: placementConstraints
	f.want(len(l.placement) <= 5, "there are %d placement strategies: 5 at most", len(l.placement))        // CreateService: placementStrategy
	f.want(!l.execute || task.TaskRoleArn != nil, "ECS Exec needs a task role")                            // DG "Using ECS Exec"
	for _, c := range l.constraints {
		member := c.Type == types.PlacementConstraintTypeMemberOf
		f.want(member == (deref(c.Expression) != ""), "the constraint %s has an expression, or lacks one", c.Type) // PlacementConstraint: expression
		f.want(utf8.RuneCountInString(deref(c.Expression)) <= 2000, "a constraint's expression has more than 2000 characters")
	}
	for _, s := range l.placement { // PlacementStrategy: field
		field := deref(s.Field)
		switch s.Type {
		case types.PlacementStrategyTypeRandom:
			f.want(field == "", "the strategy random takes no field")
		case types.PlacementStrategyTypeBinpack:
			f.want(strings.EqualFold(field, "cpu") || strings.EqualFold(field, "memory"), "binpack takes the field cpu or memory, not %q", field)
		default:
			f.want(field != "", "the strategy spread needs a field")
		}
	}
	f.network(l.network, fargate)
	return task
}

// definition returns the task definition of a family that is registered here.
func (t *tenant) definition(family string) *ecs.RegisterTaskDefinitionInput {
	for _, task := range t.tasks {
		if deref(task.input.Family) == family {
			return task.input
		}
	}
	return nil
}

// capacity reports what runs the tasks, and whether it is Fargate: a launch type or a
// strategy, of Fargate's providers or of others (CreateService: launchType,
// capacityProviderStrategy; CapacityProviderStrategyItem).
func (f *findings) capacity(l launched, task *ecs.RegisterTaskDefinitionInput) (fargate bool) {
	f.want(l.launchType == "" || len(l.strategy) == 0, "there is a launch type beside the capacity providers")
	f.want(len(l.strategy) <= 20, "there are %d capacity providers: 20 at most", len(l.strategy))
	fargate = l.launchType == types.LaunchTypeFargate
	bases, weights := 0, int32(0)
	var names []string
	for i, s := range l.strategy {
		name := deref(s.CapacityProvider)
		names = append(names, name)
		f.want(i == 0 || fargate == fargateNames[name], "Fargate's capacity providers stand beside others")
		fargate = fargateNames[name]
		f.want(nameText.MatchString(name), "%q is no capacity provider", name)
		weights += s.Weight
		if s.Base > 0 {
			bases++
		}
	}
	f.unique("capacity provider", names...)
	f.want(bases <= 1, "%d capacity providers have a base: one at most", bases)
	f.want(len(l.strategy) < 2 || weights > 0, "none of the capacity providers has a weight")
	compatible := types.CompatibilityEc2
	if fargate {
		compatible = types.CompatibilityFargate
	}
	for _, c := range task.RequiresCompatibilities {
		f.want(c == compatible, "the task definition is for %s, and runs on %s", c, compatible)
	}
	windows := task.RuntimePlatform != nil && strings.HasPrefix(string(task.RuntimePlatform.OperatingSystemFamily), "WINDOWS")
	for _, name := range names { // DG "Fargate capacity providers"
		f.want(name != "FARGATE_SPOT" || !windows, "FARGATE_SPOT runs no Windows containers")
	}
	if version := deref(l.platformVersion); fargate && version != "LATEST" && version != "" { // DG "Fargate platform versions"
		f.want(version == "1.0.0" && windows || (version == "1.4.0" || version == "1.3.0") && !windows, "there is no platform version %s", version)
	}
	return fargate
}

// network: a task in network mode awsvpc is in subnets (AwsVpcConfiguration).
func (f *findings) network(n *types.NetworkConfiguration, fargate bool) {
	if n == nil || n.AwsvpcConfiguration == nil {
		f.want(false, "network mode awsvpc needs a network configuration")
		return
	}
	c := n.AwsvpcConfiguration
	f.want(len(c.Subnets) >= 1 && len(c.Subnets) <= 16, "there are %d subnets: 1 to 16", len(c.Subnets))
	f.want(len(c.SecurityGroups) <= 5, "there are %d security groups: 5 at most", len(c.SecurityGroups))
	f.want(fargate || c.AssignPublicIp != types.AssignPublicIpEnabled, "only tasks on Fargate get a public address")
	for _, s := range c.Subnets {
		f.want(subnetText.MatchString(s), "%q is no subnet", s)
	}
	for _, s := range c.SecurityGroups {
		f.want(groupText.MatchString(s), "%q is no security group", s)
	}
}

func (f *findings) runTask(r *ecs.RunTaskInput) {
	within(f, "count", r.Count, 1, 10) // RunTask: count
	f.launch(launched{
		cluster: r.Cluster, taskDefinition: r.TaskDefinition, platformVersion: r.PlatformVersion,
		launchType: r.LaunchType, strategy: r.CapacityProviderStrategy, network: r.NetworkConfiguration,
		constraints: r.PlacementConstraints, placement: r.PlacementStrategy, tags: r.Tags, execute: r.EnableExecuteCommand,
	})
}
