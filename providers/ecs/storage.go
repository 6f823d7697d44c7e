package ecs

import (
	"cmp"
	"path"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	volumeDocs  = docs + "using_data_volumes.html"
	storageDocs = docs + "fargate-task-storage.html"
)

func ephemeralVolumes(c *check, w *workload) {
	for vname, v := range plan.Sorted(w.Volumes) {
		if v.Ephemeral == nil {
			continue
		}
		at := w.At("volumes", vname, "ephemeral")
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
	switch stated := w.Ext.EphemeralStorage; {
	case stated != nil && !c.fargate():
		c.report(diag.Conflict, w.AtExtension("ephemeralStorage"), storageDocs, "", "only a task on fargate has ephemeral storage of its own")
	case stated != nil && stated.SizeInGiB < wanted:
		c.report(diag.OutOfBounds, w.AtExtension("ephemeralStorage", "sizeInGiB"), storageDocs, "", "the task has %d GiB of ephemeral storage, its volumes ask for %d", stated.SizeInGiB, wanted)
	case c.fargate() && wanted > maxStorageGiB:
		c.report(diag.OutOfBounds, w.At("volumes"), storageDocs, "", "fargate gives a task at most %d GiB of ephemeral storage, its volumes ask for %d", maxStorageGiB, wanted)
	}
}

// diskGiB returns the total size of the workload's ephemeral volumes on disk.
func (w *workload) diskGiB() int64 {
	var mebibytes int64
	for _, v := range w.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.Medium != "memory" {
			mebibytes += v.Ephemeral.SizeMiB
		}
	}
	return (mebibytes + 1023) / 1024
}

// fileSystem returns the location of one of the workload's persistent or shared volumes.
func (t *tenant) fileSystem(w *workload, vname string) (efs, bool) {
	if shared := w.Volumes[vname].Shared; shared != "" {
		source, ok := t.Ext.Volumes[shared]
		return source.EFS, ok
	}
	if source, ok := w.Ext.Volumes[vname]; ok {
		return source.EFS, true
	}
	source, ok := t.Ext.Volumes[vname]
	return source.EFS, ok
}

// place identifies a file system and a directory in it.
func (e efs) place() string {
	if e.Authorization != nil && e.Authorization.AccessPointID != "" {
		return e.FileSystemID + ":" + e.Authorization.AccessPointID
	}
	return e.FileSystemID + ":" + path.Clean("/"+e.RootDirectory)
}

// encrypted reports whether network traffic is encrypted, unless the author disables it.
func (e efs) encrypted() bool { return e.TransitEncryption != "DISABLED" }

// byRole reports whether the file system is mounted with the task's role.
func (e efs) byRole() bool { return e.Authorization != nil && e.Authorization.IAM == "ENABLED" }

// mountedByRole: a file system that is mounted with a role needs one.
func (c *check) mountedByRole(w *workload, vname string, source efs) {
	if source.byRole() && cmp.Or(w.Ext.TaskRoleArn, c.Ext.TaskRoleArn) == "" {
		c.report(diag.MissingField, w.AtExtension("taskRoleArn"), api+"API_EFSAuthorizationConfig.html", "set it here or in the tenant's extension",
			"the file system of %q is mounted in the name of the taskRoleArn, and there is none", vname)
	}
}

// sharedVolumes: what workloads share is a directory of a file system, which any number of tasks
// mount.
func sharedVolumes(c *check) {
	first := map[string]string{}
	for name, v := range plan.Sorted(c.Plan.Volumes) {
		at := diag.At("volumes", name)
		source, ok := c.Ext.Volumes[name]
		switch other := first[source.EFS.place()]; {
		case !ok:
			c.report(diag.MissingField, at, docs+"efs-volumes.html", "set extensions.ecs.volumes."+name+".efs to an Amazon EFS file system, or let a policy set it",
				"ecs keeps nothing beyond a task's end but on a file system, and %q has none", name)
			continue
		case other != "":
			c.unsupported(at, docs+"efs-volumes.html", "give each a file system, a rootDirectory or an access point of its own under extensions.ecs.volumes",
				"%q is the same directory of the file system as volumes.%s", name, other)
			continue
		}
		first[source.EFS.place()] = name
		if v.Class != "" {
			c.approximate("volumes", at.To("class"), docs+"efs-volumes.html", "", "the file system has its own kind of storage, whatever class says")
		}
		c.Notef("volumes", at.To("size"), "a file system has room for whatever is written, and sets no size aside")
	}
	for _, w := range c.Workloads {
		for vname, v := range plan.Sorted(w.Volumes) {
			if source, ok := c.fileSystem(w, vname); ok && v.Shared != "" {
				c.mountedByRole(w, vname, source)
			}
		}
	}
}

