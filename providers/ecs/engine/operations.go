package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
)

// The clients talk to nobody: the wire keeps what they would send.
var (
	lineOut = &wire{}
	config  = aws.Config{
		Region:     "eu-central-1",
		HTTPClient: lineOut,
		Retryer:    func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "none", SecretAccessKey: "none"}, nil
		}),
	}
	ecsClient       = ecs.NewFromConfig(config)
	schedulerClient = scheduler.NewFromConfig(config)
	scalingClient   = scaling.NewFromConfig(config)
)

// tenant is what a tenant's documents ask for.
type tenant struct {
	problems []problem

	tasks     []of[ecs.RegisterTaskDefinitionInput]
	services  []of[ecs.CreateServiceInput]
	updates   []of[ecs.UpdateServiceInput]
	runs      []of[ecs.RunTaskInput]
	groups    []of[scheduler.CreateScheduleGroupInput]
	schedules []of[scheduler.CreateScheduleInput]
	targets   []of[scaling.RegisterScalableTargetInput]
	policies  []of[scaling.PutScalingPolicyInput]
}

// of is the input that a document holds.
type of[Input any] struct {
	document string
	data     string
	input    *Input
}

// numbered is the place of a document among those of its workload, before its operation.
var numbered = regexp.MustCompile(`^[0-9]-`)

// read reads each document as the input of the operation that its name ends in.
func read(documents []document) *tenant {
	t := &tenant{problems: []problem{}}
	seen := map[string]bool{}
	for _, d := range documents {
		if seen[d.Name] {
			t.report(d.Name, "two documents have this name")
		}
		seen[d.Name] = true
		_, operation, _ := strings.Cut(strings.TrimSuffix(d.Name, ".json"), ".")
		switch operation = numbered.ReplaceAllString(operation, ""); operation {
		case "register-task-definition":
			take(t, &t.tasks, d, "RegisterTaskDefinition", ecsClient.RegisterTaskDefinition)
		case "create-service":
			take(t, &t.services, d, "CreateService", ecsClient.CreateService)
		case "update-service":
			take(t, &t.updates, d, "UpdateService", ecsClient.UpdateService)
		case "run-task":
			take(t, &t.runs, d, "RunTask", ecsClient.RunTask)
		case "create-schedule-group":
			take(t, &t.groups, d, "CreateScheduleGroup", schedulerClient.CreateScheduleGroup)
		case "create-schedule":
			take(t, &t.schedules, d, "CreateSchedule", schedulerClient.CreateSchedule)
		case "register-scalable-target":
			take(t, &t.targets, d, "RegisterScalableTarget", scalingClient.RegisterScalableTarget)
		case "put-scaling-policy":
			take(t, &t.policies, d, "PutScalingPolicy", scalingClient.PutScalingPolicy)
		default:
			t.report(d.Name, "no operation is called %q", operation)
		}
	}
	return t
}

// take reads a document, has the SDK judge it, and adds it to those of its kind.
func take[Input, Output, Option any](t *tenant, list *[]of[Input], d document, operation string, call func(context.Context, *Input, ...func(Option)) (*Output, error)) {
	input := new(Input)
	for _, err := range strict(operation, d.Data, input, func() error {
		_, err := call(context.Background(), input)
		return err
	}) {
		t.report(d.Name, "%v", err)
	}
	*list = append(*list, of[Input]{d.Name, d.Data, input})
}

func (t *tenant) report(document, format string, args ...any) {
	t.problems = append(t.problems, problem{document, fmt.Sprintf(format, args...)})
}
