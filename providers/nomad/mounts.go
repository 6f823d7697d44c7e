package nomad

import "github.com/cuecompute/cuecompute/pkg/provider"

const readOnlyParent = "it is read-only, and the place for the mount cannot be made in it"

// nesting: a runtime makes the place of a mount in what is mounted around it, which it has made
// read-only by then, and configuration always is (opencontainers/runc, createOpenMountpoint and
// mountToRootfs of libcontainer/rootfs_linux.go; moby#39587). A file that is there takes
// another in its place. Docker mounts what is outside first (moby/moby, sortMounts in
// daemon/volumes.go). Checked 2026-11-28.
var nesting = provider.Nesting{
	Platform: "nomad",
	Docs:     dockerDriver + "#volumes",
	Own:      provider.RuntimeFiles,
	Refused: map[provider.MountKind]map[provider.MountKind]string{
		provider.ReadOnlyVolume:  provider.InsideAny(readOnlyParent),
		provider.ConfigDirectory: provider.Inside(readOnlyParent, provider.MountKinds()...),
	},
}

func nestedMounts(c *check, w workload) {
	if !w.Windows() { // where the rule of windows refuses every mount
		nesting.Check(&c.List, c.plan, &w.Workload, w.path)
	}
}
