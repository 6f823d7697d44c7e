package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// realTime reports whether a name is that of a real-time signal that Docker knows: SIGRTMIN+1
// to 15, SIGRTMAX-1 to 14, and the two ends.
func realTime(name string) bool {
	for prefix, highest := range realTimeSignals {
		if digits, ok := strings.CutPrefix(name, prefix); ok {
			n, err := strconv.Atoi(digits)
			return err == nil && digits == strconv.Itoa(n) && 1 <= n && n <= highest
		}
	}
	return name == "SIGRTMIN" || name == "SIGRTMAX"
}

func stopSignals(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		s := container.StopSignal
		if s == "" || slices.Contains(linuxSignals, s) || realTime(s) {
			continue
		}
		d := c.Errorf(diag.BadFormat, w.AtContainer(name, "stopSignal"), "linux has no signal %s", s)
		d.Help = "use SIGTERM, SIGINT, SIGQUIT or another that a program can catch"
		if near := diag.Nearest(s, linuxSignals); near != "" {
			d.Help = "did you mean " + near + "?"
		}
	}
}

func users(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil || !container.Security.RunAsNonRoot {
			continue
		}
		user, _, _ := strings.Cut(container.User, ":")
		if _, err := strconv.ParseUint(user, 10, 32); err != nil {
			d := c.Approximate("security", w.AtContainer(name, "security", "runAsNonRoot"), "compose does not check that the user is not root")
			d.Help = "set user to a number, such as 1000, or list security in the workload's accept"
			d.Docs = docs + "services/#user"
		}
	}
}

func capabilities(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil {
			continue
		}
		path := w.AtContainer(name, "security", "capabilities")
		for field, list := range plan.Sorted(map[string][]string{"add": container.Security.AddCapabilities, "drop": container.Security.DropCapabilities}) {
			for i, capability := range list {
				if capability == "ALL" || slices.Contains(linuxCapabilities, capability) {
					continue
				}
				d := c.Errorf(diag.BadFormat, path.To(field, i), "linux has no capability %s", capability)
				if near := diag.Nearest(capability, linuxCapabilities); near != "" {
					d.Help = "did you mean " + near + "?"
				}
			}
		}
	}
}

// securityRows are the rows of security.
var securityRows = provider.Table{
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`read_only`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "with a mount of a configuration or a secret", Level: approximated, How: "left writable, since files are copied there", Instead: "read them by env, or list security in the workload's accept"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a number", Level: exact, How: "that user, which is not root"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "otherwise", Level: approximated, How: "nothing checks it", Instead: "set user to a number, or list security in the workload's accept"},
	{Field: "workloads.containers.security.privileged", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`cap_add` and `cap_drop`"},
}
