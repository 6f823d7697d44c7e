package kubernetes

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

const (
	securityDocs = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"
	windowsDocs  = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-runasusername/"
)

func stopSignals(c *check, w *workload) {
	for n, ctr := range w.all {
		if ctr.StopSignal != "" {
			// dropDisabledFields of pkg/api/pod: the feature gate ContainerStopSignals
			// (pkg/features) is alpha, and off.
			d := c.Errorf(diag.Unsupported, w.At("containers", n, "stopSignal"), "kubernetes stops a container with the signal that its image names")
			d.Help = "set STOPSIGNAL in the image"
			d.Docs = "https://www.kubernetes.dev/resources/keps/4960/"
		}
	}
}

// runAs is the user and group of processes. Group is -1 if there is none.
type runAs struct{ user, group int64 }

// linuxUser parses a user as in an OCI image; ok is false unless it is a number, or a number,
// `:` and a number.
func linuxUser(s string) (r runAs, ok bool) {
	user, group, hasGroup := strings.Cut(s, ":")
	r.group = -1
	var err error
	if r.user, err = number(user); err != nil {
		return r, false
	}
	if hasGroup {
		if r.group, err = number(group); err != nil {
			return r, false
		}
	}
	return r, true
}

func number(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}

func users(c *check, w *workload) {
	for n, ctr := range w.all {
		if ctr.User == "" {
			continue
		}
		at := w.At("containers", n, "user")
		if w.Windows() {
			windowsUser(c, at, ctr)
			continue
		}
		r, ok := linuxUser(ctr.User)
		switch {
		case !ok:
			d := c.Errorf(diag.Unsupported, at, "kubernetes takes users and groups by number, and %q is not one", ctr.User)
			d.Help = "write the numbers that the image gives its user and group, such as \"1000:1000\""
			d.Docs = securityDocs
		case r.user > maxInt32 || r.group > maxInt32:
			d := c.Errorf(diag.OutOfBounds, at, "user %q is not within 0 to %d, which kubernetes takes", ctr.User, maxInt32)
			d.Help = "give the user and the group a smaller number in the image"
			d.Docs = securityDocs
		}
	}
}

// validateWindowsSecurityContextOptions of pkg/apis/core/validation.
var (
	windowsName   = lazyregexp.New(`^[^"/\\:;|=,+*?<>@\[\]\pC]{1,104}$`)
	windowsDots   = lazyregexp.New(`^[. ]+$`)
	windowsDomain = lazyregexp.New(`^([^\\/:*?"<>|.\pC][^\\/:*?"<>|\pC]{0,14}|[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)$`)
)

func isWindowsUser(s string) bool {
	domain, user, ok := strings.Cut(s, `\`)
	if !ok {
		user = s
	}
	return (!ok || len(domain) < 256 && windowsDomain.MatchString(domain)) &&
		windowsName.MatchString(user) && !windowsDots.MatchString(user)
}

// windowsUser: verifyRunAsNonRoot of pkg/kubelet/kuberuntime does not start an administrator,
// whom validation accepts.
func windowsUser(c *check, at diag.Path, ctr *plan.Container) {
	_, user, _ := strings.Cut(`\`+ctr.User, `\`)
	switch {
	case !isWindowsUser(ctr.User):
		d := c.Errorf(diag.BadFormat, at, "%q is not a windows user", ctr.User)
		d.Help = "write a name such as \"ContainerUser\""
		d.Docs = windowsDocs
	case strings.EqualFold(user, "ContainerAdministrator") && ctr.Security != nil && ctr.Security.RunAsNonRoot:
		d := c.Errorf(diag.Conflict, at, "user %q is the administrator, and runAsNonRoot refuses to start it", ctr.User)
		d.Help = "run as another user, such as \"ContainerUser\", or leave out security.runAsNonRoot"
		d.Docs = windowsDocs
	}
}

func windowsSecurity(c *check, w *workload) {
	if !w.Windows() {
		return
	}
	forbidden := func(at diag.Path, field string) {
		d := c.Errorf(diag.Unsupported, at, "kubernetes refuses %s on windows", field)
		d.Help = "leave it out, or run on linux"
		d.Docs = "https://kubernetes.io/docs/concepts/windows/intro/"
	}
	for n, ctr := range w.all {
		s := ctr.Security
		if s == nil {
			continue
		}
		at := w.At("containers", n, "security")
		if s.ReadOnlyRootFilesystem {
			forbidden(at.To("readOnlyRootFilesystem"), "readOnlyRootFilesystem")
		}
		if s.Privileged {
			forbidden(at.To("privileged"), "privileged")
		}
		if len(s.AddCapabilities)+len(s.DropCapabilities) > 0 {
			forbidden(at.To("capabilities"), "capabilities")
		}
	}
	if w.Ext.FSGroup != nil {
		forbidden(w.AtExtension("fsGroup"), "fsGroup")
	}
	if w.Ext.AllowPrivilegeEscalation != nil {
		forbidden(w.AtExtension("allowPrivilegeEscalation"), "allowPrivilegeEscalation")
	}
	if w.Ext.SeccompProfile != "" {
		forbidden(w.AtExtension("seccompProfile"), "seccompProfile")
	}
}

func privileges(c *check, w *workload) {
	if w.Windows() || w.Ext.AllowPrivilegeEscalation == nil || *w.Ext.AllowPrivilegeEscalation {
		return
	}
	for n, ctr := range w.all {
		if ctr.Security != nil && ctr.Security.Privileged {
			d := c.Errorf(diag.Conflict, w.AtExtension("allowPrivilegeEscalation"), "container %q is privileged, which needs privilege escalation", n)
			d.Help = "leave out security.privileged of " + quote(n) + ", or allowPrivilegeEscalation"
			d.Docs = securityDocs
			return
		}
	}
}

// securityRows are the rows of security.
var securityRows = provider.Table{
	{Field: "workloads.containers.security.readOnlyRootFilesystem", Level: exact, How: "`readOnlyRootFilesystem`"},
	{Field: "workloads.containers.security.readOnlyRootFilesystem", When: "of windows", Level: unsupported, How: "windows containers have none", Instead: "leave it out, or run on linux"},
	{Field: "workloads.containers.security.runAsNonRoot", Level: exact, How: "`runAsNonRoot`"},
	{Field: "workloads.containers.security.runAsNonRoot", When: "beside a persistent volume, and no user is stated", Level: approximated, How: "the volume may belong to root, and the image's user cannot write to it then", Instead: "state user by number, or extensions.kubernetes.fsGroup"},
	{Field: "workloads.containers.security.privileged", Level: exact, How: "`privileged`"},
	{Field: "workloads.containers.security.privileged", When: "of windows", Level: unsupported, How: "windows containers have no such mode", Instead: "leave it out, or run on linux"},
	{Field: "workloads.containers.security.capabilities", Level: exact, How: "`capabilities`"},
	{Field: "workloads.containers.security.capabilities", When: "of windows", Level: unsupported, How: "windows containers have none", Instead: "leave them out, or run on linux"},
}
