package ecs

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
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

// definitionSize: a task definition has at most 64 KiB (quotas). It is only written out
// where it could have as many.
func definitionSize(c *check, w *workload) {
	if c.definitionBound(w) <= maxDefinitionBytes {
		return
	}
	text, err := compact(c.taskDefinition(w), camelCase)
	if n := len(text); err == nil && n > maxDefinitionBytes {
		c.report(diag.OutOfBounds, w.at("containers"), quotaDocs, "keep large texts in the image, or where the process can fetch them",
			"with its commands, env and configuration files the task definition has %d bytes: ecs takes at most %d", n, maxDefinitionBytes)
	}
}

// definitionBound is no less than the bytes of the task definition: an author's byte is
// at most six of JSON (\u0000), and what stands around it is counted amply.
func (t *tenant) definitionBound(w *workload) int {
	const escaped, entry, container = 6, 200, 2000
	each, options := 0, 0
	text := func(texts ...string) {
		for _, s := range texts {
			each += escaped*len(s) + entry
		}
	}
	for key, value := range t.plan.Labels {
		text(key, value)
	}
	if l := t.ext.Logs; l != nil {
		for _, m := range []map[string]string{l.Options, l.SecretOptions} {
			for option, value := range m {
				options += escaped*(len(option)+len(value)) + entry
			}
		}
	}
	for vname := range w.Volumes {
		text(vname)
	}
	for _, c := range w.Containers {
		text(c.Command...)
		text(c.Args...)
		for other := range c.DependsOn {
			text(other)
		}
		for pname := range c.Ports {
			text(pname)
		}
		for _, check := range c.Checks() {
			if check.Exec != nil {
				text(check.Exec.Command...)
			}
		}
		for env, value := range c.Env {
			place := t.secrets[value.Secret]
			text(env, value.Format, place.Path, place.Key, t.plan.Config[value.Config][value.File])
			if value.Value != nil {
				text(*value.Value)
			}
		}
		for mpath, m := range c.Mounts {
			text(mpath)
			for file, content := range t.plan.Config[m.Config] {
				if m.File == "" || m.File == file {
					text(file, content)
				}
			}
		}
		text(c.WorkingDir, c.User)
	}
	return each + (len(w.Containers)+1)*(container+options)
}

// mountedTexts: the texts of mounted configuration files are passed in the environment of
// what writes them, where each ends at a NUL (execve(2)).
func mountedTexts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for mpath, m := range plan.Sorted(container.Mounts) {
			for file, text := range plan.Sorted(c.plan.Config[m.Config]) {
				if (m.File == "" || m.File == file) && strings.ContainsRune(text, 0) {
					c.report(diag.BadFormat, w.container(cname, "mounts", mpath, "config"), containerDocs, "", "ecs mounts no text with a NUL, and %q has one", file)
				}
			}
		}
	}
}

// imageText is what ECS takes in an image reference before its digest.
var imageText = lazyregexp.New(`^[A-Za-z0-9_:./#-]+$`)

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
var userText = lazyregexp.New(`^[^:\s]+(:[^:\s]+)?$`)

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
			case c.fargate() && capability != fargateCapability:
				c.unsupported(at("add", i), page, `set extensions.ecs.launchType to "EC2"`, "fargate adds no capability but %s, so not %s", fargateCapability, capability)
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
