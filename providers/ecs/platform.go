package ecs

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// windows reports whether the workload's containers run on Windows.
func (w *workload) windows() bool {
	return w.Windows() || strings.HasPrefix(w.Ext.OperatingSystemFamily, "WINDOWS")
}

func platform(c *check, w *workload) {
	const page = api + "API_RuntimePlatform.html"
	family, version := w.Ext.OperatingSystemFamily, w.Ext.PlatformVersion
	if p := w.Placement; p != nil {
		switch {
		case p.OS == "windows" && family == "":
			c.report(diag.MissingField, w.AtExtension("operatingSystemFamily"), page, "set it to the release that the images are built for, such as WINDOWS_SERVER_2022_CORE",
				"ecs needs to know the release of windows")
		case p.OS == "windows" && family == "LINUX", p.OS == "linux" && w.windows():
			c.report(diag.Conflict, w.AtExtension("operatingSystemFamily"), page, "", "placement.os is %s, operatingSystemFamily is %s", p.OS, family)
		}
		if p.Arch == "arm64" && w.windows() {
			c.unsupported(w.At("placement", "arch"), page, "", "ecs runs windows on amd64 only")
		}
	}
	if w.windows() && family != "" && c.fargate() && !slices.ContainsFunc(windowsOnFargate, func(release string) bool { return strings.HasPrefix(family, release) }) {
		c.unsupported(w.AtExtension("operatingSystemFamily"), fargateDocs, `use windows server 2019, 2022 or 2025, or set extensions.ecs.launchType to "EC2"`, "fargate does not run %s", family)
	}
	switch {
	case version != "" && !c.fargate():
		c.report(diag.Conflict, w.AtExtension("platformVersion"), serviceDocs, "", "only fargate has platform versions, not launchType EC2")
	case version == linuxPlatform && w.windows(), version == windowsPlatform && !w.windows():
		c.report(diag.Conflict, w.AtExtension("platformVersion"), docs+"platform-fargate.html", "use LATEST", "platform version %s is not of the workload's operating system", version)
	}
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"placementConstraints", len(w.Ext.PlacementConstraints) > 0},
		{"placementStrategy", len(w.Ext.PlacementStrategy) > 0},
	} {
		if f.set && c.fargate() {
			c.report(diag.Conflict, w.AtExtension(f.field), fargateDocs, `leave it out, or set extensions.ecs.launchType to "EC2"`, "fargate takes no %s: it spreads tasks by itself", f.field)
		}
	}
	if n := len(w.placementStrategy(c.fargate())); n > maxPlacementRules {
		c.report(diag.OutOfBounds, w.AtExtension("placementStrategy"), serviceDocs, "leave out a rule", "with placement.spread these are %d rules: ecs takes at most %d", n, maxPlacementRules)
	}
}

func capacity(c *check, w *workload) {
	const page = docs + "cluster-capacity-providers.html"
	based, weight := "", 0
	for i, p := range w.Ext.CapacityProviders {
		at := w.AtExtension("capacityProviders", i)
		ofFargate := p.Name == "FARGATE" || p.Name == "FARGATE_SPOT"
		switch {
		case ofFargate && !c.fargate():
			c.report(diag.Conflict, at, page, `set extensions.ecs.launchType to "FARGATE"`, "%s is fargate, but launchType is EC2", p.Name)
		case !ofFargate && c.fargate():
			c.report(diag.Conflict, at, page, `set extensions.ecs.launchType to "EC2"`, "%s is not of fargate, but launchType is FARGATE", p.Name)
		case p.Name == "FARGATE_SPOT" && w.windows():
			c.unsupported(at, docs+"fargate-capacity-providers.html", "use FARGATE", "FARGATE_SPOT runs no windows containers")
		}
		if p.Base > 0 && based != "" {
			c.report(diag.Conflict, at.To("base"), page, "", "only one capacity provider may have a base, and %s has one", based)
		} else if p.Base > 0 {
			based = p.Name
		}
		weight += p.Weight
	}
	if n, own := len(w.Ext.CapacityProviders), w.Kind == plan.Cron && c.templated(); own && n > maxScheduledProviders {
		c.report(diag.OutOfBounds, w.AtExtension("capacityProviders"), "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html", "",
			"a schedule takes at most %d capacity providers, not %d", maxScheduledProviders, n)
	}
	if len(w.Ext.CapacityProviders) > 1 && weight == 0 {
		c.report(diag.OutOfBounds, w.AtExtension("capacityProviders"), page, "", "one of several capacity providers must have a weight of more than 0")
	}
}

