package ecs

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// factsOf returns what the documents state, by families of task definitions.
func factsOf(_ *importer.Draft, docs []*importer.Document, id string) []importer.Fact {
	var all []importer.Fact
	add := func(f importer.Fact) { all = append(all, f) }
	services := map[string]string{} // the workloads of services
	created := map[string]bool{}
	var parts []part
	for _, doc := range docs {
		parts = append(parts, partsOf(doc.Root)...)
	}
	for _, p := range parts {
		if p.what == "service" {
			created[familyOf(textAt(p.node, "taskDefinition"))] = true
			services[textAt(p.node, "serviceName")] = importer.Name(shortName(familyOf(textAt(p.node, "taskDefinition")), id))
		}
	}
	for _, p := range parts {
		family := familyOf(cmp.Or(textAt(p.node, "family"), textAt(p.node, "taskDefinition"), textAt(p.node, "target", "ecsParameters", "taskDefinitionArn"), inputOf(p.node).TaskDefinition))
		w := importer.Name(shortName(family, id))
		what := p.what
		switch what {
		case "update":
			if created[family] {
				continue
			}
			what = "service"
		case "target", "policy":
			resource := textAt(p.node, "resourceId")
			w, what = services[resource[strings.LastIndex(resource, "/")+1:]], "scaling"
			if metric := textAt(p.node, "targetTrackingScalingPolicyConfiguration", "predefinedMetricSpecification", "predefinedMetricType"); metric != "" {
				what += "/" + metric
			}
		case "group":
			continue
		case "schedule", "run":
			what = "service"
		}
		switch p.what {
		case "service", "update":
			add(importer.Fact{Key: w + "/kind", Value: "service"})
		case "run", "schedule":
			add(importer.Fact{Key: w + "/kind", Value: p.what})
		}
		importer.Flatten(w+"/"+what, p.node, keyOf, add)
		if p.tags != nil {
			importer.Flatten(w+"/"+what+"/tags", p.tags, keyOf, add)
		}
		if p.what == "task" {
			all = append(all, defaults(w, p.node)...)
		}
	}
	for i, f := range all {
		all[i] = normal(f)
	}
	return all
}

// keyOf names fields with a small first letter, and elements of lists by what tells them apart.
func keyOf(path, name string, value *data.Node) string {
	last := path[strings.LastIndex(path, "/")+1:]
	switch last {
	case "options", "secretOptions":
		return name
	case "containerDefinitions", "environment", "secrets", "volumes":
		return cmp.Or(importerName(textAt(value, "name"), last == "containerDefinitions" || last == "volumes"), name)
	case "portMappings":
		return textAt(value, "containerPort")
	case "mountPoints", "tmpfs":
		return textAt(value, "containerPath")
	case "tags":
		return cmp.Or(textAt(value, "key"), name)
	case "dependsOn":
		return textAt(value, "containerName")
	case "loadBalancers":
		return fmt.Sprint(textAt(value, "containerName"), ":", textAt(value, "containerPort"), " ", textAt(value, "targetGroupArn"))
	}
	// What runs tasks is one thing, whoever states it.
	switch lower(name) {
	case "ecsParameters", "target":
		return "run"
	}
	return lower(name)
}

func importerName(name string, slug bool) string {
	if slug {
		return importer.Name(name)
	}
	return name
}

// normal is a fact with short forms written out.
func normal(f importer.Fact) importer.Fact {
	f.Key = strings.ReplaceAll(strings.ReplaceAll(f.Key, "/run/run", ""), "/run/", "/")
	f.Key = strings.TrimSuffix(f.Key, "/run")
	switch {
	case strings.HasSuffix(f.Key, "/healthCheck/command"):
		if rest, ok := strings.CutPrefix(f.Value, `["CMD-SHELL" `); ok {
			f.Value = `["CMD" "/bin/sh" "-c" ` + rest
		} else if !strings.HasPrefix(f.Value, `["CMD"`) {
			f.Value = `["CMD" "/bin/sh" "-c" ` + strings.TrimPrefix(f.Value, "[")
		}
	case strings.HasSuffix(f.Key, "/task/cpu"), strings.HasSuffix(f.Key, "/task/memory"):
		if n, ok := sizeOf(f.Value); ok {
			f.Value = fmt.Sprint(n)
		}
	case strings.HasSuffix(f.Key, "/image"):
		f.Value = tagged(f.Value)
	case strings.HasSuffix(f.Key, "/valueFrom"):
		f.Value = strings.TrimRight(f.Value, ":")
	case strings.HasSuffix(f.Key, "/scheduleExpression"):
		if text, _ := fiveFields(f.Value); text != "" {
			f.Value = cronDays(text)
		}
	case strings.HasSuffix(f.Key, "/clusterArn"):
		f.Key = strings.TrimSuffix(f.Key, "Arn")
	case strings.HasSuffix(f.Key, "/cluster"), strings.HasSuffix(f.Key, "/arn") && strings.Contains(f.Value, ":cluster/"):
		f.Key = strings.TrimSuffix(strings.TrimSuffix(f.Key, "/cluster"), "/arn") + "/cluster"
	case strings.HasSuffix(f.Key, "/taskDefinition"):
		f.Value = familyOf(f.Value)
	}
	return f
}

