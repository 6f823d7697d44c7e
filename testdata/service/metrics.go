package main

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// metrics are what a compiler does, for Prometheus.
type metrics struct {
	registry    *prometheus.Registry
	verdicts    *prometheus.CounterVec
	evaluations *prometheus.HistogramVec
	waits       prometheus.Histogram
	queue       prometheus.Histogram
	children    prometheus.Gauge
	stopped     *prometheus.CounterVec
	policies    *prometheus.CounterVec
}

var _ compile.Observer = (*metrics)(nil)

func newMetrics() *metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector())
	f := promauto.With(r)
	seconds := prometheus.ExponentialBuckets(0.001, 4, 8)
	return &metrics{
		registry: r,
		verdicts: f.NewCounterVec(prometheus.CounterOpts{Name: "cuecompute_verdicts_total", Help: "Tenants judged."}, []string{"provider", "verdict"}),
		evaluations: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "cuecompute_evaluation_seconds", Help: "Time in which a child evaluated CUE.", Buckets: seconds,
		}, []string{"outcome"}),
		waits:    f.NewHistogram(prometheus.HistogramOpts{Name: "cuecompute_evaluation_wait_seconds", Help: "Time for which an evaluation waited for a child.", Buckets: seconds}),
		queue:    f.NewHistogram(prometheus.HistogramOpts{Name: "cuecompute_evaluation_queue", Help: "Evaluations that wait, when one more has to.", Buckets: prometheus.ExponentialBuckets(1, 2, 9)}),
		children: f.NewGauge(prometheus.GaugeOpts{Name: "cuecompute_children", Help: "Child processes that there are."}),
		stopped:  f.NewCounterVec(prometheus.CounterOpts{Name: "cuecompute_children_stopped_total", Help: "Child processes that ended."}, []string{"why"}),
		policies: f.NewCounterVec(prometheus.CounterOpts{Name: "cuecompute_policies_read_total", Help: "Policies made ready for a run."}, []string{"cached"}),
	}
}

// Observe counts an event; see [compile.Observer].
func (m *metrics) Observe(_ context.Context, e compile.Event) {
	switch e := e.(type) {
	case compile.TenantJudged:
		verdict := "refused"
		if e.Accepted {
			verdict = "accepted"
		}
		m.verdicts.WithLabelValues(e.Provider, verdict).Inc()
	case compile.Evaluated:
		outcome := "done"
		if e.Err != nil {
			outcome = "failed"
		}
		m.evaluations.WithLabelValues(outcome).Observe(e.Duration.Seconds())
		m.waits.Observe(e.Wait.Seconds())
	case compile.EvaluationQueued:
		m.queue.Observe(float64(e.Waiting))
	case compile.ChildStarted:
		m.children.Set(float64(e.Children))
	case compile.ChildStopped:
		m.children.Set(float64(e.Children))
		m.stopped.WithLabelValues(e.Why).Inc()
	case compile.PolicyRead:
		cached := "no"
		if e.Cached {
			cached = "yes"
		}
		m.policies.WithLabelValues(cached).Inc()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
