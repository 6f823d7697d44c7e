package nomad

import "time"

// The numbers of the platform that rules and rendering depend on. Each comment ends with its source and the day
// on which it was checked.

const (
	// minMHz is the least processor that a task may ask for, in MHz.
	// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, MinResources, checked 2026-11-28.
	minMHz = 1

	// minMemoryMiB is the least memory that a task may ask for.
	// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, MinResources, checked 2026-11-28.
	minMemoryMiB = 10

	// defaultMHz is the processor of a task that states none.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/resources#cpu, checked 2026-11-28.
	defaultMHz = 100

	// defaultMemoryMiB is the memory of a task that states none: what is set aside, and a hard limit.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/resources#memory, checked 2026-11-28.
	defaultMemoryMiB = 300

	// defaultDiskMiB is the room for logs and the like that every allocation has.
	// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultEphemeralDisk, checked 2026-11-28.
	defaultDiskMiB = 300

	// maxCopies is the servers' job_max_count where the landlord sets no other.
	// Source: https://developer.hashicorp.com/nomad/docs/configuration/server#job_max_count, checked 2026-11-28.
	maxCopies = 50000

	// maxKillTimeout is the clients' max_kill_timeout where the landlord sets no other.
	// Source: https://developer.hashicorp.com/nomad/docs/configuration/client#max_kill_timeout, checked 2026-11-28.
	maxKillTimeout = seconds(30)

	// minCheckSeconds is the shortest interval and timeout of a check.
	// Source: nomad/structs/services.go of github.com/hashicorp/nomad, ServiceCheck.validateCommon, checked 2026-11-28.
	minCheckSeconds = 1

	// minRestartInterval is the shortest time in which attempts to start a container again are counted.
	// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, RestartPolicyMinInterval, checked 2026-11-28.
	minRestartInterval = seconds(5)

	// serviceAttempts is how often a task of a service is started again within serviceInterval, in mode fail.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/restart#attempts, checked 2026-11-28.
	serviceAttempts = 2

	// serviceInterval is the time in which serviceAttempts are counted.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/restart#interval, checked 2026-11-28.
	serviceInterval = seconds(1800)

	// defaultMinHealthyTime is how long a copy must be healthy before a rollout goes on.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/update#min_healthy_time, checked 2026-11-28.
	defaultMinHealthyTime = seconds(10)

	// defaultHealthyDeadline is how long a copy has, from its placement, to be healthy.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/update#healthy_deadline, checked 2026-11-28.
	defaultHealthyDeadline = seconds(300)

	// defaultProgressDeadline is how long a rollout may go without a copy becoming healthy.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/update#progress_deadline, checked 2026-11-28.
	defaultProgressDeadline = seconds(600)

	// defaultSplay bounds the random wait between a template's change and the restart for it.
	// Source: https://developer.hashicorp.com/nomad/docs/job-specification/template#splay, checked 2026-11-28.
	defaultSplay = seconds(5)

	// gatewayRefresh is how long Traefik may go on using a copy that has left the catalog: it polls at this interval.
	// Source: https://doc.traefik.io/traefik/reference/install-configuration/providers/hashicorp/nomad/, checked 2026-11-28.
	gatewayRefresh = seconds(15)

	// minExactRule is the length of the shortest rule of a router for one host, Host(`a.b`) && PathPrefix(`/`),
	// which is its priority where no other is stated.
	// Source: https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/, checked 2026-11-28.
	minExactRule = 30

	// stickyVersions are those from which a copy comes back to its own host volume, and is placed beside older claims
	// of its job: before, issues 27613 and 27470 are in the way.
	// Source: CHANGELOG.md of github.com/hashicorp/nomad, checked 2026-11-28.
	stickyVersions = "1.10.9 or 1.11.3"

	// longestDuration is the longest time that Nomad's own numbers hold.
	// Source: api/jobs.go of github.com/hashicorp/nomad, durations are time.Duration, checked 2026-11-28.
	longestDuration = seconds((1<<63 - 1) / time.Second)
)

// cronSteps are the fields of a cron expression, and the largest step that Nomad takes in each.
// Source: cronexpr_parse.go of github.com/hashicorp/cronexpr, checked 2026-11-28.
var cronSteps = []struct {
	name string
	step int
}{{"minute", 59}, {"hour", 23}, {"day of month", 31}, {"month", 12}, {"day of week", 6}}
