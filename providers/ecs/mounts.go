package ecs

import (
	"maps"
	"path"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const readOnlyParent = "it is read-only, and the place for the mount cannot be made in it"

// nesting: a runtime makes the place of a mount in what is mounted around it, which it has made
// read-only by then, and configuration always is (opencontainers/runc, createOpenMountpoint and
// mountToRootfs of libcontainer/rootfs_linux.go; docker/for-linux#128). Checked 2026-11-29.
var nesting = provider.Nesting{
	Platform: providerName,
	Docs:     volumeDocs,
	Own:      provider.RuntimeFiles,
	Refused: map[provider.MountKind]map[provider.MountKind]string{
		provider.ReadOnlyVolume:  provider.InsideAny(readOnlyParent),
		provider.ConfigDirectory: provider.InsideAny(readOnlyParent),
	},
}

func nestedMounts(c *check, w *workload) {
	if w.windows() || c.Ext.ConfigImage == "" && w.Reads(nil, func(m plan.Mount) bool { return m.Config != "" }) {
		return
	}
	for name, container := range plan.Sorted(w.Containers) {
		mounts, written := maps.Clone(container.Mounts), map[string]string{}
		for at, m := range plan.Sorted(container.Mounts) {
			if m.File == "" && m.Secret == "" {
				continue
			}
			delete(mounts, at)
			dir := path.Dir(at)
			if _, taken := mounts[dir]; m.File != "" && !taken {
				mounts[dir], written[dir] = plan.Mount{Config: m.Config, ReadOnly: true}, at
			}
		}
		nesting.CheckContainer(&c.List, c.Plan, &w.Workload, mounts, func(target string) diag.Path {
			if at, ok := written[target]; ok {
				target = at
			}
			return w.AtContainer(name, "mounts", target)
		})
	}
}

// mountRows are the rows of mounts.
var mountRows = provider.Table{
	{Field: "workloads.containers.mounts", Level: exact, How: "`mountPoints`"},
	{Field: "workloads.containers.mounts", When: "inside a read-only volume or a configuration's directory", Level: unsupported, How: "no place for the mount can be made there", Instead: "mount it elsewhere"},
	{Field: "workloads.containers.mounts.volume", Level: exact, How: "`mountPoints`, or `linuxParameters.tmpfs` for one in memory"},
	{Field: "workloads.containers.mounts.volume", When: "by a user that is not root, of a new volume on disk", Level: approximated, How: "the volume belongs to root", Instead: "let an init container change the owner, build the image with VOLUME, or mount a file system by an access point"},
	{Field: "workloads.containers.mounts.config", When: "with extensions.ecs.configImage", Level: approximated, How: "an init container writes the files into a volume; a single file hides what the image has beside it", Instead: "mount a single file in a directory of its own"},
	{Field: "workloads.containers.mounts.config", When: "without extensions.ecs.configImage, in the root directory, or in windows containers", Level: unsupported, How: "a task definition holds no files", Instead: "set configImage to an image with a shell, or read the text with env.NAME.config"},
	{Field: "workloads.containers.mounts.secret", Level: unsupported, How: "secrets are put into env only", Instead: "read it from env.NAME.secret"},
	{Field: "workloads.containers.mounts.readOnly", Level: exact, How: "`mountPoints[].readOnly`"},
}
