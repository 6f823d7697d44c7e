package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/consul-template/signals"
	"github.com/hashicorp/go-multierror"
	"github.com/hashicorp/nomad/nomad/structs"
)

// namespaceName is structs.validNamespaceName: a job of any other names a namespace that
// cannot be.
var namespaceName = regexp.MustCompile("^[a-zA-Z0-9-]{1,128}$")

// admit is what a server says to a job: its admission controllers, as far as they ask
// no cluster (nomad/job_endpoint_hooks.go).
func admit(j *job) []error {
	problems := all(withoutLater(j.server).Validate())
	problems = append(problems, laterRules(j.server)...)
	if !namespaceName.MatchString(j.server.Namespace) {
		problems = append(problems, fmt.Errorf("invalid namespace %q", j.server.Namespace))
	}
	if err := structs.ValidateNodePoolName(j.server.NodePool); err != nil {
		problems = append(problems, err)
	}
	if p := j.server.Priority; p < structs.JobMinPriority || p > structs.JobDefaultMaxPriority {
		problems = append(problems, fmt.Errorf("job priority must be between [%d, %d]", structs.JobMinPriority, structs.JobDefaultMaxPriority))
	}
	for _, group := range j.server.TaskGroups {
		for _, task := range group.Tasks {
			problems = append(problems, placeable(task)...)
		}
	}
	return problems
}

// placeable judges what the server makes a constraint of, which no machine would meet
// (jobImpliedConstraints.Mutate): a signal that none knows.
func placeable(task *structs.Task) []error {
	if task.KillSignal == "" {
		return nil
	}
	if _, err := signals.Parse(task.KillSignal); err != nil {
		return []error{fmt.Errorf("task %s: %w", task.Name, err)}
	}
	return nil
}

// all are the problems that an error holds, each on a line.
func all(err error) []error {
	var many *multierror.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var out []error
		for _, one := range many.Errors {
			out = append(out, all(one)...)
		}
		return out
	}
	return []error{errors.New(strings.Join(strings.Fields(err.Error()), " "))}
}