// cronDays writes days of the week by their names.
func cronDays(text string) string {
	fields := strings.Fields(text)
	names := strings.NewReplacer("0", "SUN", "1", "MON", "2", "TUE", "3", "WED", "4", "THU", "5", "FRI", "6", "SAT")
	fields[4] = names.Replace(strings.ToUpper(fields[4]))
	return strings.Join(fields, " ")
}

// defaults are the platform's own (API reference, ContainerDefinition and HealthCheck).
func defaults(w string, task *data.Node) (all []importer.Fact) {
	for _, c := range elems(get(task, "containerDefinitions")) {
		key := w + "/task/containerDefinitions/" + importer.Name(textAt(c, "name")) + "/"
		if get(c, "stopTimeout") == nil {
			all = append(all, importer.Fact{Key: key + "stopTimeout", Value: "30"})
		}
		check := get(c, "healthCheck")
		if check == nil {
			continue
		}
		for field, value := range map[string]string{"interval": "30", "timeout": "5", "retries": "3"} {
			if get(check, field) == nil {
				all = append(all, importer.Fact{Key: key + "healthCheck/" + field, Value: value})
			}
		}
	}
	return all
}

// added returns why rendering states what the documents do not.
func added(key string) string {
	_, field, _ := strings.Cut(key, "/")
	last := field[strings.LastIndex(field, "/")+1:]
	switch last {
	case "essential":
		return "it follows from the container's role"
	case "networkMode":
		return "each task has an interface of its own"
	case "requiresCompatibilities", "launchType":
		return "a tenant has one launch type"
	case "family", "serviceName", "name", "groupName", "taskDefinition", "taskDefinitionArn":
		return "names are made of the tenant's and the workload's"
	case "cpu", "memory", "memoryReservation":
		return "a task has the size that its containers need"
	case "enable", "rollback", "minimumHealthyPercent", "maximumPercent", "availabilityZoneRebalancing":
		return "how an update replaces tasks is stated"
	case "desiredCount", "count", "taskCount":
		return "the number of copies is stated"
	case "assignPublicIp", "subnets", "securityGroups", "cluster":
		return "all tasks of a tenant are in its network"
	case "protocol":
		return "a port has a protocol"
	case "initProcessEnabled":
		return "what people run in containers leaves processes, which an init reaps"
	case "propagateTags":
		return "tasks have the tags of their service"
	case "interval", "timeout", "retries", "startPeriod", "scheduleExpressionTimezone", "mode", "platformVersion", "transitEncryption", "healthCheckGracePeriodSeconds":
		return "it is stated, though it is the default"
	}
	switch {
	case strings.Contains(field, "/tags/"), strings.Contains(field, "tags/"):
		return "everything has the tenant's labels"
	case strings.Contains(field, "logConfiguration"):
		return "all containers of a tenant log to one place"
	case strings.Contains(field, "serviceConnectConfiguration"):
		return "a workload is found by its own name, where an endpoint leads to it"
	case strings.Contains(field, "environment/"), strings.Contains(field, "secrets/"), strings.Contains(field, "scaling"), strings.Contains(field, "mountPoints/"), strings.Contains(field, "volumes/"), strings.Contains(field, "dependsOn/"):
		return "it stands for what the account calls approximated"
	case strings.HasPrefix(field, "service/"):
		return "it stands for what the account calls approximated"
	}
	return ""
}
