package compose

import "strings"

// leastMemoryMiB is the least memory that the daemon gives a container (linuxMinMemory).
// Source: https://github.com/moby/moby/blob/master/daemon/daemon_unix.go, checked 2026-11-29.
const leastMemoryMiB = 6

// leastCPUMaxMillis is the lowest processor limit of a container: its quota is at least a
// millisecond in each tenth of a second.
// Source: torvalds/linux, Documentation/scheduler/sched-bwc.rst, checked 2026-11-29.
const leastCPUMaxMillis = 10

// leastCPUShares and mostCPUShares are the kernel's limits of weights (MIN_SHARES, MAX_SHARES).
// Source: https://github.com/torvalds/linux/blob/master/kernel/sched/sched.h, checked 2026-11-29.
const (
	leastCPUShares = 2
	mostCPUShares  = 262144
)

// healthyWaitSeconds is how long docker compose up waits for a container to become healthy
// before failures count. Without such a start_period it gives up after retries × interval, 30 s
// by default, because the first "unhealthy" is final (isServiceHealthy); within it, the first
// success ends the wait at once.
// Source: https://github.com/docker/compose/blob/v5.6.0/pkg/compose/service_containers.go, checked 2026-11-29.
const healthyWaitSeconds = 300

// jobsProfile is the profile of the services of jobs: docker compose up starts services without
// a profile, and those of a requested profile. A service that is named on the command line is
// always started.
// Source: https://docs.docker.com/reference/compose-file/profiles/, checked 2026-11-29.
const jobsProfile = "jobs"

// linuxSignals are the names of the signals that Docker knows, except real-time signals.
// Source: github.com/moby/sys/signal v0.7.1, signal_linux.go, checked 2026-11-29.
var linuxSignals = strings.Fields(`
	SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL
	SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG
	SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ`)

// realTimeSignals are the highest numbers of real-time signals, by the prefix of their names.
// Source: github.com/moby/sys/signal v0.7.1, signal_linux.go, checked 2026-11-29.
var realTimeSignals = map[string]int{"SIGRTMIN+": 15, "SIGRTMAX-": 14}

// linuxCapabilities are the capabilities that Docker knows: those of Linux, without their CAP_.
// Source: github.com/moby/sys/capability v0.4.0, enum.go, and containerd/containerd, Known in pkg/cap/cap_linux.go, checked 2026-11-29.
var linuxCapabilities = strings.Fields(`
	AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH
	FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN
	NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT
	SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM`)
