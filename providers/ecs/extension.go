package ecs

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenantExtension is #TenantExtension of extension.cue, which documents its fields.
type tenantExtension struct {
	Cluster               string                  `json:"cluster"`
	LaunchType            string                  `json:"launchType"`
	Subnets               []string                `json:"subnets"`
	SecurityGroups        []string                `json:"securityGroups"`
	AssignPublicIP        bool                    `json:"assignPublicIP"`
	ExecutionRoleArn      string                  `json:"executionRoleArn"`
	TaskRoleArn           string                  `json:"taskRoleArn"`
	SchedulerRoleArn      string                  `json:"schedulerRoleArn"`
	Namespace             string                  `json:"namespace"`
	Logs                  *logs                   `json:"logs"`
	RepositoryCredentials map[string]string       `json:"repositoryCredentials"`
	ConfigImage           string                  `json:"configImage"`
	Volumes               map[string]volumeSource `json:"volumes"`
	Secrets               map[string]plan.Secret  `json:"secrets"`
}

// workloadExtension is #WorkloadExtension of extension.cue.
type workloadExtension struct {
	CPU                   units                   `json:"cpu"`
	Memory                units                   `json:"memory"`
	Patch                 *patch                  `json:"patch"`
	EphemeralStorage      *ephemeralStorage       `json:"ephemeralStorage"`
	TargetGroups          map[string]oneOrMore    `json:"targetGroups"`
	GracePeriodSeconds    *int                    `json:"healthCheckGracePeriodSeconds"`
	CapacityProviders     []capacityProvider      `json:"capacityProviders"`
	TaskRoleArn           string                  `json:"taskRoleArn"`
	SecurityGroups        []string                `json:"securityGroups"`
	PlatformVersion       string                  `json:"platformVersion"`
	OperatingSystemFamily string                  `json:"operatingSystemFamily"`
	PlacementConstraints  []placementConstraint   `json:"placementConstraints"`
	PlacementStrategy     []placementStrategy     `json:"placementStrategy"`
	EnableExecuteCommand  bool                    `json:"enableExecuteCommand"`
	RetryPolicy           *retryPolicy            `json:"retryPolicy"`
	DeadLetterArn         string                  `json:"deadLetterArn"`
	Volumes               map[string]volumeSource `json:"volumes"`
}

// extensions decodes both with their defaults.
var extensions = provider.Extensions[tenantExtension, workloadExtension]{
	Tenant:  plan.Extensions[tenantExtension]{Defaults: func() tenantExtension { return tenantExtension{LaunchType: fargate} }},
	Secrets: func(x *tenantExtension) map[string]plan.Secret { return x.Secrets },
}

type logs struct {
	Driver        string            `json:"driver"`
	Group         string            `json:"group"`
	Region        string            `json:"region"`
	StreamPrefix  string            `json:"streamPrefix"`
	Options       map[string]string `json:"options"`
	SecretOptions map[string]string `json:"secretOptions"`
}

// noLogs is the driver of logs that are not wanted: the JSON form of logs may be that text.
const noLogs = "none"

func (l *logs) UnmarshalJSON(b []byte) error {
	if isText(b) {
		return json.Unmarshal(b, &l.Driver)
	}
	type fields logs
	return json.Unmarshal(b, (*fields)(l))
}

// retryPolicy is how a schedule retries to start a run.
type retryPolicy struct {
	Attempts   *int `json:"maximumRetryAttempts"`
	AgeSeconds *int `json:"maximumEventAgeInSeconds"`
}

type ephemeralStorage struct {
	SizeInGiB int64 `json:"sizeInGiB"`
}

type placementConstraint struct {
	Type       string `json:"type"`
	Expression string `json:"expression"`
}

type placementStrategy struct {
	Type  string `json:"type"`
	Field string `json:"field"`
}

type volumeSource struct {
	EFS efs `json:"efs"`
}

// efs is a file system; its JSON form may be only the id.
type efs struct {
	FileSystemID          string            `json:"fileSystemId"`
	RootDirectory         string            `json:"rootDirectory"`
	TransitEncryption     string            `json:"transitEncryption"`
	TransitEncryptionPort int               `json:"transitEncryptionPort"`
	Authorization         *efsAuthorization `json:"authorizationConfig"`
}

type efsAuthorization struct {
	AccessPointID string `json:"accessPointId"`
	IAM           string `json:"iam"`
}

func (e *efs) UnmarshalJSON(b []byte) error {
	if isText(b) {
		return json.Unmarshal(b, &e.FileSystemID)
	}
	type fields efs
	return json.Unmarshal(b, (*fields)(e))
}

// capacityProvider is a provider with its share; its JSON form may be only the name.
type capacityProvider struct {
	Name   string `json:"capacityProvider"`
	Weight int    `json:"weight"`
	Base   int    `json:"base"`
}

func (c *capacityProvider) UnmarshalJSON(b []byte) error {
	if isText(b) {
		c.Weight = 1
		return json.Unmarshal(b, &c.Name)
	}
	type fields capacityProvider
	return json.Unmarshal(b, (*fields)(c))
}

// units is a whole number, 0 where none is stated; its JSON form may be text, of vCPUs or
// gigabytes too, 1024 units each (API reference, Task: cpu, memory; checked 2026-11-29).
type units int64

func (u *units) UnmarshalJSON(b []byte) error {
	text := string(b)
	if isText(b) {
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
	}
	number, each := text, 1.0
	for _, unit := range []string{"vCPU", "vcpu", "GB"} {
		if amount, ok := strings.CutSuffix(text, unit); ok {
			number, each = strings.TrimSuffix(amount, " "), 1024
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return fmt.Errorf("%s is not a whole number", b)
	}
	*u = max(units(n*each), 1) // a value that is set is not 0
	return nil
}

// oneOrMore is a list of strings; its JSON form may be a single string.
type oneOrMore []string

func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	if isText(b) {
		*o = make(oneOrMore, 1)
		return json.Unmarshal(b, &(*o)[0])
	}
	return json.Unmarshal(b, (*[]string)(o))
}

func isText(b []byte) bool { return len(b) > 0 && b[0] == '"' }
