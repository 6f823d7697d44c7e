package provider_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func TestFieldOf(t *testing.T) {
	for _, c := range []struct {
		path diag.Path
		want string
	}{
		{diag.At("id"), "id"},
		{diag.At("secrets", "db", "path"), "secrets.path"},
		{diag.At("config", "app", "app.toml"), "config"},
		{diag.At("workloads", "web", "containers", "config", "env", "ports", "config"), "workloads.containers.env.config"},
		{diag.At("workloads", "web", "containers", "app", "mounts", "/etc/app", "secret"), "workloads.containers.mounts.secret"},
		{diag.At("workloads", "web", "ingress", 0, "tls", "secret"), "workloads.ingress.tls.secret"},
	} {
		if got := provider.FieldOf(c.path); got != c.want {
			t.Errorf("%s: %q, not %q", c.path, got, c.want)
		}
	}
}

func TestSupportOf(t *testing.T) {
	info := provider.Info{Support: []provider.Support{
		{Field: "workloads", How: "a job"},
		{Field: "workloads.kind", When: "cron", How: "periodic"},
		{Field: "workloads.kind", When: "job", How: "batch"},
	}}
	for field, want := range map[string]int{"workloads.kind": 2, "workloads.kind.x": 2, "workloads": 1, "workloads.replicas": 0, "labels": 0} {
		if got := info.SupportOf(field); len(got) != want {
			t.Errorf("%s: %v", field, got)
		}
	}
}
