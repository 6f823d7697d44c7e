package nomad

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// passwordVariable is the environment variable from which a driver reads the password of an image's registry.
const passwordVariable = "CUECOMPUTE_REGISTRY_PASSWORD"

// registryOf returns the host of an image's registry, docker.io if the image names none
// (https://docs.docker.com/reference/cli/docker/image/tag/; checked 2026-11-28).
func registryOf(image string) string {
	host, _, ok := strings.Cut(image, "/")
	if ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

// registries: a password is one of the tenant's secrets.
func registries(c *check) {
	for host, reg := range plan.Sorted(c.Ext.Registries) {
		path := c.AtExtension("registries", host, "password", "secret")
		if _, ok := c.Plan.Secrets[reg.Password.Secret]; !ok {
			d := c.Errorf(diag.UnknownName, path, "no secret %q", reg.Password.Secret)
			d.Help = "declare it under secrets"
		}
	}
}

// imagePull: a download with a timeout of 0 always fails (the driver's image_pull_timeout).
func imagePull(c *check, w *workload) {
	if w.Ext.ImagePullTimeout != nil && *w.Ext.ImagePullTimeout < 1 {
		d := c.Errorf(diag.OutOfBounds, w.AtExtension("imagePullTimeout"), "a download of no time always fails")
		d.Help = "leave it out, for the clients' own"
		d.Docs = dockerDriver + "#image_pull_timeout"
	}
}

// usesRegistry reports whether the image of a container of the workload is in a registry.
func usesRegistry(w plan.Workload, host string) bool {
	for _, container := range w.Containers {
		if registryOf(container.Image) == host {
			return true
		}
	}
	return false
}

// registryPassword returns the template that sets passwordVariable for a container, empty if
// its registry has no password.
func (r *renderer) registryPassword(container plan.Container) string {
	reg, ok := r.Ext.Registries[registryOf(container.Image)]
	if !ok {
		return ""
	}
	return r.secretAction(reg.Password.Secret, passwordVariable+"={{ ", " | toJSON }}") + "\n"
}

// auth returns a driver's credentials for the registry of a container's image, nil if there are
// none
// (https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#auth and
// https://developer.hashicorp.com/nomad/plugins/drivers/podman#auth; checked 2026-11-28).
func (r *renderer) auth(container plan.Container) map[string]any {
	reg, ok := r.Ext.Registries[registryOf(container.Image)]
	if !ok {
		return nil
	}
	return map[string]any{"username": literal(reg.Username), "password": "${" + passwordVariable + "}"}
}
