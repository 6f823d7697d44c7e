package relations

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// rootRefused: runAsNonRoot prevents a process from starting as user 0. Windows has no such
// user (Kubernetes: verifyRunAsNonRoot of pkg/kubelet/kuberuntime).
func rootRefused(c *container) {
	user, _, _ := strings.Cut(c.User, ":")
	root := user == "root" || user != "" && strings.Trim(user, "0") == ""
	if !root || c.Windows() || c.Security == nil || !c.Security.RunAsNonRoot {
		return
	}
	d := c.diags.Errorf(diag.Conflict, c.at("user"), "user %q is root, which runAsNonRoot refuses", c.User)
	d.Help = `run as another user, such as "1000", or leave out security.runAsNonRoot`
	c.relate(d, c.at("security", "runAsNonRoot"), "runAsNonRoot is set here")
}
