package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func (w *workload) container(n string) corev1.Container {
	ctr := w.Containers[n]
	c := corev1.Container{
		Name:            n,
		Image:           ctr.Image,
		Command:         escapeAll(ctr.Command),
		Args:            escapeAll(ctr.Args),
		WorkingDir:      ctr.WorkingDir,
		Ports:           containerPorts(ctr),
		Env:             w.env(ctr),
		Resources:       w.resources(ctr.Resources),
		VolumeMounts:    w.mounts(ctr),
		LivenessProbe:   probe(ctr, ctr.Health),
		ReadinessProbe:  probe(ctr, ctr.Ready),
		StartupProbe:    w.startup(n),
		ImagePullPolicy: corev1.PullPolicy(w.tenant.Ext.ImagePullPolicy),
		SecurityContext: w.security(ctr),
	}
	if w.stage(n) == sidecarStage {
		c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
	}
	return c
}

// escape protects a text from the kubelet, which replaces $(NAME) and turns $$ into $: Expand
// of third_party/forked/golang/expansion. Any other $ is unchanged.
func escape(s string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '$' && i+1 < len(s) && (s[i+1] == '$' || s[i+1] == '(') {
			b.WriteByte('$')
		}
	}
	return b.String()
}

func escapeAll(texts []string) []string {
	var all []string
	for _, s := range texts {
		all = append(all, escape(s))
	}
	return all
}

func containerPorts(ctr plan.Container) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for n, p := range plan.Sorted(ctr.Ports) {
		port := corev1.ContainerPort{Name: n, ContainerPort: int32(p.Number)}
		if p.Protocol != "tcp" {
			port.Protocol = protocol(p)
		}
		ports = append(ports, port)
	}
	return ports
}

func protocol(p plan.Port) corev1.Protocol { return corev1.Protocol(strings.ToUpper(p.Protocol)) }

// env has the variables by name. Only a value in the pod itself is expanded:
// makeEnvironmentVariables of pkg/kubelet. An endpoint is the name of the other workload's
// Service, which resolves in the namespace, and the port that it has there too.
// https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
func (w *workload) env(ctr plan.Container) []corev1.EnvVar {
	var vars []corev1.EnvVar
	for n, e := range plan.Sorted(ctr.Env) {
		vars = append(vars, w.variable(n, e)...)
	}
	return vars
}

// variable returns a variable, after those that its text is composed of: a value from a secret
// or a configuration is a separate variable, which the kubelet inserts into the text.
func (w *workload) variable(n string, e plan.EnvValue) []corev1.EnvVar {
	var before []corev1.EnvVar
	v := corev1.EnvVar{Name: n}
	switch {
	case e.Secret != "":
		s := w.tenant.Secrets[e.Secret]
		v.ValueFrom = &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.Path}, Key: s.Key,
		}}
	case e.Config != "":
		v.ValueFrom = &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: nativeName(w.tenant.Plan.ID, e.Config)}, Key: e.File,
		}}
	case e.Endpoint != nil:
		v.Value = escape(provider.Endpoint(w.tenant.Plan, e, nativeName(w.tenant.Plan.ID, e.Endpoint.Workload)))
	case e.Values != nil:
		before, v.Value = w.composed(n, e)
	default:
		v.Value = escape(*e.Value)
	}
	return append(before, v)
}

// composed returns the text of a composed variable, and the variables that it refers to.
func (w *workload) composed(n string, e plan.EnvValue) (before []corev1.EnvVar, value string) {
	text, made := "", map[string]bool{}
	parts, _ := e.Parts()
	for _, p := range parts {
		s := e.Values[p.Value].EnvValue()
		if p.Value == "" {
			text += p.Text
			continue
		}
		if s.Endpoint != nil {
			text += provider.Endpoint(w.tenant.Plan, s, nativeName(w.tenant.Plan.ID, s.Endpoint.Workload))
			continue
		}
		if value += escape(text); strings.HasSuffix(text, "$") {
			value += "$" // otherwise it would escape the reference
		}
		text = ""
		value += "$(" + n + "." + p.Value + ")"
		if !made[p.Value] {
			before, made[p.Value] = append(before, w.variable(n+"."+p.Value, s)...), true
		}
	}
	return before, value + escape(text)
}

// defaultGPUResource is the name of graphics processors in NVIDIA's device plugin.
const defaultGPUResource = "nvidia.com/gpu"

