package ecs

import (
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func TestEffect(t *testing.T) {
	read := map[string]plan.Container{"app": {
		Env:    map[string]plan.EnvValue{"DB": {Secret: "db"}},
		Mounts: map[string]plan.Mount{"/etc/app": {Config: "app"}},
	}}
	old := &plan.Plan{Provider: providerName, Workloads: map[string]plan.Workload{
		"web":     {Kind: plan.Service, Containers: read},
		"once":    {Kind: plan.Job},
		"nightly": {Kind: plan.Cron},
	}}
	services := &plan.Plan{Provider: providerName, Workloads: map[string]plan.Workload{"web": {Kind: plan.Service, Containers: read}}}
	for _, tt := range []struct {
		path string
		kind plan.ChangeKind
		to   *plan.Plan
		new  any
		want provider.Effect
	}{
		{"workloads.web.containers.app.image", plan.Changed, old, nil, provider.Rolling},
		{"workloads.once.containers.app.image", plan.Changed, old, nil, provider.Replacement},
		{"workloads.nightly.containers.app.image", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.containers.app.ports.http.port", plan.Changed, old, nil, provider.Rolling},
		{"workloads.web.containers.app.ports.http.protocol", plan.Changed, old, nil, provider.Replacement},
		{"workloads.web.replicas", plan.Changed, old, nil, provider.InPlace},
		{"workloads.once.replicas", plan.Changed, old, nil, provider.Replacement},
		{"workloads.web.autoscale", plan.Added, old, nil, provider.InPlace},
		{"workloads.web.placement.spread", plan.Added, old, nil, provider.InPlace},
		{"workloads.web.placement.arch", plan.Added, old, nil, provider.Rolling},
		{"workloads.web.extension.capacityProviders", plan.Changed, old, nil, provider.InPlace},
		{"workloads.once.extension.capacityProviders", plan.Changed, old, nil, provider.Replacement},
		{"workloads.web.extension", plan.Added, old, map[string]any{"healthCheckGracePeriodSeconds": int64(60)}, provider.InPlace},
		{"workloads.web.kind", plan.Changed, old, nil, provider.Replacement},
		{"workloads.nightly.schedule", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.rollout.maxSurge", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.extension.enableExecuteCommand", plan.Added, old, nil, provider.Rolling}, // an init in the containers
		{"workloads.nightly.extension.retryPolicy", plan.Added, old, nil, provider.InPlace},
		{"workloads.nightly.extension.deadLetterArn", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.accept", plan.Added, old, nil, provider.EffectNone},
		{"workloads.web.extension.cpu", plan.Changed, old, nil, provider.Rolling},
		{"workloads.web.extension.healthCheckGracePeriodSeconds", plan.Added, old, nil, provider.InPlace},
		{"labels.team", plan.Changed, old, nil, provider.InPlace},
		{"config.app", plan.Changed, old, nil, provider.Rolling},
		{"config.cluster", plan.Added, old, nil, provider.EffectNone}, // read by none
		{"secrets.db.path", plan.Changed, old, nil, provider.Rolling},
		{"secrets", plan.Removed, old, nil, provider.Rolling},
		{"extension.secrets.db", plan.Added, old, nil, provider.Rolling},
		{"extension.secrets.other", plan.Added, old, nil, provider.EffectNone},
		{"extension.cluster", plan.Changed, old, nil, provider.Replacement},
		{"extension.launchType", plan.Changed, old, nil, provider.Replacement},
		{"extension.subnets", plan.Changed, services, nil, provider.Rolling},
		{"extension.subnets", plan.Changed, old, nil, provider.Replacement}, // the job's task
		{"extension.schedulerRoleArn", plan.Changed, old, nil, provider.InPlace},
		{"extension.schedulerRoleArn", plan.Changed, services, nil, provider.EffectNone},
		{"extension", plan.Added, services, map[string]any{"launchType": "FARGATE", "subnets": []any{"subnet-1"}}, provider.Rolling},
		{"extension", plan.Added, services, map[string]any{"launchType": "EC2"}, provider.Replacement},
	} {
		c := plan.Change{Path: diag.Path(strings.Split(tt.path, ".")), Kind: tt.kind, New: tt.new}
		if got := table.Effect(old, tt.to, c); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.path, tt.kind, got, tt.want)
		}
	}
}

// TestFileSystemEffect: a volume's data does not move to another file system.
func TestFileSystemEffect(t *testing.T) {
	service := func(size int64, ext plan.Extension) *plan.Plan {
		return &plan.Plan{Provider: "ecs", Extension: ext, Workloads: map[string]plan.Workload{"db": {
			Kind:    plan.Service,
			Volumes: map[string]plan.Volume{"data": {Persistent: &plan.Persistent{SizeMiB: size}}},
		}}}
	}
	const one = `{"volumes":{"data":{"efs":"fs-1"}}}`
	own := service(1024, one)
	w := own.Workloads["db"]
	w.Extension = `{"volumes":{"data":{"efs":"fs-2"}}}`
	own.Workloads["db"] = w
	for _, tt := range []struct {
		why      string
		from, to *plan.Plan
		want     provider.Effect
	}{
		{"another file system", service(1024, one), service(1024, `{"volumes":{"data":{"efs":"fs-2"}}}`), provider.DataLoss},
		{"another directory", service(1024, one), service(1024, `{"volumes":{"data":{"efs":{"fileSystemId":"fs-1","rootDirectory":"/acme"}}}}`), provider.DataLoss},
		{"the workload's own instead of the tenant's", service(1024, one), own, provider.DataLoss},
		{"the same one, mounted another way", service(1024, one), service(1024, `{"volumes":{"data":{"efs":{"fileSystemId":"fs-1","transitEncryption":"DISABLED"}}}}`), provider.Rolling},
		{"that of no volume", service(1024, one), service(1024, `{"volumes":{"data":{"efs":"fs-1"},"other":{"efs":"fs-2"}}}`), provider.EffectNone},
		{"a size, which a file system has not", service(2048, one), service(1024, one), provider.EffectNone},
	} {
		changes, err := plan.Diff(tt.from, tt.to)
		if err != nil || len(changes) != 1 {
			t.Fatalf("%s: changes %v, error %v", tt.why, changes, err)
		}
		if got := table.Effect(tt.from, tt.to, changes[0]); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.why, got, tt.want)
		}
	}
}
