package ecs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// runInput is the input of RunTask in the target of a schedule.
type runInput struct {
	TaskDefinition string
	Count          *int64
	Cluster        string
}

// inputOf reads it from the text that a schedule has.
func inputOf(n *data.Node) (in runInput) {
	_ = json.Unmarshal([]byte(textAt(n, "target", "input")), &in)
	return in
}

// schedule reads what starts the tasks of a cron workload.
func (r *reader) schedule(w *workload, n *data.Node) {
	r.Put(w.in("kind"), "cron", n)
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case slices.Contains(describedService, field):
			r.Holds("the platform writes it", v)
		case field == "name":
			if v.Text == r.id+"-"+w.id {
				r.Said(w.in(), v)
			} else {
				r.Nearly(w.in(), "names are made of the tenant's and the workload's: "+r.id+"-"+w.id, v)
			}
		case field == "groupName":
			r.Nearly(w.in(), "a tenant's schedules are in a group of its name", v)
		case field == "scheduleExpression":
			r.expression(w, v)
		case field == "scheduleExpressionTimezone" && v.Text == "UTC":
			r.Holds("a tenant's default", v)
		case field == "scheduleExpressionTimezone":
			r.Set(w.in("timezone"), v.Text, v)
		case field == "state" && v.Text == "ENABLED":
			r.Holds("the platform's default", v)
		case field == "state":
			r.Set(w.in("replicas"), 0, v)
		case field == "flexibleTimeWindow" && textAt(v, "mode") == "OFF":
			r.Holds("a run starts when it is due", v)
		case field == "flexibleTimeWindow":
			r.Lose("a run starts when it is due", v)
		case field == "target":
			r.target(w, n, v)
		}
	}
}

// expression turns a schedule's six fields into cron's five: the day that does not matter is *,
// and the year is left out.
func (r *reader) expression(w *workload, n *data.Node) {
	text, near := fiveFields(n.Text)
	switch {
	case text == "":
		r.Lose("a schedule is a cron expression of five fields", n)
		r.Put(w.in("schedule"), "0 0 1 1 *", n)
	case near != "":
		r.Near(w.in("schedule"), text, near, n)
	default:
		r.Set(w.in("schedule"), text, n)
	}
}

func fiveFields(expression string) (text, near string) {
	if rate, ok := strings.CutPrefix(expression, "rate("); ok {
		n, unit, _ := strings.Cut(strings.TrimSuffix(rate, ")"), " ")
		every, err := strconv.Atoi(n)
		near = "runs are at full minutes, hours and days"
		switch unit = strings.TrimSuffix(unit, "s"); {
		case err != nil:
		case unit == "minute" && every < 60 && 60%every == 0:
			return "*/" + n + " * * * *", near
		case unit == "hour" && every < 24 && 24%every == 0:
			return "0 */" + n + " * * *", near
		case unit == "day" && every == 1, unit == "hour" && every == 24:
			return "0 0 * * *", near
		case unit == "day" && every == 7:
			return "0 0 * * 0", near
		case unit == "hour" && every == 1, unit == "minute" && every == 60:
			return "0 * * * *", near
		}
		return "", ""
	}
	inner, ok := strings.CutPrefix(expression, "cron(")
	fields := strings.Fields(strings.TrimSuffix(inner, ")"))
	if !ok || len(fields) != 6 || strings.ContainsAny(inner, "LW#") {
		return "", ""
	}
	if fields[5] != "*" {
		near = "a schedule is of every year"
	}
	for i, f := range fields {
		if f == "?" {
			fields[i] = "*"
		}
	}
	fields[4] = weekDays(fields[4])
	return strings.Join(fields[:5], " "), near
}

// weekDays turns Scheduler's numbers, of which 1 is Sunday, into cron's, and leaves names.
func weekDays(field string) string {
	var b strings.Builder
	step := false
	for _, c := range field {
		if c >= '1' && c <= '7' && !step {
			c--
		}
		step = c == '/'
		b.WriteRune(c)
	}
	return b.String()
}

func (r *reader) target(w *workload, schedule, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case field == "arn" && strings.Contains(v.Text, ":ecs:"):
			r.cluster(v)
		case field == "arn":
			r.Holds("it runs tasks", v)
		case field == "roleArn":
			if set := r.Get(tenant("executionRoleArn")); set != nil && set.Text == v.Text {
				r.Holds("a tenant's default", v)
				continue
			}
			r.Set(tenant("schedulerRoleArn"), v.Text, v)
		case field == "deadLetterConfig":
			if arn := get(v, "arn"); arn != nil {
				r.Set(w.ext("deadLetterArn"), arn.Text, arn)
			}
		case field == "retryPolicy":
			for _, g := range v.Fields {
				r.Set(w.ext("retryPolicy", lower(g.Name)), number(g.Value), g.Value)
			}
		case field == "input":
			in := inputOf(schedule)
			if in.Count != nil && *in.Count != 1 && textAt(schedule, "state") != "DISABLED" {
				r.Put(w.in("replicas"), *in.Count, v)
			}
			r.Nearly(w.in(), "the input of RunTask is made of the tenant", v)
		case field == "ecsParameters":
			r.parameters(w, schedule, v)
		}
	}
}

func (r *reader) parameters(w *workload, schedule, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case field == "taskDefinitionArn":
			r.Nearly(w.in(), "it is the workload's own, of the latest revision", v)
		case field == "taskCount":
			if textAt(schedule, "state") == "DISABLED" {
				r.Nearly(w.in("replicas"), "a schedule that is off starts no copy", v)
			} else {
				r.copies(w, v)
			}
		case field == "launchType":
			r.launches(v.Text, v)
		case field == "networkConfiguration":
			r.network(w, get(v, "awsvpcConfiguration"))
		case field == "platformVersion" && v.Text != "LATEST":
			r.Set(w.ext(field), v.Text, v)
		case field == "platformVersion":
			r.Holds("the platform's default", v)
		case field == "enableExecuteCommand":
			r.flag(w, field, v)
		case field == "capacityProviderStrategy":
			r.copied(w, "capacityProviders", v)
		case field == "placementConstraints":
			r.copied(w, field, v)
		case field == "placementStrategy":
			r.strategy(w, v)
		case field == "propagateTags":
			r.Nearly(w.in(), "it follows from the tenant's labels", v)
		case field == "enableECSManagedTags" && v.Text == "false":
			r.Holds("the platform's default", v)
		}
	}
}
