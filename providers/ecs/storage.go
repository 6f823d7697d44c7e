package ecs

import (
	"cmp"
	"path"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const (
	volumeDocs  = docs + "using_data_volumes.html"
	storageDocs = docs + "fargate-task-storage.html"
)

// ephemeralVolumes: one on disk is a bind mount, which on Fargate is a part of the
// task's ephemeral storage; one in memory is a tmpfs, which belongs to one container
// and has a size (developer guide, "Fargate task ephemeral storage for Amazon ECS"; API
// reference, Tmpfs).
func ephemeralVolumes(c *check, w *workload) {
	for vname, v := range plan.Sorted(w.Volumes) {
		if v.Ephemeral == nil {
			continue
		}
		at := w.at("volumes", vname, "ephemeral")
		switch {
		case v.Ephemeral.Medium == "memory" && v.Ephemeral.SizeMiB == 0:
			c.report(diag.MissingField, at.To("size"), api+"API_Tmpfs.html", "", "ecs keeps no volume in memory without a size")
		case v.Ephemeral.Medium == "memory" && v.Ephemeral.SizeMiB > maxInteger:
			c.report(diag.OutOfBounds, at.To("size"), api+"API_Tmpfs.html", "", "a volume in memory has at most %d MiB, not %d", maxInteger, v.Ephemeral.SizeMiB)
		case v.Ephemeral.Medium == "memory" && w.MountsOf(vname) > 1:
			c.unsupported(at.To("medium"), api+"API_Tmpfs.html", `use medium "disk", or one volume a container`, "a volume in memory is one container's on ecs, but %q is mounted %d times", vname, w.MountsOf(vname))
		case v.Ephemeral.Medium != "memory" && v.Ephemeral.SizeMiB != 0 && c.fargate():
			c.Notef("volumes", at.To("size"), "ecs sets the size aside in the task's ephemeral storage, but lets the volume grow beyond it")
		case v.Ephemeral.Medium != "memory" && v.Ephemeral.SizeMiB != 0:
			c.approximate("volumes", at.To("size"), volumeDocs, "", "on ec2 a volume is a directory of the machine, which holds whatever there is room for")
		}
	}
	wanted := w.diskGiB()
	switch stated := w.ext.EphemeralStorage; {
	case stated != nil && !c.fargate():
		c.report(diag.Conflict, w.extAt("ephemeralStorage"), storageDocs, "", "only a task on fargate has ephemeral storage of its own")
	case stated != nil && stated.SizeInGiB < wanted:
		c.report(diag.OutOfBounds, w.extAt("ephemeralStorage", "sizeInGiB"), storageDocs, "", "the task has %d GiB of ephemeral storage, its volumes ask for %d", stated.SizeInGiB, wanted)
	case c.fargate() && wanted > maxStorageGiB:
		c.report(diag.OutOfBounds, w.at("volumes"), storageDocs, "", "fargate gives a task at most %d GiB of ephemeral storage, its volumes ask for %d", maxStorageGiB, wanted)
	}
}

// diskGiB is what the workload's ephemeral volumes on disk ask for together.
func (w *workload) diskGiB() int64 {
	var mebibytes int64
	for _, v := range w.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.Medium != "memory" {
			mebibytes += v.Ephemeral.SizeMiB
		}
	}
	return (mebibytes + 1023) / 1024
}

// fileSystem is where one of the workload's persistent volumes lives.
func (t *tenant) fileSystem(w *workload, vname string) (efs, bool) {
	if source, ok := w.ext.Volumes[vname]; ok {
		return source.EFS, true
	}
	source, ok := t.ext.Volumes[vname]
	return source.EFS, ok
}

// place tells file systems and directories of them apart.
func (e efs) place() string {
	if e.Authorization != nil && e.Authorization.AccessPointID != "" {
		return e.FileSystemID + ":" + e.Authorization.AccessPointID
	}
	return e.FileSystemID + ":" + path.Clean("/"+e.RootDirectory)
}

// encrypted reports whether what goes over the network is encrypted: unless the author says
// otherwise.
func (e efs) encrypted() bool { return e.TransitEncryption != "DISABLED" }

// byRole reports whether the file system is mounted in the name of the task's role.
func (e efs) byRole() bool { return e.Authorization != nil && e.Authorization.IAM == "ENABLED" }

// persistentVolumes: what outlives a service's task is EFS, which all tasks share; the
// EBS volumes that ECS makes end with their task (developer guide, "Storage options
// for Amazon ECS tasks"; API reference, EFSVolumeConfiguration).
func persistentVolumes(c *check, w *workload) {
	for vname, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil || w.windows() { // on windows the rule of windows speaks
			continue
		}
		at := w.at("volumes", vname, "persistent")
		source, ok := c.fileSystem(w, vname)
		if !ok {
			c.report(diag.MissingField, at, docs+"efs-volumes.html", "set extensions.ecs.volumes."+vname+".efs to an Amazon EFS file system, or let a policy set it",
				"ecs keeps nothing beyond a task's end but on a file system, and %q has none", vname)
			continue
		}
		if source.byRole() && cmp.Or(w.ext.TaskRoleArn, c.ext.TaskRoleArn) == "" {
			c.report(diag.MissingField, w.extAt("taskRoleArn"), api+"API_EFSAuthorizationConfig.html", "set it here or in the tenant's extension",
				"the file system of %q is mounted in the name of the taskRoleArn, and there is none", vname)
		}
		if n := w.MostReplicas(); n > 1 {
			c.unsupported(at, docs+"efs-volumes.html", "run one copy, or keep the data in a service of its own",
				"%d copies would share the file system of %q: ecs has no volume for each", n, vname)
			continue
		}
		if other := c.sharing(w, vname, source); other != "" {
			c.unsupported(at, docs+"efs-volumes.html", "give each a file system, a rootDirectory or an access point of its own under extensions.ecs.volumes of its workload",
				"%q is the same directory of the file system as %s", vname, other)
			continue
		}
		if v.Persistent.Class != "" {
			c.approximate("volumes", at.To("class"), docs+"efs-volumes.html", "", "the file system has its own kind of storage, whatever class says")
		}
		c.Notef("volumes", at.To("size"), "a file system has room for whatever is written, and sets no size aside")
	}
}

