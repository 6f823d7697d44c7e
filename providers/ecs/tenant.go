package ecs

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// tagText is what ECS takes in a tag's key and value: letters, numbers and spaces of
// any language, and + - = . _ : / @.
var tagText = lazyregexp.New(`^[\p{L}\p{N}\p{Z}+\-=._:/@]*$`)

func tags(c *check) {
	const page = api + "API_Tag.html"
	if n := len(c.Plan.Labels); n > maxTags {
		c.report(diag.OutOfBounds, diag.At("labels"), page, "", "an ecs resource takes at most %d tags, not %d", maxTags, n)
	}
	for key, value := range plan.Sorted(c.Plan.Labels) {
		path := diag.At("labels", key)
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxTagKey:
			c.report(diag.OutOfBounds, path, page, "", "a tag's key has 1 to %d characters, not %d", maxTagKey, utf8.RuneCountInString(key))
		case value == "" && c.schedules():
			c.report(diag.OutOfBounds, path, "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html", "",
				"a schedule's group takes no tag without a value")
		case utf8.RuneCountInString(value) > maxTagValue:
			c.report(diag.OutOfBounds, path, page, "", "a tag's value has at most %d characters, not %d", maxTagValue, utf8.RuneCountInString(value))
		case reserved(key) || reserved(value):
			c.report(diag.BadFormat, path, page, "", "tags that begin with aws: are amazon's own")
		case !tagText.MatchString(key):
			c.report(diag.BadFormat, path, page, "use letters, digits, spaces and + - = . _ : / @", "ecs takes no tag with the key %q", key)
		case !tagText.MatchString(value):
			c.report(diag.BadFormat, path, page, "use letters, digits, spaces and + - = . _ : / @", "ecs takes no tag with the value %q", value)
		}
	}
}

func reserved(tag string) bool {
	return len(tag) >= 4 && strings.EqualFold(tag[:4], "aws:")
}

func subnets(c *check) {
	if len(c.Ext.Subnets) == 0 {
		c.report(diag.MissingField, c.AtExtension("subnets"), api+"API_AwsVpcConfiguration.html",
			`set extensions.ecs.subnets, such as ["subnet-0a1b2c3d4e5f67890"], or let a policy set it`,
			"ecs starts no task without subnets")
	}
}

func publicAddress(c *check) {
	if c.Ext.AssignPublicIP && !c.fargate() {
		c.report(diag.Conflict, c.AtExtension("assignPublicIP"), docs+"task-networking-awsvpc.html",
			"leave it out, and give the subnets a NAT gateway", "tasks on ec2 are given no public address")
	}
}

func logDriver(c *check) {
	const page = api + "API_LogConfiguration.html"
	l := c.statedLogs()
	if l == nil {
		return
	}
	if c.fargate() && !slices.Contains(fargateLogDrivers, l.Driver) {
		c.unsupported(c.AtExtension("logs", "driver"), page, `use "awslogs" or "splunk", or launchType "EC2"`, "fargate has no log driver %s", l.Driver)
		return
	}
	for _, f := range l.fields() {
		_, asOption := l.Options[f.option]
		switch {
		case l.Driver != "awslogs" && f.value != "":
			c.report(diag.Conflict, c.AtExtension("logs", f.name), page, "", "logs.%s is only for the driver awslogs, not %s", f.name, l.Driver)
		case f.value != "" && asOption:
			c.report(diag.Conflict, c.AtExtension("logs", "options", f.option), page, "leave one of them out", "logs.%s says the same as the option %s", f.name, f.option)
		case l.Driver == "awslogs" && f.name == "region" && f.value == "" && !asOption && c.region() == "":
			c.report(diag.MissingField, c.AtExtension("logs", f.name), page, "set it, or give the cluster by its ARN, which tells the region", "the log driver awslogs needs a region")
		}
	}
	for option, place := range plan.Sorted(l.SecretOptions) {
		at := c.AtExtension("logs", "secretOptions", option)
		switch {
		case lacksSlash(place):
			c.report(diag.BadFormat, at, sensitiveDocs, "write /"+place, "the name of an SSM parameter in a path begins with a slash, and %q does not", place)
		case !parameterPlace.MatchString(place) && !secretsManagerKey.MatchString(place):
			c.report(diag.BadFormat, at, sensitiveDocs, "write the ARN of a Secrets Manager secret, or the ARN or name of an SSM parameter",
				"%q is no place that ecs reads a secret from", place)
		}
	}
	for _, option := range []string{"splunk-token", "splunk-url"} {
		_, plain := l.Options[option]
		_, secret := l.SecretOptions[option]
		if l.Driver == "splunk" && !plain && !secret {
			c.report(diag.MissingField, c.AtExtension("logs", "options"), page, "", "the log driver splunk needs the option %s", option)
		}
	}
}

func keptLogs(c *check) {
	if !c.fargate() || c.Ext.Logs != nil || c.logs() != nil {
		return
	}
	help := "set extensions.ecs.logs, such as {region: eu-central-1}, or logs: none where none are wanted"
	if c.Ext.ExecutionRoleArn == "" {
		help = "set extensions.ecs.executionRoleArn and logs, such as {region: eu-central-1}, or logs: none where none are wanted"
	}
	for _, w := range c.Workloads {
		if !slices.Contains(w.Accept, "logs") {
			c.approximate("logs", w.At(), docs+"using_awslogs.html", help, "container output is lost: fargate has no default log driver")
			return
		}
	}
}

// logField is a field of logs that abbreviates one of the driver's options.
type logField struct{ name, value, option string }

