package kubernetes

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// fieldsOf reports fields of a workload's extension that apply to an object which the workload
// does not have. Kubernetes refuses them, or they would have no effect.
var fieldsOf = map[string]struct {
	what string
	ok   func(*workload) bool
}{
	"minReadySeconds":      {"services", isService},
	"revisionHistoryLimit": {"services", isService},
	"podManagementPolicy":  {"services with a persistent volume", isStateful},

	"activeDeadlineSeconds":      {"jobs and cron", isJob},
	"ttlSecondsAfterFinished":    {"jobs and cron", isJob},
	"startingDeadlineSeconds":    {"cron", isCron},
	"successfulJobsHistoryLimit": {"cron", isCron},
	"failedJobsHistoryLimit":     {"cron", isCron},

	"serviceAccountAnnotations": {"workloads that create their service account", createsServiceAccount},

	"serviceAnnotations": {"workloads with an exposed port", isExposed},
	"ingressAnnotations": {"workloads with an ingress", hasIngress},

	"loadBalancerClass":        {"workloads with a public port", isPublic},
	"loadBalancerSourceRanges": {"workloads with a public port", isPublic},
	"externalTrafficPolicy":    {"workloads with a public port", isPublic},
}

func isService(w *workload) bool  { return !w.Kind.Ends() }
func isStateful(w *workload) bool { return w.object() == statefulSet }
func isJob(w *workload) bool      { return w.Kind.Ends() }
func isCron(w *workload) bool     { return w.Kind == plan.Cron }
func isExposed(w *workload) bool  { return w.exposes("internal", "public") }
func isPublic(w *workload) bool   { return w.exposes("public") }
func hasIngress(w *workload) bool { return len(w.Ingress) > 0 }

func createsServiceAccount(w *workload) bool { return w.Ext.CreateServiceAccount }

func extensionFields(c *check, w *workload) {
	if w.TimeoutSeconds > 0 && w.Ext.ActiveDeadlineSeconds != nil {
		d := c.Errorf(diag.Conflict, w.AtExtension("activeDeadlineSeconds"), "activeDeadlineSeconds and timeout both say how long a run may take")
		d.Help = "keep timeout, which every platform reads"
	}
	for _, field := range w.Extension.Fields() {
		if of, ok := fieldsOf[field]; ok && !of.ok(w) {
			d := c.Errorf(diag.Conflict, w.AtExtension(field), "%s is only for %s", field, of.what)
			d.Help = "leave it out"
		}
	}
}