// resources leaves out zero amounts. Graphics processors have a limit, which is their request
// too: SetDefaults_Pod of pkg/apis/core/v1.
func (w *workload) resources(r plan.Resources) corev1.ResourceRequirements {
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	set := func(list corev1.ResourceList, name corev1.ResourceName, q resource.Quantity) {
		if !q.IsZero() {
			list[name] = q
		}
	}
	set(requests, corev1.ResourceCPU, *resource.NewMilliQuantity(r.CPUMillis, resource.DecimalSI))
	set(requests, corev1.ResourceMemory, mebibytes(r.MemoryMiB))
	set(limits, corev1.ResourceCPU, *resource.NewMilliQuantity(r.CPUMaxMillis, resource.DecimalSI))
	set(limits, corev1.ResourceMemory, mebibytes(r.MemoryMaxMiB))
	gpu := defaultGPUResource
	if w.Ext.GPUResource != "" {
		gpu = w.Ext.GPUResource
	}
	set(limits, corev1.ResourceName(gpu), *resource.NewQuantity(int64(r.GPU), resource.DecimalSI))
	return corev1.ResourceRequirements{Requests: requests, Limits: limits}
}

func mebibytes(n int64) resource.Quantity { return *resource.NewQuantity(n<<20, resource.BinarySI) }

func (w *workload) security(ctr plan.Container) *corev1.SecurityContext {
	var s corev1.SecurityContext
	if p := ctr.Security; p != nil {
		s.ReadOnlyRootFilesystem = ifTrue(p.ReadOnlyRootFilesystem)
		s.RunAsNonRoot = ifTrue(p.RunAsNonRoot)
		s.Privileged = ifTrue(p.Privileged)
		if len(p.AddCapabilities)+len(p.DropCapabilities) > 0 {
			s.Capabilities = &corev1.Capabilities{Add: capabilities(p.AddCapabilities), Drop: capabilities(p.DropCapabilities)}
		}
	}
	s.AllowPrivilegeEscalation = w.Ext.AllowPrivilegeEscalation
	switch {
	case ctr.User == "":
	case w.Windows():
		s.WindowsOptions = &corev1.WindowsSecurityContextOptions{RunAsUserName: &ctr.User}
	default:
		as, _ := linuxUser(ctr.User)
		s.RunAsUser = &as.user
		if as.group >= 0 {
			s.RunAsGroup = &as.group
		}
	}
	if s == (corev1.SecurityContext{}) {
		return nil
	}
	return &s
}

func capabilities(names []string) []corev1.Capability {
	var all []corev1.Capability
	for _, n := range names {
		all = append(all, corev1.Capability(n))
	}
	return all
}

// ifTrue returns nil for false, which is Kubernetes' default.
func ifTrue(b bool) *bool {
	if !b {
		return nil
	}
	return &b
}

// containerRows are the rows of containers.
var containerRows = provider.Table{
	{Field: "workloads.containers", Level: exact, How: "a container of the pod"},
	{Field: "workloads.containers", When: "main, in a job or cron, where another waits for its end", Level: approximated, How: "an init container: it runs by itself, and not beside the other mains", Instead: "give it the role init, or let the others wait for it too"},
	{Field: "workloads.containers.image", Level: exact, How: "`image`"},
	{Field: "workloads.containers.role", When: "main", Level: exact, How: "one of the pod's own containers, or a restartable init container, where others wait for it"},
	{Field: "workloads.containers.role", When: "init", Level: exact, How: "an init container"},
	{Field: "workloads.containers.role", When: "sidecar", Level: exact, How: "a restartable init container"},
	{Field: "workloads.containers.command", Level: exact, How: "`command`, with the kubelet's own syntax escaped"},
	{Field: "workloads.containers.args", Level: exact, How: "`args`, likewise"},
	{Field: "workloads.containers.workingDir", Level: exact, How: "`workingDir`"},
	{Field: "workloads.containers.user", When: "by number", Level: exact, How: "`runAsUser` and `runAsGroup`; of one who writes to a persistent volume, `fsGroup` too"},
	{Field: "workloads.containers.user", When: "of windows", Level: exact, How: "`runAsUserName`"},
	{Field: "workloads.containers.user", When: "by name, of linux", Level: unsupported, How: "users and groups are numbers", Instead: "write the numbers that the image gives them"},
	{Field: "workloads.containers.stopSignal", Level: unsupported, How: "a container is stopped with its image's own signal", Instead: "set STOPSIGNAL in the image"},
	{Field: "workloads.containers.env", Level: exact, How: "`env`, with the kubelet's own syntax escaped"},
	{Field: "workloads.containers.env.secret", Level: exact, How: "`secretKeyRef`"},
	{Field: "workloads.containers.env.values", Level: exact, How: "`$(NAME.VALUE)` of variables before it, which the process sees too"},
	{Field: "workloads.containers.env.config", Level: exact, How: "`configMapKeyRef`"},
	{Field: "workloads.containers.env.endpoint", Level: exact, How: "the DNS name of the workload's Service, TENANT-WORKLOAD, and the port"},
	{Field: "workloads.containers.accept", Effect: none},
}
