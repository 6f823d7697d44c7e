package nomad

import "github.com/cuecompute/cuecompute/pkg/provider"

const readOnlyParent = "it is read-only, and the place for the mount cannot be made in it"

// nesting: a runtime creates a mount point inside the enclosing mount, which may already be
// read-only, as configuration always is (opencontainers/runc, createOpenMountpoint and
// mountToRootfs of libcontainer/rootfs_linux.go; moby#39587). An existing file can be replaced
// by another. Docker mounts outer mounts first (moby/moby, sortMounts in daemon/volumes.go).
// Checked 2026-11-28.
var nesting = provider.Nesting{
	Platform: "nomad",
	Docs:     dockerDriver + "#volumes",
	Own:      provider.RuntimeFiles,
	Refused: map[provider.MountKind]map[provider.MountKind]string{
		provider.ReadOnlyVolume:  provider.InsideAny(readOnlyParent),
		provider.ConfigDirectory: provider.Inside(readOnlyParent, provider.MountKinds()...),
	},
}

func nestedMounts(c *check, w *workload) {
	if !w.Windows() { // on Windows, another rule refuses every mount
		nesting.Check(&c.List, c.Plan, &w.Workload, w.Path)
	}
}

// mountRows are the rows of mounts.
var mountRows = provider.Table{
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumes` of the driver, or a `volume_mount`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume or a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts", When: "on windows", Level: unsupported, How: "docker mounts at paths with a drive there", Instead: "read a secret or a configuration file by env"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "the volume"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "a `template`, mounted from the task's own directory"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "a `template` over the Nomad variable or Vault secret, in memory"},
	{Field: "workloads.containers.mounts.secret", When: "of several copies", Level: approximated, How: "a change of the secret restarts each within seconds, whatever rollout says", Instead: "state extensions.nomad.secretChange"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "mounted read-only"},
}
