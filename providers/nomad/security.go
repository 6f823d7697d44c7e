package nomad

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// dockerDriver is the page of the docker task driver.
const dockerDriver = "https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker"

// userNotRoot: Nomad refuses no user, so the user must be known not to be root.
func userNotRoot(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		if container.Security == nil || !container.Security.RunAsNonRoot {
			continue
		}
		user, _, _ := strings.Cut(container.User, ":")
		if _, err := strconv.ParseUint(user, 10, 32); err != nil {
			d := c.Errorf(diag.Unsupported, w.AtContainer(name, "security", "runAsNonRoot"), "nomad does not check that the user is not root")
			d.Help = "set user to a number, such as 1000"
			d.Docs = docs + "task#user"
		}
	}
}

// capabilities: a name that Linux does not have fails the task; a capability that the clients'
// docker plug-in must first allow is a note.
func capabilities(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		s := container.Security
		if s == nil {
			continue
		}
		path := w.AtContainer(name, "security")
		for _, list := range []struct {
			field string
			names []string
		}{{"add", s.AddCapabilities}, {"drop", s.DropCapabilities}} {
			for i, capability := range list.names {
				at := path.To("capabilities", list.field, i)
				known := capability == "ALL" || slices.Contains(linuxCapabilities, capability)
				switch {
				case !known:
					d := c.Errorf(diag.BadFormat, at, "linux has no capability %s", capability)
					if near := diag.Nearest(capability, linuxCapabilities); near != "" {
						d.Help = "did you mean " + near + "?"
					}
				case list.field == "add" && w.Ext.Driver == "docker" && !slices.Contains(allowedCapabilities, capability):
					d := c.Notef("security", at, "the task fails unless the clients' docker plugin lists %s in allow_caps", capability)
					d.Docs = dockerDriver
				}
			}
		}
		if s.Privileged && w.Ext.Driver == "docker" {
			d := c.Notef("security", path.To("privileged"), "the task fails unless the clients' docker plugin sets allow_privileged")
			d.Docs = dockerDriver
		}
	}
}

// securityRows are the rows of security.
var securityRows = provider.Table{
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readonly_rootfs`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a number", Level: exact, How: "that user, which is not root"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "user is a name, or the image's own", Level: unsupported, How: "nothing checks that it is not root", Instead: "set user to a number, such as 1000"},
	{Field: "workloads.containers.security.privileged", When: "with podman", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "with docker", Level: approximated, How: "`privileged`, where the clients' plugin sets allow_privileged", Instead: "set allow_privileged in the clients' docker plugin"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`cap_add` and `cap_drop`"},
	{Field: "workloads.containers.security.capabilities.add", When: "beyond docker's own", Level: approximated, How: "`cap_add`, where the clients' plugin lists it in allow_caps", Instead: "set allow_caps in the clients' docker plugin"},
}
