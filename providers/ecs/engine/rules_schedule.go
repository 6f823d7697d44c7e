package main

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones, wherever the engine runs

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
)

var (
	clusterARN      = regexp.MustCompile(`^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster/[A-Za-z0-9_-]{1,255}$`)           // scheduler user guide, "Using templated targets"
	definitionARN   = regexp.MustCompile(`^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition/([A-Za-z0-9_-]{1,255})$`) // likewise
	universalRun    = regexp.MustCompile(`^arn:aws[a-z-]*:scheduler:::aws-sdk:ecs:runTask$`)                              // scheduler user guide, "Using universal targets"
	serviceResource = regexp.MustCompile(`^service/[A-Za-z0-9_-]{1,255}/([A-Za-z0-9_-]{1,255})$`)                         // Application Auto Scaling API reference, RegisterScalableTarget: ResourceId
)

// checkSchedules: EventBridge Scheduler API reference, CreateScheduleGroup,
// CreateSchedule, Target, EcsParameters. Their bounds are in the service's model.
func (t *tenant) checkSchedules() {
	groups := map[string]bool{"default": true}
	for _, g := range t.groups {
		groups[deref(g.input.Name)] = true
	}
	for _, s := range t.schedules {
		f := &findings{t, s.document}
		in := s.input
		f.want(in.GroupName == nil || groups[*in.GroupName], "no document makes the group %q", deref(in.GroupName))
		f.want(cronExpression(deref(in.ScheduleExpression)), "%q is no cron expression", deref(in.ScheduleExpression))
		if zone := in.ScheduleExpressionTimezone; zone != nil {
			_, err := time.LoadLocation(*zone)
			f.want(err == nil, "%q is no time zone", *zone)
		}
		if in.Target != nil {
			f.target(in)
		}
	}
}

func (f *findings) target(s *scheduler.CreateScheduleInput) {
	target := s.Target
	p := target.EcsParameters
	if p == nil {
		f.want(universalRun.MatchString(deref(target.Arn)), "%q is no target that runs tasks", deref(target.Arn))
		data, err := universal(deref(target.Input))
		if err != nil {
			f.report(f.document, "Target.Input: %v", err)
			return
		}
		run := new(ecs.RunTaskInput)
		for _, err := range strict("RunTask", data, run, func() error {
			_, err := ecsClient.RunTask(context.Background(), run)
			return err
		}) {
			f.report(f.document, "Target.Input: %v", err)
		}
		f.runTask(run)
		return
	}
	f.want(clusterARN.MatchString(deref(target.Arn)), "%q is no cluster's ARN", deref(target.Arn))
	family := definitionARN.FindStringSubmatch(deref(p.TaskDefinitionArn))
	if family == nil {
		f.report(f.document, "%q is no task definition's ARN", deref(p.TaskDefinitionArn))
		return
	}
	run := new(ecs.RunTaskInput) // the same task, by the same rules
	same, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(same, run)
	}
	if err != nil {
		f.report(f.document, "EcsParameters: %v", err)
		return
	}
	run.TaskDefinition, run.Count, run.Tags = &family[1], p.TaskCount, nil
	f.runTask(run)
}

// cronExpression reports whether a text is a cron expression: minutes, hours, day of
// month, month, day of week and year, one of the two days ? (EventBridge Scheduler user
// guide, "Schedule types").
func cronExpression(text string) bool {
	inner, ok := strings.CutPrefix(text, "cron(")
	inner, closed := strings.CutSuffix(inner, ")")
	fields := strings.Split(inner, " ")
	if !ok || !closed || len(fields) != 6 || (fields[2] == "?") == (fields[4] == "?") {
		return false
	}
	months := strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
	days := strings.Fields("SUN MON TUE WED THU FRI SAT")
	for i, bounds := range []struct {
		minimum, highest int
		names            []string
	}{{0, 59, nil}, {0, 23, nil}, {1, 31, nil}, {1, 12, months}, {1, 7, days}, {1970, 2199, nil}} {
		if fields[i] == "?" && (i == 2 || i == 4) {
			continue
		}
		for _, part := range strings.Split(fields[i], ",") {
			if part == "*" {
				continue
			}
			last := -1
			for _, end := range strings.SplitN(part, "-", 2) {
				n, err := strconv.Atoi(end)
				for j, name := range bounds.names {
					if name == end {
						n, err = j+bounds.minimum, nil
					}
				}
				if err != nil || n < bounds.minimum || n > bounds.highest || n <= last {
					return false
				}
				last = n
			}
		}
	}
	return true
}

// checkScaling: Application Auto Scaling API reference, RegisterScalableTarget,
// PutScalingPolicy, TargetTrackingScalingPolicyConfiguration.
func (t *tenant) checkScaling() {
	serves := func(f *findings, resource *string) {
		name := serviceResource.FindStringSubmatch(deref(resource))
		found := false
		for _, s := range t.services {
			found = found || name != nil && deref(s.input.ServiceName) == name[1]
		}
		f.want(found, "%q is none of the services", deref(resource))
	}
	registered := map[string]bool{}
	for _, target := range t.targets {
		f, in := &findings{t, target.document}, target.input
		serves(f, in.ResourceId)
		registered[deref(in.ResourceId)] = true
		f.want(in.MinCapacity != nil && *in.MinCapacity >= 0 && in.MaxCapacity != nil && *in.MaxCapacity >= *in.MinCapacity, "the capacity is from %d to %d", deref(in.MinCapacity), deref(in.MaxCapacity))
		f.want(len(in.Tags) <= 50, "there are %d tags: 50 at most", len(in.Tags))
	}
	for _, policy := range t.policies {
		f, in := &findings{t, policy.document}, policy.input
		serves(f, in.ResourceId)
		f.want(registered[deref(in.ResourceId)], "no document registers %q", deref(in.ResourceId))
		c := in.TargetTrackingScalingPolicyConfiguration
		f.want(in.PolicyType == types.PolicyTypeTargetTrackingScaling && c != nil, "the policy tracks no target")
		if c != nil {
			f.want(deref(c.TargetValue) > 0 && deref(c.TargetValue) <= 100, "the target is %v percent", deref(c.TargetValue))
			f.want(c.PredefinedMetricSpecification != nil && strings.HasPrefix(string(c.PredefinedMetricSpecification.PredefinedMetricType), "ECSServiceAverage"), "the policy's metric is none of a service's")
		}
	}
}
