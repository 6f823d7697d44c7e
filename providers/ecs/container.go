package ecs

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const (
	maxContainers      = 10        // quota "containers per task definition"
	maxDefinitionBytes = 64 * 1024 // quota "task definition size"
	maxImage           = 255
)

// containerCount: a task definition has at most ten containers (quotas); mounted
// configuration files need one of them.
func containerCount(c *check, w *workload) {
	n, own := len(w.Containers), ""
	if c.ext.ConfigImage != "" && w.mountsConfig() {
		n, own = n+1, ", with the one that writes the configuration files"
	}
	if n > maxContainers {
		c.report(diag.OutOfBounds, w.at("containers"), quotaDocs, "split the workload", "an ecs task has at most %d containers, not %d%s", maxContainers, n, own)
	}
}

func (w *workload) mountsConfig() bool {
	return w.Reads(nil, func(m plan.Mount) bool { return m.Config != "" })
}

// definitionSize: a task definition has at most 64 KiB (quotas). Counted here are the
// author's own texts alone: what they exceed, no rendering can save.
func definitionSize(c *check, w *workload) {
	n := 0
	for _, container := range w.Containers {
		for _, text := range slices.Concat(container.Command, container.Args) {
			n += len(text)
		}
		for env, value := range container.Env {
			n += len(env) + len(c.plan.Config[value.Config][value.File])
			if value.Value != nil {
				n += len(*value.Value)
			}
		}
		for _, m := range container.Mounts {
			for file, text := range c.plan.Config[m.Config] {
				if m.File == "" || m.File == file {
					n += len(text)
				}
			}
		}
	}
	if n > maxDefinitionBytes {
		c.report(diag.OutOfBounds, w.at("containers"), quotaDocs, "keep large texts in the image, or where the process can fetch them",
			"commands, env and configuration files have %d bytes: a task definition has at most %d", n, maxDefinitionBytes)
	}
}

// imageText is what ECS takes in an image reference before its digest.
var imageText = regexp.MustCompile(`^[A-Za-z0-9_:./#-]+$`)

// images: at most 255 characters before the digest, which is of sha256 (API reference,
// ContainerDefinition: image).
func images(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		at := w.container(cname, "image")
		reference, digest, _ := strings.Cut(container.Image, "@")
		switch {
		case digest != "" && !strings.HasPrefix(digest, "sha256:"):
			c.unsupported(at, containerDocs, "use the image's sha256 digest, or a tag", "ecs knows no digest but sha256")
		case len(reference) > maxImage:
			c.report(diag.OutOfBounds, at, containerDocs, "", "ecs takes at most %d characters before the digest, not %d", maxImage, len(reference))
		case !imageText.MatchString(reference):
			c.report(diag.BadFormat, at, containerDocs, "name the registry by a host name", "ecs takes no image reference with brackets")
		}
	}
}

// userText is a name or number, with a group after a colon if need be.
var userText = regexp.MustCompile(`^[^:\s]+(:[^:\s]+)?$`)

// users: runAsNonRoot has no counterpart; what it promises holds only where the user is
// a number other than 0 (API reference, ContainerDefinition: user).
func users(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if w.windows() { // the rule of windows speaks
			continue
		}
		at := w.container(cname, "security", "runAsNonRoot")
		user, _, _ := strings.Cut(container.User, ":")
		switch nonRoot := container.Security != nil && container.Security.RunAsNonRoot; {
		case container.User != "" && !userText.MatchString(container.User):
			c.report(diag.BadFormat, w.container(cname, "user"), containerDocs, "write a user, or user:group", "ecs takes no user %q", container.User)
		case !nonRoot:
		case user == "":
			c.unsupported(at, containerDocs, "set user to a number other than 0, such as 1000", "ecs does not refuse an image that runs as root")
		case strings.Trim(user, "0123456789") != "":
			c.approximate("security", at, containerDocs, "write the user as a number", "ecs does not look up whether user %q is root in the image", user)
		}
	}
}

// knownCapabilities are those that ECS has names for (API reference, KernelCapabilities).
var knownCapabilities = strings.Fields(`ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE
	DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD
	NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT
	SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM`)

// capabilities: Fargate adds SYS_PTRACE only (API reference, KernelCapabilities).
func capabilities(c *check, w *workload) {
	const page = api + "API_KernelCapabilities.html"
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Security == nil {
			continue
		}
		at := func(list string, i int) diag.Path { return w.container(cname, "security", "capabilities", list, i) }
		for i, capability := range container.Security.AddCapabilities {
			switch {
			case !slices.Contains(knownCapabilities, capability):
				c.unsupported(at("add", i), page, "", "ecs knows no capability %s", capability)
			case c.fargate() && capability != "SYS_PTRACE":
				c.unsupported(at("add", i), page, `set extensions.ecs.launchType to "EC2"`, "fargate adds no capability but SYS_PTRACE, so not %s", capability)
			}
		}
		for i, capability := range container.Security.DropCapabilities {
			if !slices.Contains(knownCapabilities, capability) {
				c.unsupported(at("drop", i), page, "drop ALL, and add what is needed", "ecs knows no capability %s", capability)
			}
		}
	}
}

// privileged: not on Fargate (developer guide, "Amazon ECS task definition differences
// for Fargate").
func privileged(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Security != nil && container.Security.Privileged && c.fargate() {
			c.unsupported(w.container(cname, "security", "privileged"), fargateDocs, `set extensions.ecs.launchType to "EC2"`, "fargate runs no privileged containers")
		}
	}
}
