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

// nestedMounts looks at mounts as ECS has them: a single file brings its directory. What ECS
// mounts not at all, other rules refuse.
func nestedMounts(c *check, w *workload) {
	if w.windows() || c.ext.ConfigImage == "" && w.Reads(nil, func(m plan.Mount) bool { return m.Config != "" }) {
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
		nesting.CheckContainer(&c.List, c.plan, &w.Workload, mounts, func(target string) diag.Path {
			if at, ok := written[target]; ok {
				target = at
			}
			return w.container(name, "mounts", target)
		})
	}
}