func windows(c *check, w *workload) {
	if !w.windows() {
		return
	}
	none := func(is bool, path diag.Path, what string) {
		if is {
			c.unsupported(path, taskDocs, "", "windows containers on ecs have no %s", what)
		}
	}
	none(w.Ext.CPU != 0 && !c.fargate(), w.AtExtension("cpu"), "size of the whole task on ec2")
	none(w.Ext.Memory != 0 && !c.fargate(), w.AtExtension("memory"), "size of the whole task on ec2")
	for cname, container := range plan.Sorted(w.Containers) {
		at := func(elems ...any) diag.Path { return w.AtContainer(cname, elems...) }
		none(container.User != "", at("user"), "choice of user")
		if s := container.Security; s != nil {
			none(s.RunAsNonRoot, at("security", "runAsNonRoot"), "choice of user")
			none(s.ReadOnlyRootFilesystem, at("security", "readOnlyRootFilesystem"), "read-only root file system")
			none(s.Privileged && !c.fargate(), at("security", "privileged"), "privileged mode")
			none(len(s.AddCapabilities)+len(s.DropCapabilities) > 0, at("security", "capabilities"), "capabilities")
		}
		for mpath, m := range plan.Sorted(container.Mounts) {
			none(m.Config != "", at("mounts", mpath, "config"), "configuration files")
		}
	}
	for vname, v := range plan.Sorted(w.Volumes) {
		switch {
		case v.Persistent != nil:
			none(true, w.At("volumes", vname, "persistent"), "amazon efs")
		case v.Shared != "":
			none(true, w.At("volumes", vname, "shared"), "amazon efs")
		case v.Ephemeral.Medium == "memory":
			none(true, w.At("volumes", vname, "ephemeral", "medium"), "volumes in memory")
		default:
			none(c.fargate(), w.At("volumes", vname, "ephemeral"), "volumes on fargate")
		}
	}
}

// execWrites are the directories that the agent of ECS Exec writes to in each container. The
// guide supports no read-only root at all; with volumes at these it works for those who tried
// (aws/containers-roadmap issue 1359; aws-containers/amazon-ecs-exec-checker pull 24, and issue
// 71, which mounts one at /managed-agents too; checked 2026-11-29).
var execWrites = []string{"/var/lib/amazon", "/var/log/amazon"}

func executeCommand(c *check, w *workload) {
	if !w.Ext.EnableExecuteCommand {
		return
	}
	const page = docs + "ecs-exec.html"
	if w.Ext.TaskRoleArn == "" && c.Ext.TaskRoleArn == "" {
		c.report(diag.MissingField, w.AtExtension("taskRoleArn"), page, "set it here or in the tenant's extension", "enableExecuteCommand needs a taskRoleArn")
	}
	for cname, container := range plan.Sorted(w.Containers) {
		if s := container.Security; s == nil || !s.ReadOnlyRootFilesystem || w.windows() {
			continue
		}
		if !slices.ContainsFunc(execWrites, func(dir string) bool { return !writable(&container, dir) }) {
			continue
		}
		c.approximate("security", w.AtContainer(cname, "security", "readOnlyRootFilesystem"), page,
			"mount an ephemeral volume at "+execWrites[0]+" and another at "+execWrites[1]+", or leave enableExecuteCommand out",
			"ecs exec does not work in %q: its agent cannot write to a read-only root file system", cname)
	}
}

// writable reports whether a writable volume is mounted at a directory.
func writable(container *plan.Container, dir string) bool {
	m, ok := container.Mounts[dir]
	return ok && m.Volume != "" && !m.ReadOnly
}

// placementRows are the rows of where tasks run.
var placementRows = provider.Table{
	{Field: "workloads.placement.arch", Level: exact, How: "`runtimePlatform.cpuArchitecture`"},
	{Field: "workloads.placement.arch", When: "arm64, of windows", Level: unsupported, How: "windows containers run on amd64 only"},
	{Field: "workloads.placement.os", Level: exact, How: "`runtimePlatform.operatingSystemFamily`"},
	{Field: "workloads.placement.spread", Level: exact, How: "Fargate's own way, and on EC2 a spread over zones and machines", Effect: inService, Source: "placementStrategy, for tasks that are placed from then on"},
}
