package nomad

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// task returns the task of one container.
func (r *renderer) task(w *workload, name string, container plan.Container, net *network) *api.Task {
	env, templates := r.environment(w, name, container)
	templates = append(templates, r.configFiles(container)...)
	templates = append(templates, r.secretFiles(w, container)...)
	return &api.Task{
		Name:         name,
		Driver:       w.Ext.Driver,
		User:         container.User,
		Config:       r.driverConfig(w, container, net),
		Env:          env,
		Services:     net.tasks[name],
		Resources:    resources(w.Ext, r.Ext.MHzPerCore, container.Resources),
		KillTimeout:  new(killAfter(seconds(w.StopGraceSeconds))),
		Vault:        r.vaultBlock(container),
		Templates:    templates,
		VolumeMounts: volumeMounts(w, container),
		KillSignal:   container.StopSignal,
	}
}

// killAfter returns the time from the stop signal to the kill. Nomad would read 0 as its own 5
// s (api.Task.Canonicalize).
func killAfter(grace seconds) time.Duration { return max(grace.duration(), 1) }

// driverConfig returns the configuration of the docker and the podman driver, whose names are
// mostly the same (taskConfigSpec in drivers/docker/config.go, and in config.go of
// nomad-driver-podman).
func (r *renderer) driverConfig(w *workload, container plan.Container, net *network) map[string]any {
	config := map[string]any{"image": literal(container.Image)}
	put := func(key string, values []string) {
		if len(values) > 0 {
			config[key] = literals(values)
		}
	}
	on := func(key string, yes bool) {
		if yes {
			config[key] = true
		}
	}
	if auth := r.auth(container); auth != nil {
		config["auth"] = []any{auth}
	}
	if w.Ext.ImagePullTimeout != nil {
		config["image_pull_timeout"] = w.Ext.ImagePullTimeout.String()
	}
	put("entrypoint", container.Command)
	put("args", container.Args)
	put("ports", net.published(w, container))
	put("volumes", binds(w, container))
	if container.WorkingDir != "" {
		config[map[string]string{"docker": "work_dir", "podman": "working_dir"}[w.Ext.Driver]] = literal(container.WorkingDir)
	}
	on("cpu_hard_limit", container.Resources.CPUMaxMillis > 0 && !w.Ext.ReserveCores)
	if s := container.Security; s != nil {
		on("readonly_rootfs", s.ReadOnlyRootFilesystem)
		on("privileged", s.Privileged)
		put("cap_add", s.AddCapabilities)
		put("cap_drop", s.DropCapabilities)
	}
	if inMemory := memoryMounts(w, container); len(inMemory) > 0 && w.Ext.Driver == "docker" {
		config["mount"] = dockerTmpfs(inMemory)
	} else {
		put("tmpfs", podmanTmpfs(inMemory))
	}
	return config
}

// literal escapes a text in a driver's configuration, which is expanded as an HCL template
// (helper/pluginutils/hclutils.ParseHclInterface). HCL's scanner drops a byte order mark at the
// start, and misreads escapes after a carriage return, so a text with one is written as an
// expression.
func literal(s string) string {
	if strings.ContainsAny(s, "\r\ufeff") {
		return "${" + expression(s) + "}"
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

// expression returns a text as a literal in HCL expressions.
func expression(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < ' ' || strings.ContainsRune("\"\\$%\ufeff", r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

func literals(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = literal(s)
	}
	return out
}

// resources returns a container's resources.
func resources(ext *workloadExtension, mhzPerCore int64, r plan.Resources) *api.Resources {
	mib, maxMiB := memoryOf(r)
	res := &api.Resources{MemoryMB: new(int(mib))}
	if cores := int(reserved(r) / 1000); ext.ReserveCores && cores > 0 {
		res.Cores = &cores
	} else {
		res.CPU = new(int(mhz(setAside(r), mhzPerCore)))
	}
	if maxMiB > mib {
		res.MemoryMaxMB = new(int(maxMiB))
	}
	if r.GPU > 0 {
		res.Devices = []*api.RequestedDevice{{Name: ext.GPUDevice, Count: new(uint64(r.GPU))}}
	}
	return res
}
