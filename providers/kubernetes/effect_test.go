package kubernetes

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// acme is a plan of one workload of each kind of object.
func acme() *plan.Plan {
	ctr := plan.Container{
		Image: "ghcr.io/acme/app:1",
		Role:  plan.Main,
		Ports: map[string]plan.Port{"http": {Number: 8080, Protocol: "tcp", Expose: "internal"}},
	}
	w := func(kind plan.Kind) plan.Workload {
		return plan.Workload{Kind: kind, Replicas: 1, Containers: map[string]plan.Container{"app": ctr}}
	}
	db := w(plan.Service)
	db.Volumes = map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: 1024}}}
	return &plan.Plan{
		ID:       "acme",
		Provider: name,
		Secrets:  map[string]plan.Secret{"db": {Path: "acme-db", Key: "password"}, "tls": {Path: "acme-tls"}},
		Config:   map[string]map[string]string{"app": {"a": "1"}},
		Workloads: map[string]plan.Workload{
			"web": w(plan.Service), "db": db, "import": w(plan.Job), "nightly": w(plan.Cron),
		},
	}
}

// edit changes a workload of the plan, and its container `app`.
func edit(n string, f func(*plan.Workload, *plan.Container)) func(*plan.Plan) {
	return func(p *plan.Plan) {
		w := p.Workloads[n]
		ctr := w.Containers["app"]
		f(&w, &ctr)
		w.Containers = map[string]plan.Container{"app": ctr}
		p.Workloads[n] = w
	}
}

