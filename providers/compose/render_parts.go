package compose

import (
	"fmt"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// platform returns the platform of the image, empty for the machine's own.
func platform(w *workload) string {
	if w.Placement == nil || w.Placement.Arch == "" {
		return ""
	}
	return "linux/" + w.Placement.Arch
}

// healthcheck returns the check of a container. If others wait for it, failures do not count
// while they wait: see healthyWaitSeconds.
func (w *workload) healthcheck(name string, c plan.Container) *healthcheck {
	_, check := healthCheck(c)
	if check == nil {
		return nil
	}
	start := check.StartDelaySeconds
	if w.awaited(name) {
		start = max(start, healthyWaitSeconds)
	}
	return &healthcheck{
		Test:        append([]text{"CMD"}, literals(check.Exec.Command)...),
		Interval:    seconds(check.IntervalSeconds),
		Timeout:     seconds(check.TimeoutSeconds),
		Retries:     check.Retries,
		StartPeriod: seconds(start),
	}
}

// deployOf returns the number of copies, unless it is one, and the resources of each.
func deployOf(copies int, r plan.Resources) *deploy {
	limits := amount{CPUs: processors(r.CPUMaxMillis), Memory: mebibytes(r.MemoryMaxMiB)}
	reservations := amount{Memory: mebibytes(r.MemoryMiB)}
	if r.GPU > 0 {
		reservations.Devices = []device{{Driver: "nvidia", Count: r.GPU, Capabilities: []string{"gpu"}}}
	}
	var d deploy
	if copies != 1 {
		d.Replicas = &copies
	}
	var of resources
	if limits.CPUs != "" || limits.Memory != "" {
		of.Limits = &limits
	}
	if reservations.Memory != "" || reservations.Devices != nil {
		of.Reservations = &reservations
	}
	if of != (resources{}) {
		d.Resources = &of
	}
	if d == (deploy{}) {
		return nil
	}
	return &d
}

// volumeOf returns a volume of Docker's local driver. One in memory is a tmpfs, which is
// mounted while a container uses it (moby/moby, daemon/volume/local).
func volumeOf(v plan.Volume) volume {
	if !v.InMemory() {
		return volume{}
	}
	opts := map[string]string{"type": "tmpfs", "device": "tmpfs"}
	if size := v.Ephemeral.SizeMiB; size > 0 {
		opts["o"] = fmt.Sprintf("size=%dm", size)
	}
	return volume{DriverOpts: opts}
}

// onFailure returns the policy that starts a failed container again.
func onFailure(attempts *int) string {
	if attempts == nil {
		return "on-failure"
	}
	return "on-failure:" + strconv.Itoa(*attempts)
}

func seconds(n int64) string { return strconv.FormatInt(n, 10) + "s" }

// mebibytes formats an amount of memory; in Compose m is 2^20 bytes.
func mebibytes(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10) + "m"
}

func processors(millis int64) string {
	if millis == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(millis)/1000, 'f', -1, 64)
}