func (l *logs) fields() []logField {
	return []logField{
		{"group", l.Group, "awslogs-group"},
		{"region", l.Region, "awslogs-region"},
		{"streamPrefix", l.StreamPrefix, "awslogs-stream-prefix"},
	}
}

// registry is the host that an image is pulled from (the reference grammar of
// github.com/distribution/reference: what has no dot or colon is a name on Docker Hub).
func registry(image string) string {
	host, _, ok := strings.Cut(image, "/")
	if ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

// privateECR is an image in an Amazon ECR private registry (Amazon ECR user guide,
// "Amazon ECR private registry").
var privateECR = lazyregexp.New(`^[0-9]{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)/`)

func executionRole(c *check) {
	if c.Ext.ExecutionRoleArn != "" {
		return
	}
	if why := c.executionRoleReason(); why != "" {
		c.report(diag.MissingField, c.AtExtension("executionRoleArn"), docs+"task_execution_IAM_role.html",
			"set extensions.ecs.executionRoleArn, or let a policy set it", "%s needs an executionRoleArn", why)
	}
}

func (c *check) executionRoleReason() string {
	l := c.statedLogs()
	if l != nil && len(l.SecretOptions) > 0 {
		return "a secret option of the log driver"
	}
	if c.fargate() && l != nil && l.Driver == "awslogs" {
		return "the log driver awslogs on fargate"
	}
	for _, w := range c.Workloads {
		for cname, container := range plan.Sorted(w.Containers) {
			for at, value := range container.Sources() {
				if value.Secret != "" {
					return fmt.Sprintf("the secret in env %s of container %q", at[1], cname)
				}
			}
			if why := c.pullReason(container.Image); why != "" {
				return fmt.Sprintf("%s for container %q", why, cname)
			}
		}
		if w.mountsConfig() {
			if why := c.pullReason(c.Ext.ConfigImage); why != "" {
				return why + " for configImage"
			}
		}
	}
	return ""
}

// pullReason returns why pulling an image needs a role.
func (c *check) pullReason(image string) string {
	switch host := registry(image); {
	case c.fargate() && privateECR.MatchString(image):
		return "on fargate the ecr image"
	case c.Ext.RepositoryCredentials[host] != "":
		return "the log-in to " + host
	}
	return ""
}

var (
	secretsManagerARN = lazyregexp.New(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	secretsManagerKey = lazyregexp.New(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[^:]*:[^:]*:[^:]*)?$`)
	parameterPlace    = lazyregexp.New(`^(arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter(/[A-Za-z0-9_.-]+)+|/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)$`)
)

// lacksSlash reports whether a place reads as an SSM parameter's name and is none: a name of
// several parts is written from its root (Systems Manager API reference, PutParameter: Name;
// checked 2026-11-29).
func lacksSlash(place string) bool {
	return parameterPlace.MatchString(place) && !strings.HasPrefix(place, "arn:") && strings.Contains(strings.TrimPrefix(place, "/"), "/") && place[0] != '/'
}

func secretPlaces(c *check) {
	const page = sensitiveDocs
	used := map[string]bool{}
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			for _, value := range container.Sources() {
				used[value.Secret] = true
			}
		}
	}
	for sname, s := range plan.Sorted(c.Secrets) {
		if !used[sname] {
			continue
		}
		switch override := c.Ext.Secrets[sname]; {
		case secretsManagerARN.MatchString(s.Path):
			if strings.Contains(s.Key, ":") {
				c.report(diag.BadFormat, c.secretAt(sname, "key", override.Key), page, "", "ecs cannot name the key %q: it contains a colon", s.Key)
			}
		case !parameterPlace.MatchString(s.Path):
			c.report(diag.BadFormat, c.secretAt(sname, "path", override.Path), page,
				"write the ARN of a Secrets Manager secret, or the ARN or name of an SSM parameter",
				"secret %q is at %q, which is no place that ecs reads", sname, s.Path)
		case lacksSlash(s.Path):
			c.report(diag.BadFormat, c.secretAt(sname, "path", override.Path), page,
				fmt.Sprintf("write /%s, or the ARN of a Secrets Manager secret", s.Path),
				"the name of an SSM parameter in a path begins with a slash, and %q does not", s.Path)
		case s.Key != "":
			c.unsupported(c.secretAt(sname, "key", override.Key), page,
				"set extensions.ecs.secrets."+sname+".path to the ARN of a Secrets Manager secret, or leave the key out",
				"the SSM parameter %s holds one value, and has no key %q", s.Path, s.Key)
		}
	}
}

// secretAt returns the position of a secret's field: in the extension, if overridden there.
func (c *check) secretAt(secret, field, override string) diag.Path {
	if override != "" {
		return c.AtExtension("secrets", secret, field)
	}
	return diag.At("secrets", secret, field)
}

func scheduleRole(c *check) {
	const page = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"
	switch {
	case !c.schedules() || c.Ext.SchedulerRoleArn != "":
	case c.Ext.ExecutionRoleArn == "":
		c.report(diag.MissingField, c.AtExtension("schedulerRoleArn"), page, "set extensions.ecs.schedulerRoleArn, or let a policy set it",
			"a schedule needs a role that starts its tasks")
	default:
		c.List = append(c.List, diag.Diagnostic{
			Severity: diag.Note,
			Code:     diag.MissingField,
			Path:     c.AtExtension("schedulerRoleArn"),
			Message:  "the executionRoleArn starts the tasks of cron workloads: it must trust scheduler.amazonaws.com",
			Help:     "set extensions.ecs.schedulerRoleArn to a role that may run tasks",
			Docs:     page,
		})
	}
}
