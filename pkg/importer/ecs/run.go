package ecs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// describedService are what the platform writes of a service.
var describedService = []string{
	"serviceArn", "clusterArn", "status", "runningCount", "pendingCount", "events", "deployments", "createdAt", "createdBy", "taskSets",
	"roleArn", "clientToken", "platformFamily", "arn", "creationDate", "lastModificationDate", "currentServiceDeployment", "currentServiceRevisions",
}

// run reads what starts a workload's tasks.
func (r *reader) run(w *workload, p part) {
	switch p.what {
	case "update":
		if slices.ContainsFunc(w.runs, func(o part) bool { return o.what == "service" }) {
			r.Holds("what creates the service says so", p.node)
			return
		}
	case "run":
		r.Put(w.in("kind"), "job", p.node)
	case "schedule":
		r.schedule(w, p.node)
		return
	}
	for _, f := range p.node.Fields {
		n := f.Value
		switch field := lower(f.Name); {
		case empty(n):
			r.Holds("nothing is stated", n)
		case slices.Contains(describedService, field):
			r.Holds("the platform writes it", n)
			if field == "clusterArn" {
				r.cluster(n)
			}
		case field == "serviceName", field == "service":
			if n.Text == r.id+"-"+w.id {
				r.Said(w.in(), n)
			} else {
				r.Nearly(w.in(), "names are made of the tenant's and the workload's: "+r.id+"-"+w.id, n)
			}
		case field == "taskDefinition":
			if n.Text == r.id+"-"+w.id {
				r.Said(w.in(), n)
			} else {
				r.Nearly(w.in(), "it is the workload's own, of the latest revision", n)
			}
		case field == "cluster":
			r.cluster(n)
		case field == "desiredCount" && textAt(p.node, "schedulingStrategy") == "DAEMON":
			r.Holds("machines say how many tasks there are", n)
		case field == "desiredCount", field == "count":
			r.copies(w, n)
		case field == "launchType":
			r.launches(n.Text, n)
		case field == "networkConfiguration":
			r.network(w, get(n, "awsvpcConfiguration"))
		case field == "deploymentConfiguration":
			r.deployment(w, n)
		case field == "loadBalancers":
			for _, e := range n.Elems {
				r.loadBalancer(w, e)
			}
		case field == "healthCheckGracePeriodSeconds":
			r.Set(w.ext(field), number(n), n)
		case field == "platformVersion" && n.Text == "LATEST":
			r.Holds("the platform's default", n)
		case field == "platformVersion":
			r.Set(w.ext(field), n.Text, n)
		case field == "capacityProviderStrategy":
			r.copied(w, "capacityProviders", n)
		case field == "placementConstraints":
			r.copied(w, field, n)
		case field == "placementStrategy":
			r.strategy(w, n)
		case field == "enableExecuteCommand":
			r.flag(w, field, n)
		case field == "serviceConnectConfiguration":
			r.connect(w, n)
		case field == "schedulingStrategy" && n.Text == "REPLICA", field == "deploymentController" && textAt(n, "type") == "ECS":
			r.Holds("the platform's default", n)
		case field == "schedulingStrategy":
			r.Set(w.in("kind"), "daemon", n)
		case field == "enableECSManagedTags" && n.Text == "false":
			r.Holds("the platform's default", n)
		case field == "propagateTags", field == "availabilityZoneRebalancing":
			r.Nearly(w.in(), "it follows from the tenant's labels and the rollout", n)
		case field == "serviceRegistries":
			r.Lose("a workload is found by Service Connect", n)
		}
	}
}

func (r *reader) flag(w *workload, field string, n *data.Node) {
	if n.Text != "true" {
		r.Holds("the platform's default", n)
		return
	}
	r.Set(w.ext(field), true, n)
}

// cluster is the tenant's, of which one way of writing is kept.
func (r *reader) cluster(n *data.Node) {
	path := tenant("cluster")
	set := r.Get(path)
	short := func(s string) string { return s[strings.LastIndex(s, "/")+1:] }
	switch {
	case set == nil || set.Text == n.Text:
		r.Set(path, n.Text, n)
	case short(set.Text) == short(n.Text):
		r.Nearly(path, "the cluster is named in one way", n)
	default:
		r.Lose("a tenant has one cluster", n)
	}
}

func (r *reader) copies(w *workload, n *data.Node) {
	if number(n) == 1 {
		r.Holds("a tenant's default", n)
		return
	}
	r.Set(w.in("replicas"), number(n), n)
}

// network is the tenant's, and security groups may be the workload's.
func (r *reader) network(w *workload, n *data.Node) {
	if n == nil {
		return
	}
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case field == "subnets":
			r.list(v, "subnets", "a tenant's tasks are in one set of subnets")
		case field == "securityGroups":
			if set := r.Get(tenant("securityGroups")); set != nil && !sameTexts(set, v) {
				r.Set(w.ext("securityGroups"), texts(v), v)
				continue
			}
			r.list(v, "securityGroups", "")
		case field == "assignPublicIp":
			set := r.Get(tenant("assignPublicIP"))
			switch {
			case v.Text == "ENABLED":
				r.Set(tenant("assignPublicIP"), true, v)
			case set != nil:
				r.Lose("all tasks of a tenant have public addresses", v)
			default:
				r.Holds("the platform's default", v)
			}
		}
	}
}

func sameTexts(a, b *data.Node) bool { return slices.Equal(texts(a), texts(b)) }

func (r *reader) list(n *data.Node, field, why string) {
	path := tenant(field)
	if set := r.Get(path); set != nil && !sameTexts(set, n) {
		r.Lose(why, n)
		return
	}
	r.Set(path, texts(n), n)
}

