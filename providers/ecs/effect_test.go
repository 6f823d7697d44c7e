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
	old := &plan.Plan{Workloads: map[string]plan.Workload{
		"web":     {Kind: plan.Service, Containers: read},
		"once":    {Kind: plan.Job},
		"nightly": {Kind: plan.Cron},
	}}
	services := &plan.Plan{Workloads: map[string]plan.Workload{"web": {Kind: plan.Service, Containers: read}}}
	for _, tt := range []struct {
		path string
		kind plan.ChangeKind
		to   *plan.Plan
		new  any
		want provider.Effect
	}{
		{"workloads.web", plan.Added, old, nil, provider.EffectCreate},
		{"workloads.web", plan.Removed, old, nil, provider.EffectDestroy},
		{"workloads.web.containers.app.image", plan.Changed, old, nil, provider.Rolling},
		{"workloads.once.containers.app.image", plan.Changed, old, nil, provider.Replacement},
		{"workloads.nightly.containers.app.image", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.containers.app.ports.http.port", plan.Changed, old, nil, provider.Rolling},
		{"workloads.web.containers.app.ports.http.protocol", plan.Changed, old, nil, provider.Replacement},
		{"workloads.web.replicas", plan.Changed, old, nil, provider.InPlace},
		{"workloads.once.replicas", plan.Changed, old, nil, provider.Replacement},
		{"workloads.web.autoscale", plan.Added, old, nil, provider.InPlace},
		{"workloads.web.kind", plan.Changed, old, nil, provider.Replacement},
		{"workloads.nightly.schedule", plan.Changed, old, nil, provider.InPlace},
		{"workloads.web.rollout.maxSurge", plan.Changed, old, nil, provider.InPlace},
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
		if got := effect(old, tt.to, c); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.path, tt.kind, got, tt.want)
		}
	}
}
