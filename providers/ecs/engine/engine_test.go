package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

const task = `{"family": "acme-web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
	"containerDefinitions": [{"name": "app", "image": "acme/web:1"}]}`

// TestStrict: a document is just what the SDK sends, and no more.
func TestStrict(t *testing.T) {
	for _, tt := range []struct{ why, name, data, want string }{
		{"as it should be", "web.register-task-definition.json", task, ""},
		{"unknown member", "web.register-task-definition.json", strings.Replace(task, `"cpu"`, `"cpus"`, 1), "unknown field"},
		{"another case", "web.register-task-definition.json", strings.Replace(task, `"cpu"`, `"Cpu"`, 1), "Cpu is not what the service calls it"},
		{"twice", "web.register-task-definition.json", strings.Replace(task, `"cpu": "256"`, `"cpu": "256", "cpu": "256"`, 1), "stands twice"},
		{"null", "web.register-task-definition.json", strings.Replace(task, `"cpu"`, `"taskRoleArn": null, "cpu"`, 1), "says nothing"},
		{"no enum's value", "web.register-task-definition.json", strings.Replace(task, `"awsvpc"`, `"AWSVPC"`, 1), "none of"},
		{"a required member", "web.register-task-definition.json", strings.Replace(task, `"family": "acme-web", `, "", 1), "missing required field, RegisterTaskDefinitionInput.Family"},
		{"a required bool", "web.create-service.json", `{"serviceName": "a", "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true}}}`, "rollback is required"},
		{"more than one value", "web.register-task-definition.json", task + "{}", "more than one value"},
		{"no operation", "web.yaml", task, "no operation"},
		{"no JSON", "web.run-task.json", "count: 1", "invalid character"},
		{"a group's name is in the path", "acme.create-schedule-group.json", `{"Name": "acme", "Tags": [{"Key": "a", "Value": "b"}]}`, ""},
		{"pascal case", "acme.create-schedule-group.json", `{"name": "acme"}`, "name is not what the service calls it"},
		{"a name beyond its form", "acme.create-schedule-group.json", `{"Name": "a/b"}`, "not of the form"},
		{"more tags than a list has", "acme.create-schedule-group.json", `{"Name": "acme", "Tags": [` + strings.Repeat(`{"Key": "a", "Value": "b"},`, 200) + `{"Key": "a", "Value": "b"}]}`, ".Tags is, or has, 201: it is from 0 to 200"},
		{"a text that is too short", "acme.create-schedule-group.json", `{"Name": "acme", "Tags": [{"Key": "a", "Value": ""}]}`, ".Tags[0].Value is, or has, 0"},
		{"a number beyond its bounds", "web.create-service.json", `{"serviceName": "a", "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1001}]}`, "weight is, or has, 1001"},
		{"the key of a map", "web.register-scalable-target.json", `{"ResourceId": "service/a/b", "ScalableDimension": "ecs:service:DesiredCount", "ServiceNamespace": "ecs", "Tags": {"` + strings.Repeat("k", 129) + `": "v"}}`, "is, or has, 129"},
	} {
		checkAnswer(t, tt.why, tt.want, document{tt.name, tt.data})
	}
}

// TestUniversal: the input of a universal target is held against RunTask's.
func TestUniversal(t *testing.T) {
	schedule := func(input string) document {
		data, err := json.Marshal(map[string]any{
			"Name": "acme-web", "ScheduleExpression": "cron(0 3 * * ? *)", "FlexibleTimeWindow": map[string]string{"Mode": "OFF"},
			"Target": map[string]string{"Arn": "arn:aws:scheduler:::aws-sdk:ecs:runTask", "RoleArn": "arn:aws:iam::123456789012:role/s", "Input": input},
		})
		if err != nil {
			t.Fatal(err)
		}
		return document{"web.create-schedule.json", string(data)}
	}
	run := `{"TaskDefinition": "acme-web", "LaunchType": "FARGATE", "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}}}`
	for _, tt := range []struct{ why, input, want string }{
		{"as it should be", run, ""},
		{"camel case", strings.Replace(run, "LaunchType", "launchType", 1), "capital letter"},
		{"unknown", strings.Replace(run, "LaunchType", "LaunchKind", 1), "unknown field"},
		{"by the rules of RunTask", strings.Replace(run, "subnet-1", "sub-1", 1), "no subnet"},
	} {
		checkAnswer(t, tt.why, tt.want, document{"web.register-task-definition.json", task}, schedule(tt.input))
	}
}

// TestFiles: what a shell makes of the script that writes configuration files.
func TestFiles(t *testing.T) {
	data := `{"family": "acme-web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", "volumes": [{"name": "config_1"}],
		"containerDefinitions": [
			{"name": "config_writer", "image": "busybox:1", "essential": false, "entryPoint": ["/bin/sh", "-c"], "mountPoints": [{"containerPath": "/config_1", "sourceVolume": "config_1"}],
				"command": ["set -e\nprintf %s \"$CONFIG_1\" >'/config_1/it'\"'\"'s'"], "environment": [{"name": "CONFIG_1", "value": "$A %s\\n\n"}]},
			{"name": "app", "image": "acme/web:1", "dependsOn": [{"containerName": "config_writer", "condition": "SUCCESS"}], "mountPoints": [{"containerPath": "/etc/app", "sourceVolume": "config_1", "readOnly": true}]}]}`
	a := checkAnswer(t, "files", "", document{"web.register-task-definition.json", data})
	if len(a.Processes) != 1 || a.Processes[0].Files["/etc/app/it's"] != "$A %s\\n\n" {
		t.Errorf("got %+v", a.Processes)
	}
}

func checkAnswer(t *testing.T, why, want string, documents ...document) answer {
	t.Helper()
	line, err := json.Marshal(request{"acme", documents})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(bytes.NewReader(append(line, '\n')), &out); err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, p := range a.Errors {
		all.WriteString(p.Message + "\n")
	}
	if want == "" && all.Len() > 0 || !strings.Contains(all.String(), want) {
		t.Errorf("%s: got %q, want %q", why, all.String(), want)
	}
	return a
}

// TestNoRequest: whatever the line, there is an answer.
func TestNoRequest(t *testing.T) {
	var out bytes.Buffer
	if err := run(strings.NewReader("no\n{}\n{\"documents\": 1}\n"+`{"documents": [{"name": "a.register-task-definition.json", "data": "{\"containerDefinitions\": [{}]}"}]}`), &out); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out.Bytes(), []byte("\n")); n != 4 {
		t.Errorf("%d answers: %s", n, out.String())
	}
}
