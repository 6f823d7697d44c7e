package relations

import (
	"path"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// belowFiles: nothing is mounted below a file, and no directory in place of one. A file is a
// secret, a single file of a configuration, or a file of a configuration's directory. On no
// platform does this work: the runtime finds a file where it makes a directory
// (opencontainers/runc, createOpenMountpoint in libcontainer/rootfs_linux.go, fails with
// ENOTDIR), and Kubernetes, which makes the directory first, leaves out the configuration's
// file (kubernetes/kubernetes, MakeNestedMountpoints in pkg/volume/util/nested_volumes.go).
// Checked 2026-11-29. The platform decides which directories accept a mount: see
// provider.Nesting.
func belowFiles(c *container) {
	for at, m := range plan.Sorted(c.Mounts) {
		isFile := m.File != "" || m.Secret != ""
		for around := path.Dir(at); around != "/"; around = path.Dir(around) {
			outer, ok := c.Mounts[around]
			if !ok {
				continue
			}
			first, rest, _ := strings.Cut(strings.TrimPrefix(at, around+"/"), "/")
			_, hasFile := c.plan.Config[outer.Config][first]
			var d *diag.Diagnostic
			switch {
			case outer.File != "" || outer.Secret != "":
				d = c.diags.Errorf(diag.Conflict, c.at("mounts", at), "%s is below %s, which is a file", at, around)
			case hasFile && rest != "":
				d = c.diags.Errorf(diag.Conflict, c.at("mounts", at), "%s is below %s, which is a file of configuration %q", at, path.Join(around, first), outer.Config)
			case hasFile && !isFile:
				d = c.diags.Errorf(diag.Conflict, c.at("mounts", at), "%s is mounted as a directory, and is a file of configuration %q at %s", at, outer.Config, around)
			}
			if d != nil {
				d.Help = "mount one of the two elsewhere"
				c.relate(d, c.at("mounts", around), around+" is mounted here")
			}
			break
		}
	}
}
