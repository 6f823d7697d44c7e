package acmecloud

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// check gathers the diagnostics of one tenant.
type check struct {
	diag.List
	*tenant
}

// rules is everything that Acmecloud asks of a tenant and CUE does not say.
var rules = provider.Rules[*check, *workload]{
	Workload: []provider.Rule[func(*check, *workload)]{
		{Name: "schedule", Check: schedule,
			Doc:    "nothing is started on a schedule",
			Source: "the page of the platform's documentation, or the file of its code, that says so, and when you looked"},
	},
}

func schedule(c *check, w *workload) {
	if w.Kind == plan.Cron {
		d := c.Errorf(diag.Unsupported, w.At("kind"), "acmecloud starts nothing on a schedule")
		d.Help = `use kind "job", and start it from elsewhere`
	}
}
