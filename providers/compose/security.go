package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// realTime reports whether a name is one of those of the real-time signals that Docker
// knows: SIGRTMIN+1 to 15, SIGRTMAX-1 to 14, and the two ends.
func realTime(name string) bool {
	for prefix, most := range realTimeSignals {
		if digits, ok := strings.CutPrefix(name, prefix); ok {
			n, err := strconv.Atoi(digits)
			return err == nil && digits == strconv.Itoa(n) && 1 <= n && n <= most
		}
	}
	return name == "SIGRTMIN" || name == "SIGRTMAX"
}

// stopSignals: Docker refuses a container with a signal that it does not know
// (moby/moby, daemon/container.go, verifyContainerSettings).
func stopSignals(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		s := container.StopSignal
		if s == "" || slices.Contains(linuxSignals, s) || realTime(s) {
			continue
		}
		d := c.Errorf(diag.BadFormat, w.container(name).To("stopSignal"), "linux has no signal %s", s)
		d.Help = "use SIGTERM, SIGINT, SIGQUIT or another that a program can catch"
		if near := diag.Near(s, linuxSignals); near != "" {
			d.Help = "did you mean " + near + "?"
		}
	}
}

// users: Docker refuses no user.
func users(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil || !container.Security.RunAsNonRoot {
			continue
		}
		user, _, _ := strings.Cut(container.User, ":")
		if _, err := strconv.ParseUint(user, 10, 32); err != nil {
			d := c.Approximate("security", w.container(name).To("security", "runAsNonRoot"), "compose does not check that the user is not root")
			d.Help = "set user to a number, such as 1000, or list security in the workload's accept"
			d.Docs = docs + "services/#user"
		}
	}
}

// capabilities: Docker refuses a container with one that it does not know (moby/moby,
// daemon/pkg/oci/caps/utils.go, NormalizeLegacyCapabilities).
func capabilities(c *check, w workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil {
			continue
		}
		path := w.container(name).To("security", "capabilities")
		for field, list := range plan.Sorted(map[string][]string{"add": container.Security.AddCapabilities, "drop": container.Security.DropCapabilities}) {
			for i, capability := range list {
				if capability == "ALL" || slices.Contains(linuxCapabilities, capability) {
					continue
				}
				d := c.Errorf(diag.BadFormat, path.To(field, i), "linux has no capability %s", capability)
				if near := diag.Near(capability, linuxCapabilities); near != "" {
					d.Help = "did you mean " + near + "?"
				}
			}
		}
	}
}