func persistentVolumes(c *check, w *workload) {
	for vname, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil || w.windows() { // reported by the rule of windows
			continue
		}
		at := w.At("volumes", vname, "persistent")
		source, ok := c.fileSystem(w, vname)
		if !ok {
			c.report(diag.MissingField, at, docs+"efs-volumes.html", "set extensions.ecs.volumes."+vname+".efs to an Amazon EFS file system, or let a policy set it",
				"ecs keeps nothing beyond a task's end but on a file system, and %q has none", vname)
			continue
		}
		c.mountedByRole(w, vname, source)
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

// sharing returns the first other volume, by workload and name, with the same place; the
// tenant's come first.
func (t *tenant) sharing(w *workload, vname string, source efs) string {
	for name := range plan.Sorted(t.Plan.Volumes) {
		if other, ok := t.Ext.Volumes[name]; ok && other.EFS.place() == source.place() {
			return "volumes." + name
		}
	}
	for _, o := range t.Workloads {
		for name, v := range plan.Sorted(o.Volumes) {
			if o.Name == w.Name && name == vname {
				return "" // reported at the later one
			}
			if other, ok := t.fileSystem(o, name); v.Persistent != nil && ok && other.place() == source.place() {
				return "workloads." + o.Name + ".volumes." + name
			}
		}
	}
	return ""
}

func fileSystems(c *check) {
	for vname, source := range plan.Sorted(c.Ext.Volumes) {
		c.fileSystemMount(source.EFS, c.AtExtension("volumes", vname, "efs"))
	}
}

func workloadFileSystems(c *check, w *workload) {
	for vname, source := range plan.Sorted(w.Ext.Volumes) {
		at := w.AtExtension("volumes", vname)
		switch v, ok := w.Volumes[vname]; {
		case !ok:
			c.report(diag.UnknownName, at, "", "", "workload %q has no volume %q", w.Name, vname)
		case v.Shared != "":
			c.report(diag.Conflict, at, "", "say so in the tenant's extensions.ecs.volumes."+v.Shared, "volume %q is the tenant's volume %q, which lives in one place for all workloads", vname, v.Shared)
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

func secretMounts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for mpath, m := range plan.Sorted(container.Mounts) {
			if m.Secret != "" {
				c.unsupported(w.AtContainer(cname, "mounts", mpath, "secret"), sensitiveDocs,
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
			if m.Config == "" || w.windows() { // reported by the rule of windows
				continue
			}
			at := w.AtContainer(cname, "mounts", mpath, "config")
			dir := path.Dir(mpath)
			_, taken := container.Mounts[dir]
			switch {
			case c.Ext.ConfigImage == "":
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

// volumeRows are the rows of volumes.
var volumeRows = provider.Table{
	{Field: "workloads.volumes.persistent", When: "one copy", Level: exact, How: "a directory of an Amazon EFS file system, encrypted on the way; a service that writes to it stops its task before the next one starts", Effect: provider.EffectFunc(storedVolume)},
	{Field: "workloads.volumes.persistent", When: "several copies, or two volumes in one directory", Level: unsupported, How: "they would share the directory", Instead: "run one copy, and give each volume a directory or an access point of its own"},
	{Field: "workloads.volumes.persistent", When: "of windows", Level: unsupported, How: "windows containers have no Amazon EFS"},
	{Field: "workloads.volumes.persistent.size", Level: approximated, How: "the file system has room for whatever is written"},
	{Field: "workloads.volumes.persistent.class", Level: approximated, How: "the file system has its own kind of storage", Instead: "choose the file system by extensions.ecs.volumes"},
	{Field: "workloads.volumes.shared", Level: exact, How: "the directory of the file system, mounted by every task"},
	{Field: "workloads.volumes.shared", When: "of windows", Level: unsupported, How: "windows containers have no Amazon EFS"},
	{Field: "workloads.volumes.ephemeral", Level: exact, How: "a volume that ends with the task"},
	{Field: "workloads.volumes.ephemeral", When: "of windows on Fargate", Level: unsupported, How: "windows containers have no volumes there"},
	{Field: "workloads.volumes.ephemeral.size", When: "in memory", Level: exact, How: "the tmpfs's `size`"},
	{Field: "workloads.volumes.ephemeral.size", When: "on disk", Level: approximated, How: "set aside in Fargate's ephemeral storage, no bound to the volume"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, mounted once", Level: exact, How: "`linuxParameters.tmpfs`"},
	{Field: "workloads.volumes.ephemeral.medium", When: "memory, mounted several times or of windows", Level: unsupported, How: "a tmpfs is one Linux container's own", Instead: "use medium disk, or one volume a container"},
}
