package ecs

import "strings"

// The numbers, sizes and enumerations of Amazon ECS, EventBridge Scheduler and Application
// Auto Scaling that rules and rendering need. Each says where it comes from, and when that
// was last looked at: a change of the platform's is a change of a line here. What a field of
// the extension may be is extension.cue's to say.

// maxContainers is how many containers a task definition has at most.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html (Containers per task definition), checked 2026-11-29.
const maxContainers = 10

// maxDefinitionBytes is the largest task definition, in bytes of JSON without white space.
// Source: https://github.com/awsdocs/amazon-ecs-developer-guide/pull/149 (the refusal of RegisterTaskDefinition), checked 2026-11-29.
const maxDefinitionBytes = 64 * 1024

// maxImage is how many characters of an image reference may stand before its digest.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (image, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const maxImage = 255

// maxInteger is the largest number that the API's Integer holds.
// Source: aws-sdk-go-v2/service/ecs v1.98.0, types.ContainerDefinition (Memory *int32), checked 2026-11-29.
const maxInteger = 1<<31 - 1

// unitsPerCPU is how many cpu units make a vCPU.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (cpu, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const unitsPerCPU = 1024

// minTaskUnits and maxTaskUnits bound the cpu units of a task on EC2.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (cpu, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const minTaskUnits, maxTaskUnits = 128, 196608

// minContainerMiB is the least memory that a container reserves or is limited to.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (memory, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const minContainerMiB = 6

// defaultContainerMiB is the memory that a container on EC2 reserves where its author states
// none: half a gibibyte, the smallest task on Fargate. ECS has no default of its own, and
// refuses a container without memory in a task without.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (memory, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const defaultContainerMiB = 512

// connectUnits and connectMiB are what AWS recommends that a task keeps free for the Service
// Connect proxy that ECS adds to it.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html (Proxy resources), checked 2026-11-29.
const connectUnits, connectMiB = 256, 64

// fargateSizes are the tasks that Fargate has, the smallest first. 32 vCPU are for Linux, with
// three amounts of memory.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (memory, as in aws-sdk-go-v2/service/ecs v1.98.0)
// and, for 32 vCPU, https://github.com/aws-cloudformation/cfn-lint/pull/4668, checked 2026-11-29.
var fargateSizes = []fargateRow{
	{256, []int64{512, 1024, 2048}},
	{512, steps(1024, 4096, 1024)},
	{1024, steps(2048, 8192, 1024)},
	{2048, steps(4096, 16384, 1024)},
	{4096, steps(8192, 30720, 1024)},
	{8192, steps(16384, 61440, 4096)},
	{16384, steps(32768, 122880, 8192)},
	{32768, []int64{61440, 122880, 249856}},
}

// windowsSizes are the tasks that Fargate has for Windows: 1 to 4 vCPU.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html, checked 2026-11-29.
var windowsSizes = fargateSizes[2:5]

// windowsOnFargate begins the names of the releases of Windows that Fargate runs. The guide
// lists Windows Server 2025, which https://github.com/aws/containers-roadmap/issues/2754 still
// asks for: the guide is believed.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#runtime-platform, checked 2026-11-29.
var windowsOnFargate = []string{"WINDOWS_SERVER_2019_", "WINDOWS_SERVER_2022_", "WINDOWS_SERVER_2025_"}

// freeStorageGiB is the disk that a task on Fargate has without asking, and maxStorageGiB
// the largest that it can ask for.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html (Considerations), checked 2026-11-29.
const freeStorageGiB, maxStorageGiB = 20, 200

// minStopSeconds and maxStopSeconds bound a container's stopTimeout on Fargate.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (stopTimeout, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const minStopSeconds, maxStopSeconds = 2, 120

// minRestartSeconds is how long a container must have run before a restart policy starts it
// again, at the least.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const minRestartSeconds = 60

// checkBounds are the least and the largest values of a container's health check: seconds,
// and for retries a number.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
var checkBounds = map[string]struct{ minimum, largest int64 }{
	"interval":   {5, 300},
	"timeout":    {2, 60},
	"retries":    {1, 10},
	"startDelay": {0, maxStartPeriod},
}

// maxStartPeriod is how long a container's failed health checks may not count, in seconds.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const maxStartPeriod = 300

// defaultLowest and defaultMost are a service's minimumHealthyPercent and maximumPercent.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const defaultLowest, defaultMost = 100, 200

// maxTargetGroups is how many target groups a service is registered in at most.
// Source: https://github.com/hashicorp/terraform/issues/25306 (the refusal of CreateService) and
// awsdocs/amazon-ecs-developer-guide, service-quotas.md of 2022 (Target groups per service), checked 2026-11-29.
const maxTargetGroups = 5

// maxPlacementRules is how many rules a placement strategy has at most.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (placementStrategy, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const maxPlacementRules = 5

// maxStarted is how many tasks RunTask and a schedule start at once.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html (count, as in aws-sdk-go-v2/service/ecs v1.98.0)
// and botocore, data/scheduler/2021-06-30/service-2.json (TaskCount), checked 2026-11-29.
const maxStarted = 10

// maxDiscoveryName is the longest name of a port in Service Connect, in characters.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const maxDiscoveryName = 64

// maxTags, maxTagKey and maxTagValue bound the tags of a resource, and the characters of each.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (tags, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const maxTags, maxTagKey, maxTagValue = 50, 128, 256

// maxTimezone is the longest name of a schedule's time zone, in characters.
// Source: botocore, data/scheduler/2021-06-30/service-2.json (ScheduleExpressionTimezone), checked 2026-11-29.
const maxTimezone = 50

// maxScheduledProviders is how many capacity providers a schedule's own form of a task takes.
// Source: botocore, data/scheduler/2021-06-30/service-2.json (CapacityProviderStrategy), checked 2026-11-29.
const maxScheduledProviders = 6

// defaultStartRetries and defaultStartAge are how often, and for how many seconds, EventBridge
// Scheduler tries to start a run that could not be started.
// Source: terraform-provider-aws, website/docs/r/scheduler_schedule.html.markdown (retry_policy); the API
// reference, API_RetryPolicy.html, has them as the largest values and names no defaults, checked 2026-11-29.
const defaultStartRetries, defaultStartAge = 185, 86400

// knownCapabilities are those that ECS has names for.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
var knownCapabilities = strings.Fields(`ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE
	DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD
	NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT
	SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM`)

// fargateCapability is the only one that Fargate adds.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html (as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
const fargateCapability = "SYS_PTRACE"

// fargateLogDrivers are those that Fargate has, but for awsfirelens, which needs a container that
// no part of a tenant describes.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html (logDriver, as in aws-sdk-go-v2/service/ecs v1.98.0), checked 2026-11-29.
var fargateLogDrivers = []string{"awslogs", "splunk"}

// linuxPlatform and windowsPlatform are Fargate's newest platform versions.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html, checked 2026-11-29.
const linuxPlatform, windowsPlatform = "1.4.0", "1.0.0"
