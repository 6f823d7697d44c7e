package ecs

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// conditions are what a container waits for, by what an author writes. What ends for
// another to start has to end well: a failed preparation must not be taken for done.
var conditions = map[string]types.ContainerCondition{
	"started":   types.ContainerConditionStart,
	"healthy":   types.ContainerConditionHealthy,
	"completed": types.ContainerConditionSuccess,
}

// dependencies are what the author wrote, the init containers for a main one, and for
// a container that mounts configuration files the one that writes them (API reference,
// ContainerDependency).
func (w *workload) dependencies(cname string, files configFiles) []types.ContainerDependency {
	c := w.Containers[cname]
	on := map[string]types.ContainerCondition{}
	for other, condition := range c.DependsOn {
		on[other] = conditions[condition]
	}
	for other := range w.Containers {
		if w.awaits(cname, other) {
			on[other] = types.ContainerConditionSuccess
		}
	}
	if len(files.mountsOf(cname)) > 0 {
		on[configContainer] = types.ContainerConditionSuccess
	}
	var dependencies []types.ContainerDependency
	for other, condition := range plan.Sorted(on) {
		dependencies = append(dependencies, types.ContainerDependency{ContainerName: &other, Condition: condition})
	}
	return dependencies
}

// awaits reports whether the container starts when the other has ended.
func (w *workload) awaits(cname, other string) bool {
	c := w.Containers[cname]
	return c.DependsOn[other] == "completed" || c.Role == plan.Main && w.Containers[other].Role == plan.Init
}

// restartPolicy starts a container of a job again, whatever it ended with, as restart says;
// a service's tasks are replaced as a whole. It has to have run for the period (API
// reference, ContainerRestartPolicy), and is started as often as it ends: so one that is to
// end well has no policy. One that another awaits has none either: when it fails the task
// fails at once (amazon-ecs-agent, dependencygraph.verifyContainerOrderingStatusResolvable).
func (w *workload) restartPolicy(cname string) *types.ContainerRestartPolicy {
	if r := w.Restart; !w.Kind.Ends() || r.Policy != plan.RestartAlways || r.Attempts != nil && *r.Attempts == 0 {
		return nil
	}
	for other := range w.Containers {
		if w.awaits(other, cname) {
			return nil
		}
	}
	return &types.ContainerRestartPolicy{Enabled: new(true), RestartAttemptPeriod: new(int32(minRestartSeconds))}
}