// sharing names the first other volume, by workload and name, at the same place.
func (t *tenant) sharing(w *workload, vname string, source efs) string {
	for _, o := range t.workloads {
		for name, v := range plan.Sorted(o.Volumes) {
			if o.name == w.name && name == vname {
				return "" // told where the later one is written
			}
			if other, ok := t.fileSystem(o, name); v.Persistent != nil && ok && other.place() == source.place() {
				return "workloads." + o.name + ".volumes." + name
			}
		}
	}
	return ""
}

// fileSystems: what an EFS mount needs (API reference, EFSVolumeConfiguration,
// EFSAuthorizationConfig).
func fileSystems(c *check) {
	for vname, source := range plan.Sorted(c.ext.Volumes) {
		c.fileSystemMount(source.EFS, c.at("volumes", vname, "efs"))
	}
}

// workloadFileSystems: as fileSystems; and each is of a persistent volume.
func workloadFileSystems(c *check, w *workload) {
	for vname, source := range plan.Sorted(w.ext.Volumes) {
		at := w.extAt("volumes", vname)
		switch v, ok := w.Volumes[vname]; {
		case !ok:
			c.report(diag.UnknownName, at, "", "", "workload %q has no volume %q", w.name, vname)
		case v.Persistent == nil:
			c.report(diag.Conflict, at, "", "", "volume %q is ephemeral, and lives on no file system", vname)
		default:
			c.fileSystemMount(source.EFS, at.To("efs"))
		}
	}
}

func (c *check) fileSystemMount(e efs, at diag.Path) {
	const page = api + "API_EFSVolumeConfiguration.html"
	point := e.Authorization != nil && e.Authorization.AccessPointID != ""
	if point && e.RootDirectory != "" && e.RootDirectory != "/" {
		c.report(diag.Conflict, at.To("rootDirectory"), page, "leave it out", "the access point has a root directory of its own")
	}
	if (point || e.byRole()) && !e.encrypted() {
		c.report(diag.Conflict, at.To("transitEncryption"), page, "leave it out", "an access point and iam authorization need transitEncryption")
	}
	if e.TransitEncryptionPort != 0 && !e.encrypted() {
		c.report(diag.Conflict, at.To("transitEncryptionPort"), page, "leave transitEncryption out", "there is no encrypted connection whose port this could be")
	}
}

// secretMounts: the task definition puts secrets into env only (developer guide, "Pass
// sensitive data to an Amazon ECS container").
func secretMounts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for mpath, m := range plan.Sorted(container.Mounts) {
			if m.Secret != "" {
				c.unsupported(w.container(cname, "mounts", mpath, "secret"), sensitiveDocs,
					"read it from an environment variable: env.NAME.secret: "+m.Secret, "ecs mounts no secrets")
			}
		}
	}
}

// configMounts: a task definition holds no files, so something must write them before
// the containers start. An init container can, from text in its own environment into
// a volume that it shares with them; but it needs an image, and which images may be
// pulled is the landlord's to say. So a mount is an error until configImage names one,
// and then nearly exact: a directory of files is just that, while a single file brings
// its whole directory, which hides the image's. The other way, EFS, would leave it to
// people to copy the files there, and every copy could drift from the spec.
func configMounts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for mpath, m := range plan.Sorted(container.Mounts) {
			if m.Config == "" || w.windows() { // on windows the rule of windows speaks
				continue
			}
			at := w.container(cname, "mounts", mpath, "config")
			dir := path.Dir(mpath)
			_, taken := container.Mounts[dir]
			switch {
			case c.ext.ConfigImage == "":
				c.unsupported(at, volumeDocs, "set extensions.ecs.configImage to an image with a shell, which then writes the files, or read them with env.NAME.config",
					"ecs mounts no configuration files")
			case m.File == "":
				c.Notef("config", at, "an extra init container writes the files into a volume")
			case dir == "/":
				c.unsupported(at, volumeDocs, "mount it in a directory, such as /etc"+mpath, "ecs can only mount the directory that holds a file, and that of %q is the whole root", mpath)
			case taken:
				c.report(diag.Conflict, at, volumeDocs, "put one of the two elsewhere", "ecs mounts the directory that holds a file, and %q is mounted already", dir)
			default:
				c.approximate("config", at, volumeDocs, "mount it in a directory of its own",
					"ecs mounts the directory that holds the file: what the image has in %q is hidden", dir)
			}
		}
	}
}
