package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

var (
	imageText     = regexp.MustCompile(`^[A-Za-z0-9_:./#-]{1,255}(@sha256:[A-Fa-f0-9]{64})?$`)                                                                                                                         // ContainerDefinition: image
	userText      = regexp.MustCompile(`^[^:\s]+(:[^:\s]+)?$`)                                                                                                                                                         // ContainerDefinition: user
	secretText    = regexp.MustCompile(`^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[^:]*:[^:]*:[^:]*)?|arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(/[\w.\-]+)+|(/[\w.\-]+)+|[\w.\-]+)$`) // Secret: valueFrom
	managerText   = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:`)                                                                                                                                              // RepositoryCredentials
	privateECR    = regexp.MustCompile(`^\d{12}\.dkr[.-]ecr`)                                                                                                                                                          // ECR user guide, "Private registries"
	capabilityAll = strings.Fields(`ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE
		LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT
		SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM`)  // KernelCapabilities
	tmpfsOptions = strings.Fields(`defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind
		rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol`)  // Tmpfs: mountOptions
)

// container: ContainerDefinition.
func (f *findings) container(task *ecs.RegisterTaskDefinitionInput, c *types.ContainerDefinition, fargate, windows bool) {
	name := deref(c.Name)
	f.want(nameText.MatchString(name), "%q is no container's name", name)
	f.want(imageText.MatchString(deref(c.Image)), "container %s has the image %q", name, deref(c.Image))
	f.want(c.User == nil || userText.MatchString(*c.User), "container %s has the user %q", name, deref(c.User))
	f.want(c.Cpu >= 0, "container %s has %d cpu units", name, c.Cpu)
	f.want(!fargate || !deref(c.Privileged), "container %s is privileged, on Fargate", name)
	if windows { // DG "Windows task definition considerations"
		f.want(c.User == nil && !deref(c.Privileged) && c.LinuxParameters == nil && !deref(c.ReadonlyRootFilesystem), "Windows container %s has what only Linux has", name)
	}
	if fargate {
		within(f, "stopTimeout", c.StopTimeout, 2, 120)
	} else {
		within(f, "stopTimeout", c.StopTimeout, 1, 1<<31-1)
	}
	for _, p := range c.PortMappings {
		f.want(p.ContainerPort != nil, "a port mapping of container %s has no port", name)
		within(f, "containerPort", p.ContainerPort, 1, 65535)
		f.want(p.HostPort == nil || deref(p.HostPort) == deref(p.ContainerPort), "container %s has a host port of its own, in network mode awsvpc", name)
		f.want(p.Name == nil || connectText.MatchString(*p.Name), "%q is no port mapping's name", deref(p.Name))
	}
	if h := c.HealthCheck; h != nil { // HealthCheck
		f.want(len(h.Command) > 1 && (h.Command[0] == "CMD" || h.Command[0] == "CMD-SHELL"), "the health check of container %s has the command %q", name, h.Command)
		within(f, "interval", h.Interval, 5, 300)
		within(f, "timeout", h.Timeout, 2, 60)
		within(f, "retries", h.Retries, 1, 10)
		within(f, "startPeriod", h.StartPeriod, 0, 300)
	}
	if r := c.RestartPolicy; r != nil { // ContainerRestartPolicy
		within(f, "restartAttemptPeriod", r.RestartAttemptPeriod, 60, 1800)
		f.want(len(r.IgnoredExitCodes) <= 50, "container %s has %d ignored exit codes: 50 at most", name, len(r.IgnoredExitCodes))
	}
	f.environment(task, c, fargate)
	f.linux(c, fargate)
	f.logs(task, c, fargate)
	f.devices(c, fargate)
}

// environment: KeyValuePair, Secret; DG "Task execution IAM role".
func (f *findings) environment(task *ecs.RegisterTaskDefinitionInput, c *types.ContainerDefinition, fargate bool) {
	var names []string
	for _, e := range c.Environment {
		names = append(names, deref(e.Name))
		f.want(e.Value != nil, "variable %s has no value", deref(e.Name))
	}
	for _, s := range c.Secrets {
		names = append(names, deref(s.Name))
		f.want(secretText.MatchString(deref(s.ValueFrom)), "secret %s is at %q", deref(s.Name), deref(s.ValueFrom))
	}
	f.unique("variable", names...)
	for _, text := range slices.Concat(c.EntryPoint, c.Command) {
		f.want(!strings.ContainsRune(text, 0), "an argument of container %s has a NUL", deref(c.Name)) // execve(2)
	}
	for _, e := range c.Environment {
		f.want(!strings.ContainsRune(deref(e.Value), 0), "variable %s has a NUL", deref(e.Name)) // execve(2)
	}
	for _, n := range names {
		f.want(n != "" && !strings.ContainsAny(n, "=\x00"), "%q is no variable's name", n)
	}
	role := task.ExecutionRoleArn != nil
	f.want(role || len(c.Secrets) == 0, "secrets need an execution role")
	f.want(role || !fargate || !privateECR.MatchString(deref(c.Image)), "images in ECR need an execution role on Fargate")
	if r := c.RepositoryCredentials; r != nil {
		f.want(role, "a private registry needs an execution role")
		f.want(managerText.MatchString(deref(r.CredentialsParameter)), "the log-in of a registry is at %q", deref(r.CredentialsParameter))
	}
}

// linux: LinuxParameters, KernelCapabilities, Tmpfs.
func (f *findings) linux(c *types.ContainerDefinition, fargate bool) {
	l := c.LinuxParameters
	if l == nil {
		return
	}
	if l.Capabilities != nil {
		for _, capability := range slices.Concat(l.Capabilities.Add, l.Capabilities.Drop) {
			f.want(slices.Contains(capabilityAll, capability), "there is no capability %s", capability)
		}
		for _, capability := range l.Capabilities.Add {
			f.want(!fargate || capability == "SYS_PTRACE", "Fargate does not add the capability %s", capability)
		}
	}
	for _, m := range l.Tmpfs {
		for _, option := range m.MountOptions {
			f.want(slices.Contains(tmpfsOptions, option), "there is no mount option %s", option)
		}
	}
}

// logs: LogConfiguration.
func (f *findings) logs(task *ecs.RegisterTaskDefinitionInput, c *types.ContainerDefinition, fargate bool) {
	l := c.LogConfiguration
	if l == nil {
		return
	}
	onFargate := l.LogDriver == types.LogDriverAwslogs || l.LogDriver == types.LogDriverSplunk || l.LogDriver == types.LogDriverAwsfirelens
	f.want(!fargate || onFargate, "Fargate has no log driver %s", l.LogDriver)
	f.want(len(l.SecretOptions) == 0 || task.ExecutionRoleArn != nil, "secret options need an execution role")
	for _, s := range l.SecretOptions {
		f.want(secretText.MatchString(deref(s.ValueFrom)), "the option %s is at %q", deref(s.Name), deref(s.ValueFrom))
	}
	switch l.LogDriver {
	case types.LogDriverAwslogs:
		f.want(l.Options["awslogs-group"] != "" && l.Options["awslogs-region"] != "", "awslogs needs a group and a region")
		f.want(!fargate || l.Options["awslogs-stream-prefix"] != "", "on Fargate awslogs needs a stream prefix")
		f.want(!fargate || task.ExecutionRoleArn != nil, "on Fargate awslogs needs an execution role")
	case types.LogDriverSplunk:
		for _, option := range []string{"splunk-url", "splunk-token"} {
			secret := slices.ContainsFunc(l.SecretOptions, func(s types.Secret) bool { return deref(s.Name) == option })
			f.want(secret || l.Options[option] != "", "splunk needs the option %s", option)
		}
	}
}

// devices: ResourceRequirement.
func (f *findings) devices(c *types.ContainerDefinition, fargate bool) {
	for _, r := range c.ResourceRequirements {
		f.want(r.Type != types.ResourceTypeGpu || !fargate, "Fargate has no GPU")
		f.want(regexp.MustCompile(`^[1-9]\d*$`).MatchString(deref(r.Value)), "container %s asks for %q of %s", *c.Name, deref(r.Value), r.Type)
	}
}
