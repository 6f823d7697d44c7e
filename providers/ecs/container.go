package ecs

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func containerCount(c *check, w *workload) {
	n, own := len(w.Containers), ""
	if c.Ext.ConfigImage != "" && w.mountsConfig() {
		n, own = n+1, ", with the one that writes the configuration files"
	}
	if n > maxContainers {
		c.report(diag.OutOfBounds, w.At("containers"), quotaDocs, "split the workload", "an ecs task has at most %d containers, not %d%s", maxContainers, n, own)
	}
}

func (w *workload) mountsConfig() bool {
	return w.Reads(nil, func(m plan.Mount) bool { return m.Config != "" })
}

func definitionSize(c *check, w *workload) {
	if c.definitionBound(w) <= maxDefinitionBytes {
		return
	}
	text, err := compact(c.taskDefinition(w), camelCase)
	if n := len(text); err == nil && n > maxDefinitionBytes {
		c.report(diag.OutOfBounds, w.At("containers"), quotaDocs, "keep large texts in the image, or where the process can fetch them",
			"with its commands, env and configuration files the task definition has %d bytes: ecs takes at most %d", n, maxDefinitionBytes)
	}
}

// definitionBound is an upper bound of the task definition's bytes: an author's byte is at most
// six of JSON (\u0000), and the rest is counted generously.
func (t *tenant) definitionBound(w *workload) int {
	const escaped, entry, container = 6, 200, 2000
	each, options := 0, 0
	text := func(texts ...string) {
		for _, s := range texts {
			each += escaped*len(s) + entry
		}
	}
	for key, value := range t.Plan.Labels {
		text(key, value)
	}
	if l := t.Ext.Logs; l != nil {
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
			place := t.Secrets[value.Secret]
			text(env, value.Format, place.Path, place.Key, t.Plan.Config[value.Config][value.File])
			if value.Value != nil {
				text(*value.Value)
			}
			for _, part := range value.Values {
				text(part.Format, t.Plan.Config[part.Config][part.File])
			}
		}
		for mpath, m := range c.Mounts {
			text(mpath)
			for file, content := range t.Plan.Config[m.Config] {
				if m.File == "" || m.File == file {
					text(file, content)
				}
			}
		}
		text(c.WorkingDir, c.User)
	}
	return each + (len(w.Containers)+1)*(container+options)
}

func mountedTexts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for mpath, m := range plan.Sorted(container.Mounts) {
			for file, text := range plan.Sorted(c.Plan.Config[m.Config]) {
				if (m.File == "" || m.File == file) && strings.ContainsRune(text, 0) {
					c.report(diag.BadFormat, w.AtContainer(cname, "mounts", mpath, "config"), containerDocs, "", "ecs mounts no text with a NUL, and %q has one", file)
				}
			}
		}
	}
}

// imageText matches an image reference that ECS accepts, before its digest.
var imageText = lazyregexp.New(`^[A-Za-z0-9_:./#-]+$`)

func images(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		at := w.AtContainer(cname, "image")
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

// userText matches a name or number, with an optional group after a colon.
var userText = lazyregexp.New(`^[^:\s]+(:[^:\s]+)?$`)

func users(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if w.windows() { // reported by the rule of windows
			continue
		}
		at := w.AtContainer(cname, "security", "runAsNonRoot")
		user, _, _ := strings.Cut(container.User, ":")
		switch nonRoot := container.Security != nil && container.Security.RunAsNonRoot; {
		case container.User != "" && !userText.MatchString(container.User):
			c.report(diag.BadFormat, w.AtContainer(cname, "user"), containerDocs, "write a user, or user:group", "ecs takes no user %q", container.User)
		case !nonRoot:
		case user == "":
			c.unsupported(at, containerDocs, "set user to a number other than 0, such as 1000", "ecs does not refuse an image that runs as root")
		case strings.Trim(user, "0123456789") != "":
			c.approximate("security", at, containerDocs, "write the user as a number", "ecs does not look up whether user %q is root in the image", user)
		}
	}
}

func capabilities(c *check, w *workload) {
	const page = api + "API_KernelCapabilities.html"
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Security == nil {
			continue
		}
		at := func(list string, i int) diag.Path { return w.AtContainer(cname, "security", "capabilities", list, i) }
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

func privileged(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		if container.Security != nil && container.Security.Privileged && c.fargate() {
			c.unsupported(w.AtContainer(cname, "security", "privileged"), fargateDocs, `set extensions.ecs.launchType to "EC2"`, "fargate runs no privileged containers")
		}
	}
}

