package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
)

// rules are what docker compose up and the daemon look at, each with its place.
var rules = []func(*types.Project, types.ServiceConfig) error{
	resources,
	timings,
	scale,
	dependencies,
	labels,
	signal,
	capabilities,
	readOnly,
}

// resources: verifyPlatformContainerResources in moby/moby, daemon/daemon_unix.go, which
// leaves the least cpus to the kernel.
func resources(_ *types.Project, s types.ServiceConfig) error {
	if s.Deploy == nil {
		return nil
	}
	var limit, reservation types.UnitBytes
	if l := s.Deploy.Resources.Limits; l != nil {
		limit = l.MemoryBytes
		if cpus := l.NanoCPUs.Value(); cpus != 0 && cpus < 0.01 {
			return fmt.Errorf("range of cpus is from 0.01, and not %v", cpus)
		}
	}
	if r := s.Deploy.Resources.Reservations; r != nil {
		reservation = r.MemoryBytes
	}
	const least = 6 << 20
	switch {
	case limit != 0 && limit < least:
		return fmt.Errorf("minimum memory limit allowed is 6MB, and not %d", limit)
	case reservation != 0 && reservation < least:
		return fmt.Errorf("minimum memory reservation allowed is 6MB, and not %d", reservation)
	case limit != 0 && limit < reservation:
		return errors.New("minimum memory limit cannot be less than memory reservation limit")
	}
	return nil
}

// timings: 0 stands for what the image says, or 30 s (timeoutWithDefault in moby/moby,
// daemon/health.go), which is not what the file says.
func timings(_ *types.Project, s types.ServiceConfig) error {
	if s.HealthCheck == nil {
		return nil
	}
	for _, d := range []*types.Duration{s.HealthCheck.Interval, s.HealthCheck.Timeout} {
		if d != nil && time.Duration(*d) < time.Millisecond {
			return errors.New("interval and timeout of a health check cannot be less than 1ms")
		}
	}
	return nil
}

// scale: copies cannot publish one port, nor share the network of one service
// (docker/compose, resolveSharedNamespaces in pkg/compose/convergence.go).
func scale(_ *types.Project, s types.ServiceConfig) error {
	if s.GetScale() > 1 && (len(s.Ports) > 0 || s.NetworkMode != "") {
		return fmt.Errorf("%d copies cannot have one port or one network", s.GetScale())
	}
	return nil
}

// dependencies: a service that has no health check is never healthy, and one that is
// always restarted never completes (docker/compose, waitDependencies).
func dependencies(p *types.Project, s types.ServiceConfig) error {
	for name, on := range s.DependsOn {
		dep := p.Services[name]
		switch {
		case on.Condition == types.ServiceConditionHealthy && (dep.HealthCheck == nil || len(dep.HealthCheck.Test) == 0):
			return fmt.Errorf("container of %s has no healthcheck configured", name)
		case on.Condition == types.ServiceConditionCompletedSuccessfully && dep.Restart == types.RestartPolicyAlways:
			return fmt.Errorf("%s never completes", name)
		}
	}
	return nil
}

// labels: those of docker compose's own (pkg/api/labels.go).
func labels(_ *types.Project, s types.ServiceConfig) error {
	for name := range s.Labels {
		if strings.HasPrefix(name, "com.docker.compose.") {
			return fmt.Errorf("label %s is overwritten", name)
		}
	}
	return nil
}

// signal: verifyContainerSettings in moby/moby, daemon/container.go, which takes the names
// of moby/sys, signal/signal_linux.go.
func signal(_ *types.Project, s types.ServiceConfig) error {
	name := strings.TrimPrefix(s.StopSignal, "SIG")
	if name == "" || strings.Contains(linuxSignals, " "+name+" ") {
		return nil
	}
	for prefix, highest := range map[string]int{"RTMIN+": 15, "RTMAX-": 14} {
		if digits, ok := strings.CutPrefix(name, prefix); ok {
			if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= highest && digits == strconv.Itoa(n) {
				return nil
			}
		}
	}
	return fmt.Errorf("invalid signal: %s", s.StopSignal)
}

const linuxSignals = " ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN SEGV STKFLT STOP SYS" +
	" TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ "

// capabilities: NormalizeLegacyCapabilities in moby/moby, daemon/pkg/oci/caps/utils.go, which takes
// those of capabilities(7).
func capabilities(_ *types.Project, s types.ServiceConfig) error {
	for _, name := range slices.Concat(s.CapAdd, s.CapDrop) {
		if name != "ALL" && !strings.Contains(linuxCapabilities, " "+name+" ") {
			return fmt.Errorf("invalid capability: %q", name)
		}
	}
	return nil
}

// readOnly: injectFileReferences in docker/compose, pkg/compose/secrets.go.
func readOnly(_ *types.Project, s types.ServiceConfig) error {
	if s.ReadOnly && len(s.Configs)+len(s.Secrets) > 0 {
		return errors.New("cannot create a config or secret in a read-only service")
	}
	return nil
}

const linuxCapabilities = " AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH" +
	" FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE" +
	" NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE" +
	" SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM "
