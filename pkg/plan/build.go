package plan

import (
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Build makes the plan of a tenant for a provider, from data that has passed the
// provider's schema and has its defaults filled in. What it reports is amounts that
// are well formed and yet no whole number of the plan's units.
func Build(tenant *data.Node, provider string) (*Plan, diag.List) {
	b := &builder{tenant: tenant, provider: provider}
	root := value{b, tenant}
	p := &Plan{
		Version:  Version,
		ID:       root.text("id"),
		Provider: provider,
		Labels:   entries(root.get("labels"), value.string),
		Secrets: entries(root.get("secrets"), func(v value) Secret {
			return Secret{Path: v.text("path"), Key: v.text("key")}
		}),
		Config: entries(root.get("config"), func(v value) map[string]string {
			return entries(v, value.string)
		}),
		Workloads: entries(root.get("workloads"), value.workload),
		Extension: root.extension(),
	}
	return p, b.diags
}

type builder struct {
	tenant   *data.Node
	provider string
	diags    diag.List
}

func (v value) workload() Workload {
	w := Workload{
		Kind:             Kind(v.text("kind")),
		Schedule:         v.text("schedule"),
		Timezone:         v.text("timezone"),
		Concurrency:      v.text("concurrency"),
		Replicas:         v.int("replicas"),
		Containers:       entries(v.get("containers"), value.container),
		Volumes:          entries(v.get("volumes"), value.volume),
		Ingress:          elems(v.get("ingress"), value.ingress),
		Restart:          v.get("restart").restart(),
		StopGraceSeconds: v.seconds("stopGrace"),
		Accept:           elems(v.get("accept"), value.string),
		Extension:        v.extension(),
	}
	if a := v.get("autoscale"); a.exists() {
		w.Autoscale = &Autoscale{Min: a.int("min"), Max: a.int("max"), CPUPercent: a.int("cpu")}
		w.Replicas = w.Autoscale.Min
	}
	if r := v.get("rollout"); r.exists() {
		w.Rollout = &Rollout{
			MaxUnavailable:         r.count("maxUnavailable"),
			MaxSurge:               r.count("maxSurge"),
			HealthyDeadlineSeconds: r.positiveSeconds("healthyDeadline"),
			Rollback:               r.bool("rollback"),
		}
	}
	if p := v.get("placement"); p.exists() {
		w.Placement = &Placement{Arch: p.text("arch"), OS: p.text("os"), Spread: p.bool("spread")}
	}
	return w
}

// restart reads both forms: a policy, or a struct with one.
func (v value) restart() Restart {
	if v.n != nil && v.n.Kind == data.String {
		return Restart{Policy: RestartPolicy(v.n.Text)}
	}
	r := Restart{Policy: RestartPolicy(v.text("policy"))}
	if a := v.get("attempts"); a.exists() {
		n := v.int("attempts")
		r.Attempts = &n
	}
	return r
}

func (v value) volume() Volume {
	if p := v.get("persistent"); p.exists() {
		return Volume{Persistent: &Persistent{SizeMiB: p.mebibytes("size"), Class: p.text("class")}}
	}
	e := v.get("ephemeral")
	return Volume{Ephemeral: &Ephemeral{SizeMiB: e.mebibytes("size"), Medium: e.text("medium")}}
}

func (v value) ingress() Ingress {
	in := Ingress{Host: v.text("host"), Path: v.text("path"), Port: v.text("port"), TLS: v.bool("tls")}
	if s := v.get("tls").text("secret"); s != "" {
		in.TLS, in.TLSSecret = true, s
	}
	return in
}

func (v value) container() Container {
	c := Container{
		Image:      v.text("image"),
		Role:       Role(v.text("role")),
		Command:    elems(v.get("command"), value.string),
		Args:       elems(v.get("args"), value.string),
		WorkingDir: v.text("workingDir"),
		User:       v.text("user"),
		StopSignal: v.text("stopSignal"),
		Env:        entries(v.get("env"), value.env),
		Ports:      entries(v.get("ports"), value.port),
		Resources:  v.get("resources").resources(),
		Health:     v.get("health").check(),
		Ready:      v.get("ready").check(),
		Startup:    v.get("startup").check(),
		DependsOn:  entries(v.get("dependsOn"), value.string),
		Mounts:     entries(v.get("mounts"), value.mount),
		Accept:     elems(v.get("accept"), value.string),
	}
	if s := v.get("security"); s.exists() {
		c.Security = &Security{
			ReadOnlyRootFilesystem: s.bool("readOnlyRootFilesystem"),
			RunAsNonRoot:           s.bool("runAsNonRoot"),
			Privileged:             s.bool("privileged"),
			AddCapabilities:        elems(s.get("capabilities").get("add"), value.string),
			DropCapabilities:       elems(s.get("capabilities").get("drop"), value.string),
		}
	}
	return c
}

// env reads every form. A number or bool is passed in its plain decimal or word form.
func (v value) env() EnvValue {
	if v.n.Kind != data.Struct {
		text := v.n.Text // the plan's own, whatever becomes of the data
		return EnvValue{Value: &text}
	}
	e := EnvValue{Secret: v.text("secret"), Config: v.text("config"), File: v.text("file"), Format: v.text("format")}
	if to := v.text("endpoint"); to != "" {
		e.Endpoint = endpoint(to)
	}
	return e
}

// port reads both forms. The short form has the defaults of #Port.
func (v value) port() Port {
	if v.n.Kind == data.Struct {
		return Port{Number: v.int("port"), Protocol: v.text("protocol"), Expose: v.text("expose")}
	}
	n, _ := strconv.Atoi(v.n.Text)
	return Port{Number: n, Protocol: "tcp", Expose: "internal"}
}

func (v value) resources() Resources {
	return Resources{
		CPUMillis:    v.millis("cpu"),
		CPUMaxMillis: v.millis("cpuMax"),
		MemoryMiB:    v.mebibytes("memory"),
		MemoryMaxMiB: v.mebibytes("memoryMax"),
		GPU:          v.int("gpu"),
	}
}

func (v value) check() *Check {
	if !v.exists() {
		return nil
	}
	c := &Check{
		IntervalSeconds:   v.seconds("interval"),
		TimeoutSeconds:    v.seconds("timeout"),
		Retries:           v.int("retries"),
		StartDelaySeconds: v.seconds("startDelay"),
	}
	if h := v.get("http"); h.exists() {
		c.HTTP = &HTTPCheck{Path: h.text("path"), Port: h.portRef()}
	}
	if t := v.get("tcp"); t.exists() {
		c.TCP = &TCPCheck{Port: t.portRef()}
	}
	if g := v.get("grpc"); g.exists() {
		c.GRPC = &GRPCCheck{Port: g.portRef(), Service: g.text("service")}
	}
	if e := v.get("exec"); e.exists() {
		c.Exec = &ExecCheck{Command: elems(e.get("command"), value.string)}
	}
	return c
}

func (v value) portRef() PortRef {
	p := v.get("port")
	if p.n != nil && p.n.Kind == data.String {
		return PortRef{Name: p.n.Text}
	}
	return PortRef{Number: v.int("port")}
}

func (v value) mount() Mount {
	return Mount{
		Volume:   v.text("volume"),
		Config:   v.text("config"),
		File:     v.text("file"),
		Secret:   v.text("secret"),
		ReadOnly: v.bool("readOnly"),
	}
}