// containerRows are the rows of containers.
var containerRows = provider.Table{
	{Field: "workloads.containers", When: "one main", Level: exact, How: "a container definition"},
	{Field: "workloads.containers", When: "several mains, of a job or cron", Level: unsupported, How: "the first of them to end ends the task", Instead: "make the other a sidecar, or let one wait for the other with dependsOn completed"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.image", When: "with a digest that is not sha256", Level: unsupported, How: "ECS knows no other", Instead: "use the sha256 digest, or a tag"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "`essential: true`"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "`essential: false`, and every main waits for its success"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "essential in a service, and not in a job or cron"},
	{Field: "workloads.containers.command", Level: exact, How: "`entryPoint`"},
	{Field: "workloads.containers.args", Level: exact, How: "`command`"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`workingDirectory`"},
	{Field: "workloads.containers.user", Level: exact, How: "`user`"},
	{Field: "workloads.containers.user", When: "of windows", Level: unsupported, How: "windows containers have no choice of user"},
	{Field: "workloads.containers.stopSignal", Level: unsupported, How: "a container is stopped with its image's own signal", Instead: "build the image with STOPSIGNAL"},
	{Field: "workloads.containers.env", Level: exact, How: "`environment`; nothing in it is expanded"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "`secrets`"},
	{Field: "workloads.containers.env.config", Level: exact, How: "the text in `environment`"},
	{Field: "workloads.containers.env.file", Level: exact, How: "the text in `environment`"},
	{Field: "workloads.containers.env.endpoint", When: "from a service to a service", Level: approximated, How: "a Service Connect name, TENANT-WORKLOAD, which tasks find that start after its service was created", Instead: "create the other first, and wait for it by aws ecs wait services-stable"},
	{Field: "workloads.containers.env.endpoint", When: "from or to a job or cron, over udp, or with windows", Level: unsupported, How: "Service Connect is of services, tcp and Linux", Instead: "write the address as a plain value, such as the load balancer's"},
	{Field: "workloads.containers.env.values", When: "without a secret", Level: exact, How: "composed, as text in `environment`"},
	{Field: "workloads.containers.env.values", When: "with a secret", Level: unsupported, How: "a secret is a variable of its own", Instead: "keep the whole text in the store, or compose it in the process"},
	{Field: "workloads.containers.env.values.endpoint", When: "from a service to a service", Level: approximated, How: "the Service Connect name in the text"},
	{Field: "workloads.containers.env.values.endpoint", When: "from or to a job or cron, over udp, or with windows", Level: unsupported, How: "Service Connect is of services, tcp and Linux", Instead: "write the address as a plain value, such as the load balancer's"},
	{Field: "workloads.containers.env.format", Level: exact, How: "filled in, as text in `environment`"},
	{Field: "workloads.containers.accept", Effect: none},
}

// securityRows are the rows of security.
var securityRows = provider.Table{
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readonlyRootFilesystem`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "with extensions.ecs.enableExecuteCommand", Level: approximated, How: "the agent that runs commands cannot write", Instead: "mount ephemeral volumes at /var/lib/amazon and /var/log/amazon"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "of windows", Level: unsupported, How: "windows containers have none"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "with a user by number", Level: exact, How: "`user`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "with a user by name", Level: approximated, How: "whether the user is root is not looked up in the image", Instead: "write the user as a number"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "without a user, or of windows", Level: unsupported, How: "an image that runs as root is not refused", Instead: "set user to a number other than 0"},
	{Field: "workloads.containers.security.privileged", When: "on EC2", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "on Fargate, or of windows", Level: unsupported, How: "there are no privileged containers", Instead: `set extensions.ecs.launchType to "EC2"`},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`linuxParameters.capabilities`"},
	{Field: "workloads.containers.security.capabilities", When: "of windows", Level: unsupported, How: "windows containers have none"},
	{Field: "workloads.containers.security.capabilities.add", Level: exact, How: "`linuxParameters.capabilities.add`"},
	{Field: "workloads.containers.security.capabilities.add", When: "on Fargate, but for SYS_PTRACE", Level: unsupported, How: "Fargate adds no other", Instead: `set extensions.ecs.launchType to "EC2"`},
	{Field: "workloads.containers.security.capabilities.drop", Level: exact, How: "`linuxParameters.capabilities.drop`"},
	{Field: "workloads.containers.security.capabilities.drop", When: "newer than ECS's list", Level: unsupported, How: "ECS has no name for it", Instead: "drop ALL, and add what is needed"},
}
