package kubernetes

import "github.com/cuecompute/cuecompute/pkg/provider"

const readOnlyParent = "it is read-only, and the place for the mount cannot be made in it"

// nesting: a runtime makes the place of a mount in what is mounted around it, which it has made
// read-only by then (opencontainers/runc, createOpenMountpoint and mountToRootfs of
// libcontainer/rootfs_linux.go; kubernetes#121294). In a ConfigMap's volume the kubelet makes it
// beforehand, but as a directory, where no file can be mounted (kubernetes/kubernetes,
// MakeNestedMountpoints of pkg/volume/util/nested_volumes.go; kubernetes#60341, #61545); it is
// in the way of the ConfigMap's own file of that name (createUserVisibleFiles of
// pkg/volume/util/atomic_writer.go). Checked 2026-11-29.
var nesting = provider.Nesting{
	Platform: name,
	Docs:     "https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath",
	Own:      provider.RuntimeFiles,
	Refused: map[provider.MountKind]map[provider.MountKind]string{
		provider.ReadOnlyVolume: provider.InsideAny(readOnlyParent),
		provider.ConfigDirectory: provider.Inside("the kubelet makes a directory in the place of the file",
			provider.ConfigFile, provider.SecretFile, provider.OwnFile),
	},
}

func nestedMounts(c *check, w *workload) { nesting.Check(&c.List, c.Plan, &w.Workload, w.Path) }

// mountRows are the rows of mounts.
var mountRows = provider.Table{
	{Field: "workloads.containers.mounts", Level: exact, How: "`volumeMounts`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume, or a file inside a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "a volume mount"},
	{Field: "workloads.containers.mounts.config", Level: exact, How: "a mount of the ConfigMap, or of one file in it by `subPath`"},
	{Field: "workloads.containers.mounts.secret", Level: exact, How: "a mount of the Secret's key, by `subPath`"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`readOnly`"},
}
