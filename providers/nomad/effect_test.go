package nomad

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// sample is a service, a job and a cron that read the secret db and the configuration app.
func sample() *plan.Plan {
	workload := func(kind plan.Kind) plan.Workload {
		return plan.Workload{Kind: kind, Replicas: 1, Containers: map[string]plan.Container{"app": {
			Image:  "app:1",
			Role:   plan.Main,
			Env:    map[string]plan.EnvValue{"DB": {Secret: "db"}},
			Mounts: map[string]plan.Mount{"/etc/app": {Config: "app", File: "a"}},
		}}}
	}
	return &plan.Plan{
		ID:       "acme",
		Provider: "nomad",
		Secrets:  map[string]plan.Secret{"db": {Path: "acme/db", Key: "password"}, "unread": {Path: "x", Key: "y"}},
		Config:   map[string]map[string]string{"app": {"a": "1", "b": "1"}},
		Workloads: map[string]plan.Workload{
			"web":     workload(plan.Service),
			"import":  workload(plan.Job),
			"nightly": workload(plan.Cron),
		},
	}
}

func TestEffect(t *testing.T) {
	on := func(name string, change func(w *plan.Workload)) func(*plan.Plan) {
		return func(p *plan.Plan) {
			w := p.Workloads[name]
			change(&w)
			p.Workloads[name] = w
		}
	}
	app := func(change func(c *plan.Container)) func(w *plan.Workload) {
		return func(w *plan.Workload) {
			c := w.Containers["app"]
			change(&c)
			w.Containers["app"] = c
		}
	}
	image := app(func(c *plan.Container) { c.Image = "app:2" })
	extension := func(json plan.Extension) func(w *plan.Workload) {
		return func(w *plan.Workload) { w.Extension = json }
	}
	only := func(name string, then func(*plan.Plan)) func(*plan.Plan) {
		return func(p *plan.Plan) {
			p.Workloads = map[string]plan.Workload{name: p.Workloads[name]}
			then(p)
		}
	}
	const csi = `{"volumes":{"data":{"type":"csi"}}}`
	keep := func(mebibytes int64, class string, json plan.Extension) func(w *plan.Workload) {
		return func(w *plan.Workload) {
			w.Volumes = map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: mebibytes, Class: class}}}
			w.Extension = json
		}
	}
	unchanged := func(*plan.Plan) {}

	for _, test := range []struct {
		why      string
		from, to func(*plan.Plan)
		want     provider.Effect
	}{
		{"driver config is destructive", unchanged, on("web", image), provider.Rolling},
		{"a batch task is stopped and started again", unchanged, on("import", image), provider.Replacement},
		{"a periodic job is for its next run", unchanged, on("nightly", image), provider.InPlace},
		{"the count is in place", unchanged, on("web", func(w *plan.Workload) { w.Replicas = 3 }), provider.InPlace},
		{"a job's type cannot change", unchanged, on("web", func(w *plan.Workload) { w.Kind = plan.Job }), provider.Replacement},
		{"a schedule is in place", unchanged, on("nightly", func(w *plan.Workload) { w.Schedule = "0 4 * * *" }), provider.InPlace},
		{"checks are in place", unchanged, on("web", app(func(c *plan.Container) {
			c.Health = &plan.Check{TCP: &plan.TCPCheck{Port: plan.PortRef{Number: 80}}}
		})), provider.InPlace},
		{"a kill signal is in place", unchanged, on("web", app(func(c *plan.Container) { c.StopSignal = "SIGQUIT" })), provider.InPlace},
		{"a kill timeout is in place", unchanged, on("web", func(w *plan.Workload) { w.StopGraceSeconds = 60 }), provider.InPlace},
		{"networks are destructive", unchanged, on("web", app(func(c *plan.Container) {
			c.Ports = map[string]plan.Port{"http": {Number: 80, Protocol: "tcp", Expose: "internal"}}
		})), provider.Rolling},
		{"another task is destructive", unchanged, on("web", func(w *plan.Workload) {
			w.Containers["log"] = plan.Container{Image: "log:1"}
		}), provider.Rolling},
		{"constraints count at the next placement", unchanged, on("web", func(w *plan.Workload) {
			w.Placement = &plan.Placement{Arch: "arm64"}
		}), provider.InPlace},
		{"what is accepted is nothing that runs", unchanged, on("web", func(w *plan.Workload) { w.Accept = []string{"cpu"} }), provider.EffectNone},
		{"priority is in place", unchanged, on("web", extension(`{"priority":80}`)), provider.InPlace},
		{"the driver is destructive, whatever comes with it", unchanged, on("web", extension(`{"driver":"podman","priority":80}`)), provider.Rolling},
		{"one field of an extension that was there", on("web", extension(`{"meta":{"a":"1"}}`)), on("web", extension(`{"meta":{"a":"2"}}`)), provider.Rolling},
		{"labels are job meta", unchanged, func(p *plan.Plan) { p.Labels = map[string]string{"team": "a"} }, provider.Replacement},
		{"labels of services alone", only("web", unchanged), only("web", func(p *plan.Plan) {
			p.Labels = map[string]string{"team": "a"}
		}), provider.Rolling},
		{"a secret's place is in a template", only("web", unchanged), only("web", func(p *plan.Plan) {
			p.Secrets["db"] = plan.Secret{Path: "acme/db2", Key: "password"}
		}), provider.Rolling},
		{"nothing reads the secret", unchanged, func(p *plan.Plan) { p.Secrets["unread"] = plan.Secret{Path: "z", Key: "y"} }, provider.EffectNone},
		{"a configuration is a template", only("web", unchanged), only("web", func(p *plan.Plan) { p.Config["app"]["a"] = "2" }), provider.Rolling},
		{"nothing reads the file", unchanged, func(p *plan.Plan) { p.Config["app"]["b"] = "2" }, provider.EffectNone},
		{"another namespace is another job", unchanged, func(p *plan.Plan) { p.Extension = `{"namespace":"acme"}` }, provider.Replacement},
		{"what describes the cluster changes nothing", unchanged, func(p *plan.Plan) { p.Extension = `{"maxKillTimeout":"1m"}` }, provider.EffectNone},
		{"an override that is read", only("web", unchanged), only("web", func(p *plan.Plan) {
			p.Extension = `{"secrets":{"db":{"path":"x"}}}`
		}), provider.Rolling},
		{"a registry's password is in driver config", only("web", unchanged), only("web", func(p *plan.Plan) {
			p.Extension = `{"registries":{"docker.io":{"username":"acme","password":{"secret":"db"}}}}`
		}), provider.Rolling},
		{"no image is of the registry", func(p *plan.Plan) {
			p.Extension = `{"registries":{"ghcr.io":{"username":"acme","password":{"secret":"db"}}}}`
		}, func(p *plan.Plan) {
			p.Extension = `{"registries":{"ghcr.io":{"username":"other","password":{"secret":"db"}}}}`
		}, provider.EffectNone},
		{"what a secret's change means is in a template", unchanged, on("web", extension(`{"secretChange":{"splay":"1m"}}`)), provider.Rolling},
		{"a mode of restart is in place", unchanged, on("web", extension(`{"restart":{"mode":"fail"}}`)), provider.InPlace},
		{"routes are service tags", only("web", unchanged), only("web", func(p *plan.Plan) {
			p.Extension = `{"ingress":{"gateway":"traefik"}}`
		}), provider.InPlace},
		{"a spread counts for copies that run", unchanged, on("web", func(w *plan.Workload) {
			w.Placement = &plan.Placement{Spread: true}
		}), provider.Rolling},
		{"so does an affinity", unchanged, on("web", extension(`{"affinities":[{"attribute":"${node.class}","value":"fast"}]}`)), provider.Rolling},
		{"a volume comes", unchanged, on("web", keep(1024, "", "")), provider.Rolling},
		{"a host volume is not updated in use", on("web", keep(1024, "", "")), on("web", keep(2048, "", "")), provider.Replacement},
		{"a csi volume expands", on("web", keep(1024, "ebs", csi)), on("web", keep(2048, "ebs", csi)), provider.InPlace},
		{"no volume shrinks", on("web", keep(2048, "ebs", csi)), on("web", keep(1024, "ebs", csi)), provider.DataLoss},
		{"nor a cron's", on("nightly", keep(2048, "", "")), on("nightly", keep(1024, "", "")), provider.DataLoss},
		{"another plug-in makes another volume", on("web", keep(1024, "ebs", csi)), on("web", keep(1024, "efs", csi)), provider.DataLoss},
		{"a volume of another name is another", on("web", keep(1024, "", "")), on("web", keep(1024, "", `{"volumes":{"data":{"source":"other"}}}`)), provider.DataLoss},
		{"a host volume stays in its node pool", on("web", keep(1024, "", "")), on("web", keep(1024, "", `{"nodePool":"fast"}`)), provider.DataLoss},
		{"a csi volume is in none", on("web", keep(1024, "ebs", csi)), on("web", keep(1024, "ebs", `{"volumes":{"data":{"type":"csi"}},"nodePool":"fast"}`)), provider.Rolling},
		{"a job of another type keeps its volumes", on("web", keep(1024, "", "")), on("web", func(w *plan.Workload) {
			keep(1024, "", "")(w)
			w.Kind = plan.Job
		}), provider.Replacement},
		{"volumes stay in their namespace", on("web", keep(1024, "", "")), func(p *plan.Plan) {
			on("web", keep(1024, "", ""))(p)
			p.Extension = `{"namespace":"acme"}`
		}, provider.DataLoss},
		{"and in the tenant's node pool", on("web", keep(1024, "", "")), func(p *plan.Plan) {
			on("web", keep(1024, "", ""))(p)
			p.Extension = `{"nodePool":"fast"}`
		}, provider.DataLoss},
	} {
		t.Run(test.why, func(t *testing.T) {
			from, to := sample(), sample()
			test.from(from)
			test.to(to)
			changes, err := plan.Diff(from, to)
			if err != nil || len(changes) != 1 {
				t.Fatalf("changes %v, error %v", changes, err)
			}
			if got := table.Effect(from, to, changes[0]); got != test.want {
				t.Errorf("%s: %s, want %s", changes[0].Path, got, test.want)
			}
		})
	}
}
