package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/nomad/structs"
	"github.com/hashicorp/nomad/plugins/shared/hclspec"
)

// What Nomad's documentation of today says, and 1.6.2 does not know yet.

// laterFields are fields of the job specification that came later, each with a value of its kind, by
// the type that has them in github.com/hashicorp/nomad/api.
var laterFields = map[string]any{
	"Vault.Role":           "",    // 1.7: the vault block, role
	"Vault.Cluster":        "",    // 1.7: the vault block, cluster
	"VolumeRequest.Sticky": false, // 1.10: the volume block, sticky

	"TaskGroup.MaxRunDuration": 0.0, // 2.0.2: the group block, max_run_duration, in nanoseconds
}

// maxCopies is the servers' job_max_count of today (the server block, job_max_count).
const maxCopies = 50000

// nodeAttribute is what a constraint may look at (the constraint block, attribute).
var nodeAttribute = regexp.MustCompile(`^\$\{(node\.(unique\.id|datacenter|unique\.name|class|pool)|(attr|device|meta)\..*)\}$`)

// hostClaim judges a claim of a host volume, which has had modes since 1.10 (structs.VolumeRequest.Validate).
func hostClaim(v *structs.VolumeRequest) []error {
	var problems []error
	if v.AccessMode != "" && !slices.Contains(hostAccessModes, string(v.AccessMode)) {
		problems = append(problems, fmt.Errorf("host volumes cannot be mounted with %s access mode", v.AccessMode))
	}
	return problems
}

// laterRules are what servers of today refuse besides.
func laterRules(j *structs.Job) []error {
	var problems []error
	copies := 0
	for _, group := range j.TaskGroups {
		copies += group.Count
		for _, v := range group.Volumes {
			if v.Type == structs.VolumeTypeHost {
				problems = append(problems, hostClaim(v)...)
			}
		}
		for _, task := range group.Tasks {
			if task.Name == "alloc" { // the task block: the allocation's own directory
				problems = append(problems, fmt.Errorf("task name %q is reserved", task.Name))
			}
		}
	}
	for _, c := range j.Constraints {
		if strings.HasPrefix(c.LTarget, "$") && !nodeAttribute.MatchString(c.LTarget) {
			problems = append(problems, fmt.Errorf("no machine has the attribute %s", c.LTarget))
		}
	}
	if copies > maxCopies {
		problems = append(problems, fmt.Errorf("job has %d copies, more than the %d of job_max_count", copies, maxCopies))
	}
	return problems
}

// withoutLater is a job as 1.6.2 asks for it: since 1.7 a vault block needs no policies,
// as the task's own identity says what it may do (the vault block, policies); before 1.10 a
// claim of a host volume had no modes.
func withoutLater(j *structs.Job) *structs.Job {
	j = j.Copy()
	for _, group := range j.TaskGroups {
		for _, v := range group.Volumes {
			if v.Type == structs.VolumeTypeHost {
				v.AccessMode, v.AttachmentMode = "", ""
			}
		}
		for _, task := range group.Tasks {
			if task.Vault != nil && len(task.Vault.Policies) == 0 {
				task.Vault.Policies = []string{"default"}
			}
		}
	}
	return j
}

// podmanSpec is what the podman driver, a plugin of its own, takes
// (https://developer.hashicorp.com/nomad/plugins/drivers/podman), of the options that
// are rendered.
var podmanSpec = hclspec.NewObject(map[string]*hclspec.Spec{
	"args": hclspec.NewAttr("args", "list(string)", false),
	"auth": hclspec.NewBlock("auth", false, hclspec.NewObject(map[string]*hclspec.Spec{
		"username": hclspec.NewAttr("username", "string", false),
		"password": hclspec.NewAttr("password", "string", false),
	})),
	"cap_add":            hclspec.NewAttr("cap_add", "list(string)", false),
	"cap_drop":           hclspec.NewAttr("cap_drop", "list(string)", false),
	"cpu_hard_limit":     hclspec.NewAttr("cpu_hard_limit", "bool", false),
	"entrypoint":         hclspec.NewAttr("entrypoint", "list(string)", false),
	"image_pull_timeout": hclspec.NewAttr("image_pull_timeout", "string", false),
	"image":              hclspec.NewAttr("image", "string", true),
	"ports":              hclspec.NewAttr("ports", "list(string)", false),
	"privileged":         hclspec.NewAttr("privileged", "bool", false),
	"readonly_rootfs":    hclspec.NewAttr("readonly_rootfs", "bool", false),
	"tmpfs":              hclspec.NewAttr("tmpfs", "list(string)", false),
	"volumes":            hclspec.NewAttr("volumes", "list(string)", false),
	"working_dir":        hclspec.NewAttr("working_dir", "string", false),
})