// deployment reads how an update replaces tasks, in percentages of them.
func (r *reader) deployment(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case field == "maximumPercent" && number(v) == 200, field == "minimumHealthyPercent" && number(v) == 100:
			r.Holds("the platform's default", v)
		case field == "maximumPercent":
			r.Near(w.in("rollout", "maxSurge"), strconv.FormatInt(max(0, number(v)-100), 10)+"%", "percentages of few copies are rounded", v)
		case field == "minimumHealthyPercent":
			r.Near(w.in("rollout", "maxUnavailable"), strconv.FormatInt(max(0, 100-number(v)), 10)+"%", "percentages of few copies are rounded", v)
		case field == "deploymentCircuitBreaker":
			for _, g := range v.Fields {
				switch {
				case lower(g.Name) == "rollback" && g.Value.Text == "true":
					r.Set(w.in("rollout", "rollback"), true, g.Value)
				case lower(g.Name) == "enable" && g.Value.Text != "true":
					r.Nearly(w.in(), "an update whose tasks do not start is ended", g.Value)
				default:
					r.Holds("a tenant's default", g.Value)
				}
			}
		case field == "strategy" && v.Text == "ROLLING":
			r.Holds("the platform's default", v)
		}
	}
}

func (r *reader) loadBalancer(w *workload, e *data.Node) {
	arn := get(e, "targetGroupArn")
	if arn == nil {
		r.Lose("a port is registered in a target group", e)
		return
	}
	container := importer.Name(textAt(e, "containerName"))
	ports := r.Get(w.in("containers", container, "ports"))
	name := ""
	if ports != nil {
		for _, f := range ports.Fields {
			text := f.Value.Text
			if f.Value.Kind == data.Struct {
				text = f.Value.Get("port").Text
			}
			if text == textAt(e, "containerPort") {
				name = f.Name
			}
		}
	}
	if name == "" {
		r.Lose("it leads to no port of the workload", e)
		return
	}
	path := w.ext("targetGroups", name)
	if set := r.Get(path); set != nil {
		list := &data.Node{Kind: data.List, At: arn.At, Elems: append(slices.Clone(set.Elems), &data.Node{Kind: data.String, Text: arn.Text, At: arn.At})}
		if set.Kind == data.String {
			list.Elems = append([]*data.Node{set}, list.Elems...)
		}
		r.Put(path, list, arn)
	} else {
		r.Put(path, arn.Text, arn)
	}
	for _, f := range e.Fields {
		if !empty(f.Value) {
			r.Said(path, f.Value)
		}
	}
}

func (r *reader) strategy(w *workload, n *data.Node) {
	if len(n.Elems) == 2 && textAt(n.Elems[0], "field") == "attribute:ecs.availability-zone" && textAt(n.Elems[1], "field") == "instanceId" {
		r.Put(w.in("placement", "spread"), true, n)
		for _, e := range n.Elems {
			for _, f := range e.Fields {
				r.Said(w.in("placement", "spread"), f.Value)
			}
		}
		return
	}
	r.copied(w, "placementStrategy", n)
}

// connect reads by which names the workload is found. They are rendered where another workload
// looks for it.
func (r *reader) connect(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case field == "namespace":
			r.Set(tenant("namespace"), v.Text, v)
		case field == "enabled" && v.Text == "false":
			r.Holds("no endpoint leads to the workload", v)
		case field == "enabled", field == "services":
			r.Nearly(w.in(), "a workload is found by its own name, where an endpoint leads to it", v)
		case field == "logConfiguration":
			r.Nearly(w.in(), "the proxy logs where the containers do", v)
		}
	}
}

// scaling reads the bounds of a service's tasks, and what they follow.
func (r *reader) scaling(w *workload, p part) {
	at := w.in("autoscale")
	for _, f := range p.node.Fields {
		v := f.Value
		switch field := lower(f.Name); {
		case field == "minCapacity":
			if r.Get(at.To("min")) == nil {
				r.Delete(w.in("replicas"))
			}
			r.Set(at.To("min"), number(v), v)
		case field == "maxCapacity":
			r.Set(at.To("max"), number(v), v)
		case field == "resourceId", field == "scalableDimension", field == "serviceNamespace", field == "policyType", field == "policyName":
			r.Nearly(at, "it is the workload's own", v)
		case field == "tags", field == "alarms", field == "creationTime", field == "policyARN", field == "scalableTargetARN", field == "roleARN", field == "suspendedState":
			r.Holds("the platform writes it", v)
		case field == "targetTrackingScalingPolicyConfiguration":
			r.tracking(at, v)
		}
	}
	if r.Get(at.To("min")) != nil {
		for _, run := range w.runs {
			if n := get(run.node, "desiredCount"); n != nil {
				r.Nearly(at, "the scaling says how many copies there are", n)
			}
		}
	}
}

func (r *reader) tracking(at diag.Path, n *data.Node) {
	metric := get(n, "predefinedMetricSpecification", "predefinedMetricType")
	field := map[string]string{"ECSServiceAverageCPUUtilization": "cpu", "ECSServiceAverageMemoryUtilization": "memory"}[textOf(metric)]
	for _, f := range n.Fields {
		v := f.Value
		switch name := lower(f.Name); {
		case field == "":
			r.Lose("copies follow the use of processors and memory", v)
		case name == "targetValue" && field == "cpu" && number(v) == 80:
			r.Holds("a tenant's default", v)
		case name == "targetValue":
			r.Set(at.To(field), number(v), v)
		case name == "predefinedMetricSpecification":
			r.Said(at, metric)
		default:
			r.Lose("how fast copies follow is the platform's own matter", v)
		}
	}
}