func TestEffect(t *testing.T) {
	image := func(_ *plan.Workload, ctr *plan.Container) { ctr.Image = "ghcr.io/acme/app:2" }
	replicas := func(w *plan.Workload, _ *plan.Container) { w.Replicas = 3 }
	secret := func(_ *plan.Workload, ctr *plan.Container) {
		ctr.Env = map[string]plan.EnvValue{"DB": {Secret: "db"}}
	}
	extension := func(e plan.Extension) func(*plan.Workload, *plan.Container) {
		return func(w *plan.Workload, _ *plan.Container) { w.Extension = e }
	}
	stored := func(mebibytes int64, class string) func(*plan.Workload, *plan.Container) {
		return func(w *plan.Workload, _ *plan.Container) {
			w.Volumes = map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: mebibytes, Class: class}}}
		}
	}
	attempts := func(n, replicas int) func(*plan.Workload, *plan.Container) {
		return func(w *plan.Workload, _ *plan.Container) { w.Restart.Attempts, w.Replicas = &n, replicas }
	}
	tests := []struct {
		name     string
		from, to func(*plan.Plan)
		want     provider.Effect
	}{
		{"a new image rolls a Deployment", nil, edit("web", image), provider.Rolling},
		{"and a StatefulSet", nil, edit("db", image), provider.Rolling},
		{"a Job's template is immutable", nil, edit("import", image), provider.Replacement},
		{"a CronJob's is for its next run", nil, edit("nightly", image), provider.InPlace},

		{"a Deployment scales", nil, edit("web", replicas), provider.InPlace},
		{"a Job's completions are immutable", nil, edit("import", replicas), provider.Replacement},
		{"an autoscaled number is not ours", edit("web", func(w *plan.Workload, _ *plan.Container) {
			w.Autoscale = &plan.Autoscale{Min: 1, Max: 3, CPUPercent: 80}
		}), edit("web", func(w *plan.Workload, _ *plan.Container) {
			w.Autoscale, w.Replicas = &plan.Autoscale{Min: 1, Max: 3, CPUPercent: 80}, 2
		}), provider.EffectNone},
		{"the autoscaler is an object of its own", nil, edit("web", func(w *plan.Workload, _ *plan.Container) {
			w.Autoscale = &plan.Autoscale{Min: 1, Max: 3, CPUPercent: 80}
		}), provider.InPlace},

		{"another kind is another object", nil, edit("web", func(w *plan.Workload, _ *plan.Container) { w.Kind = plan.Job }), provider.Replacement},
		{"a schedule is the CronJob's own", nil, edit("nightly", func(w *plan.Workload, _ *plan.Container) { w.Schedule = "0 4 * * *" }), provider.InPlace},
		{"what is accepted is nothing that runs", nil, edit("web", func(w *plan.Workload, _ *plan.Container) { w.Accept = []string{"cpu"} }), provider.EffectNone},
		{"exposure is the Services'", nil, edit("web", func(_ *plan.Workload, ctr *plan.Container) {
			ctr.Ports = map[string]plan.Port{"http": {Number: 8080, Protocol: "tcp", Expose: "public"}}
		}), provider.InPlace},
		{"a port is the pods'", nil, edit("web", func(_ *plan.Workload, ctr *plan.Container) {
			ctr.Ports = map[string]plan.Port{"http": {Number: 8081, Protocol: "tcp", Expose: "internal"}}
		}), provider.Rolling},

		{"a limit of retries is mutable", edit("import", attempts(1, 1)), edit("import", attempts(2, 1)), provider.InPlace},
		{"but not a copy's own", edit("import", attempts(1, 3)), edit("import", attempts(2, 3)), provider.Replacement},
		{"copies that count their own retries scale", edit("import", attempts(2, 3)), edit("import", attempts(2, 4)), provider.InPlace},
		{"but one alone does not count so", edit("import", attempts(2, 3)), edit("import", attempts(2, 1)), provider.Replacement},
		{"nor whether there is one", nil, edit("import", attempts(2, 1)), provider.Replacement},

		{"claim templates are immutable", nil, edit("db", stored(2048, "")), provider.Replacement},
		{"a claim that exists does not shrink, and is found by its name", nil, edit("db", stored(512, "")), provider.Replacement},
		{"nor changes its class", nil, edit("db", stored(1024, "fast")), provider.Replacement},
		{"a first claim makes a Deployment a StatefulSet", nil, edit("web", stored(2048, "fast")), provider.Replacement},
		{"a second one too, whose template is another", nil, edit("db", func(w *plan.Workload, _ *plan.Container) {
			w.Volumes = map[string]plan.Volume{"data": w.Volumes["data"], "logs": {Persistent: &plan.Persistent{SizeMiB: 1024}}}
		}), provider.Replacement},
		{"a cron's claim grows", edit("nightly", stored(1024, "")), edit("nightly", stored(2048, "")), provider.InPlace},
		{"and does not shrink", edit("nightly", stored(2048, "")), edit("nightly", stored(1024, "")), provider.DataLoss},
		{"a cron's claim comes", nil, edit("nightly", stored(1024, "")), provider.InPlace},
		{"a job's claim is in its template", nil, edit("import", stored(1024, "")), provider.Replacement},
		{"claims of a StatefulSet have names of their own", nil, edit("db", func(w *plan.Workload, _ *plan.Container) { w.Kind = plan.Job }), provider.DataLoss},
		{"claims of jobs and crons have one name", edit("nightly", stored(1024, "")), edit("nightly", func(w *plan.Workload, ctr *plan.Container) {
			stored(1024, "")(w, ctr)
			w.Kind = plan.Job
		}), provider.Replacement},
		{"a recreated StatefulSet keeps its claims", nil, edit("db", extension(`{"podManagementPolicy":"Parallel"}`)), provider.Replacement},
		{"an ephemeral volume is the pods'", nil, edit("web", func(w *plan.Workload, _ *plan.Container) {
			w.Volumes = map[string]plan.Volume{"tmp": {Ephemeral: &plan.Ephemeral{Medium: "disk"}}}
		}), provider.Rolling},

		{"annotations are the object's", nil, edit("web", extension(`{"annotations":{"a":"b"}}`)), provider.InPlace},
		{"pod annotations are the pods'", nil, edit("web", extension(`{"annotations":{"a":"b"},"podAnnotations":{"a":"b"}}`)), provider.Rolling},
		{"a role of the service account is its own", nil, edit("web", extension(`{"serviceAccountAnnotations":{"a":"b"}}`)), provider.InPlace},
		{"an empty extension says nothing", nil, edit("web", extension(`{}`)), provider.EffectNone},

		{"labels are on the pods of jobs too", nil, func(p *plan.Plan) { p.Labels = map[string]string{"team": "a"} }, provider.Replacement},
		{"but not on claim templates", func(p *plan.Plan) { delete(p.Workloads, "import") }, func(p *plan.Plan) {
			delete(p.Workloads, "import")
			p.Labels = map[string]string{"team": "a"}
		}, provider.Rolling},
		{"nothing uses the secret", nil, func(p *plan.Plan) { p.Secrets["db"] = plan.Secret{Path: "other", Key: "password"} }, provider.EffectNone},
		{"pods name the secret", edit("web", secret), func(p *plan.Plan) {
			edit("web", secret)(p)
			p.Secrets["db"] = plan.Secret{Path: "other", Key: "password"}
		}, provider.Rolling},
		{"pods read the configuration", edit("web", func(_ *plan.Workload, ctr *plan.Container) {
			ctr.Mounts = map[string]plan.Mount{"/etc/app": {Config: "app"}}
		}), func(p *plan.Plan) {
			edit("web", func(_ *plan.Workload, ctr *plan.Container) {
				ctr.Mounts = map[string]plan.Mount{"/etc/app": {Config: "app"}}
			})(p)
			p.Config["app"] = map[string]string{"a": "2"}
		}, provider.Rolling},
		{"objects do not move", func(p *plan.Plan) { delete(p.Workloads, "db") }, func(p *plan.Plan) {
			delete(p.Workloads, "db")
			p.Extension = `{"namespace":"other"}`
		}, provider.Replacement},
		{"nor does what claims hold", nil, func(p *plan.Plan) { p.Extension = `{"namespace":"other"}` }, provider.DataLoss},
		{"the class is the Ingresses'", nil, func(p *plan.Plan) { p.Extension = `{"ingressClass":"nginx"}` }, provider.InPlace},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			from, to := acme(), acme()
			if test.from != nil {
				test.from(from)
			}
			if test.to != nil {
				test.to(to)
			}
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
