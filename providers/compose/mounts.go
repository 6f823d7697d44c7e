package compose

import "github.com/cuecompute/cuecompute/pkg/provider"

// filesInside returns the row of mounts into which files cannot be copied, a configuration's
// one by one.
func filesInside(why string) map[provider.MountKind]string {
	return provider.Inside(why, provider.ConfigDirectory, provider.ConfigFile, provider.SecretFile)
}

// nesting: files are copied into the container before it starts (docker/compose,
// injectFileReferences in pkg/compose/secrets.go). A file below the path of a volume is copied
// into the volume, which has to be writable and keep the file until the start (moby/moby,
// openContainerFS in daemon/containerfs_linux.go, daemon/volume/local). A directory of
// configuration belongs to the container, and accepts every mount. The runtime creates a
// volume's mount point inside the enclosing one, which is already read-only then
// (opencontainers/runc, createOpenMountpoint and mountToRootfs of
// libcontainer/rootfs_linux.go). Checked 2026-11-29.
var nesting = provider.Nesting{
	Platform: "compose",
	Docs:     docs + "services/#volumes",
	Own:      provider.RuntimeFiles,
	Refused: map[provider.MountKind]map[provider.MountKind]string{
		provider.MemoryVolume:   filesInside("the file is copied before the container starts, and the volume is empty then"),
		provider.ReadOnlyVolume: provider.InsideAny("it is read-only, and nothing can be made or copied in it"),
	},
}

func nestedMounts(c *check, w *workload) {
	nesting.Check(&c.List, c.Plan, &w.Workload, w.Path)
}

// mountRows are the rows of mounts.
var mountRows = provider.Table{
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumes`, `configs` and `secrets`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume, or a file inside one in memory", Level: unsupported, How: "nothing can be made or copied there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "`volumes`"},
	{Field: "workloads.containers.mounts.volume", When: "on disk, for a user that is not root", Level: approximated, How: "it belongs to root unless the image has the directory", Instead: "let the image have the directory, owned by the user, and list volumes in the workload's accept"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "`configs`, copied into the container"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "`secrets` from the variable, copied into the container"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`read_only` of a volume; other files belong to root"},
}
