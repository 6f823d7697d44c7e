package nomad

import (
	"strings"
	"time"
)

// The numbers of the platform that rules and rendering depend on. Each comment ends with its source and the day
// on which it was checked.

// minMHz is the least processor that a task may ask for, in MHz.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, MinResources, checked 2026-11-29.
const minMHz = 1

// minMemoryMiB is the least memory that a task may ask for.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, MinResources, checked 2026-11-29.
const minMemoryMiB = 10

// defaultMHz is the processor of a task that states none.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultResources, checked 2026-11-29.
const defaultMHz = 100

// defaultMemoryMiB is the memory of a task that states none: what is set aside, and a hard limit.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultResources, checked 2026-11-29.
const defaultMemoryMiB = 300

// defaultDiskMiB is the room for logs and the like that every allocation has.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultEphemeralDisk, checked 2026-11-29.
const defaultDiskMiB = 300

// maxCopies is the servers' job_max_count where the landlord sets no other.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, JobDefaultMaxCount, checked 2026-11-29.
const maxCopies = 50000

// maxKillTimeout is the clients' max_kill_timeout where the landlord sets no other.
// Source: command/agent/config.go of github.com/hashicorp/nomad, DefaultConfig, checked 2026-11-29.
const maxKillTimeout = seconds(30)

// minCheckSeconds is the shortest interval and timeout of a check.
// Source: nomad/structs/services.go of github.com/hashicorp/nomad, minCheckInterval and minCheckTimeout, checked 2026-11-29.
const minCheckSeconds = 1

// minRestartInterval is the shortest time in which attempts to start a container again are counted.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, RestartPolicyMinInterval, checked 2026-11-29.
const minRestartInterval = seconds(5)

// serviceAttempts is how often a task of a service is started again within serviceInterval, in mode fail.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultServiceJobRestartPolicy, checked 2026-11-29.
const serviceAttempts = 2

// serviceInterval is the time in which serviceAttempts are counted.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultServiceJobRestartPolicy, checked 2026-11-29.
const serviceInterval = seconds(1800)

// defaultMinHealthyTime is how long a copy must be healthy before a rollout goes on.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultUpdateStrategy, checked 2026-11-29.
const defaultMinHealthyTime = seconds(10)

// defaultHealthyDeadline is how long a copy has, from its placement, to be healthy.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultUpdateStrategy, checked 2026-11-29.
const defaultHealthyDeadline = seconds(300)

// defaultProgressDeadline is how long a rollout may go without a copy becoming healthy.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultUpdateStrategy, checked 2026-11-29.
const defaultProgressDeadline = seconds(600)

// defaultSplay bounds the random wait between a template's change and the restart for it.
// Source: nomad/structs/structs.go of github.com/hashicorp/nomad, DefaultTemplate, checked 2026-11-29.
const defaultSplay = seconds(5)

// gatewayRefresh is how long Traefik may go on using a copy that has left the catalog: it polls at this interval.
// Source: https://doc.traefik.io/traefik/reference/install-configuration/providers/hashicorp/nomad/, checked 2026-11-28.
const gatewayRefresh = seconds(15)

// minExactRule is the length of the shortest rule of a router for one host, Host(`a.b`) && PathPrefix(`/`),
// which is its priority where no other is stated.
// Source: https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/, checked 2026-11-28.
const minExactRule = 30

// stickyVersion is that from which a copy comes back to its own host volume, and is placed beside older claims of its
// job: issues 27613 and 27470 are in the way before, and 1.10 has the first to its end.
// Source: CHANGELOG.md of github.com/hashicorp/nomad, checked 2026-11-29.
const stickyVersion = "1.11.3"

// stickyVersionOfSeveral are those from which a machine has to have all of several host volumes: issue 28097 is in the
// way before.
// Source: CHANGELOG.md of github.com/hashicorp/nomad, checked 2026-11-29.
const stickyVersionOfSeveral = "1.11.8 or 2.0.4"

// longestDuration is the longest time that Nomad's own numbers hold.
// Source: api/jobs.go of github.com/hashicorp/nomad, durations are time.Duration, checked 2026-11-28.
const longestDuration = seconds((1<<63 - 1) / time.Second)

// cronSteps are the fields of a cron expression, and the largest step that Nomad takes in each.
// Source: cronexpr_parse.go of github.com/hashicorp/cronexpr, checked 2026-11-28.
var cronSteps = []struct {
	name string
	step int
}{{"minute", 59}, {"hour", 23}, {"day of month", 31}, {"month", 12}, {"day of week", 6}}

// nodeAttributes are what a constraint may look at besides attr, device and meta.
// Source: nomad/structs/constraint.go of github.com/hashicorp/nomad, checked 2026-11-29.
var nodeAttributes = []string{"${node.unique.id}", "${node.datacenter}", "${node.unique.name}", "${node.class}", "${node.pool}"}

// signals are the names of signals that Nomad knows, which clients offer to the scheduler as os.signals.
// Source: signals/signals_windows.go of github.com/hashicorp/consul-template, SignalLookup, checked 2026-11-29.
var signals = []string{
	"SIGABRT", "SIGALRM", "SIGBUS", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSEGV", "SIGTERM", "SIGTRAP",
}

// unixSignals are the names of signals that Nomad knows on Linux besides.
// Source: signals/signals_unix.go of github.com/hashicorp/consul-template, SignalLookup, checked 2026-11-29.
var unixSignals = []string{
	"SIGCONT", "SIGIO", "SIGIOT", "SIGPROF", "SIGSTOP", "SIGSYS", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGXCPU", "SIGXFSZ",
}

// takenPaths are where the drivers mount a task's own directories, and the hosts file of the shared network.
// Source: drivers/docker/driver.go of github.com/hashicorp/nomad, Driver.containerBinds and createContainerConfig, checked 2026-11-29.
var takenPaths = []string{"/alloc", "/alloc/logs", "/local", "/secrets", "/etc/hosts"}

// linuxCapabilities are the capabilities that the drivers know.
// Source: drivers/shared/capabilities/defaults.go of github.com/hashicorp/nomad, Supported, checked 2026-11-28.
var linuxCapabilities = strings.Fields(`
	AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH
	FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN
	NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT
	SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM`)

// allowedCapabilities are the capabilities that clients let a task add where the landlord sets no allow_caps.
// Source: drivers/shared/capabilities/defaults.go of github.com/hashicorp/nomad, HCLSpecLiteral, checked 2026-11-29.
var allowedCapabilities = strings.Fields(`
	AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`)

// timeoutVersion is that from which a group's run can be limited.
// Source: https://github.com/hashicorp/nomad/pull/27803, and https://github.com/hashicorp/web-unified-docs/pull/2407, checked 2026-11-29.
const timeoutVersion = "2.0.2"
