package main

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// meter is what a compiler does, for OpenTelemetry: the same as [metrics], for services that have
// a MeterProvider.
type meter struct {
	verdicts    metric.Int64Counter
	evaluations metric.Float64Histogram
	waiting     metric.Int64Gauge
	children    metric.Int64Gauge
	stopped     metric.Int64Counter
}

var _ compile.Observer = (*meter)(nil)

func newMeter(p metric.MeterProvider) (*meter, error) {
	from := p.Meter("github.com/cuecompute/cuecompute/pkg/compile")
	var m meter
	var err [5]error
	m.verdicts, err[0] = from.Int64Counter("cuecompute.verdicts", metric.WithDescription("Tenants judged."))
	m.evaluations, err[1] = from.Float64Histogram("cuecompute.evaluation", metric.WithUnit("s"), metric.WithDescription("Time in which a child evaluated CUE."))
	m.waiting, err[2] = from.Int64Gauge("cuecompute.evaluation.queue", metric.WithDescription("Evaluations that wait for a child."))
	m.children, err[3] = from.Int64Gauge("cuecompute.children", metric.WithDescription("Child processes that there are."))
	m.stopped, err[4] = from.Int64Counter("cuecompute.children.stopped", metric.WithDescription("Child processes that ended."))
	return &m, errors.Join(err[:]...)
}

// Observe counts an event; see [compile.Observer].
func (m *meter) Observe(ctx context.Context, e compile.Event) {
	switch e := e.(type) {
	case compile.TenantJudged:
		m.verdicts.Add(ctx, 1, metric.WithAttributes(attribute.String("provider", e.Provider), attribute.Bool("accepted", e.Accepted)))
	case compile.Evaluated:
		m.evaluations.Record(ctx, e.Duration.Seconds(), metric.WithAttributes(attribute.Bool("failed", e.Err != nil)))
	case compile.EvaluationQueued:
		m.waiting.Record(ctx, int64(e.Waiting))
	case compile.ChildStarted:
		m.children.Record(ctx, int64(e.Children))
	case compile.ChildStopped:
		m.children.Record(ctx, int64(e.Children))
		m.stopped.Add(ctx, 1, metric.WithAttributes(attribute.String("why", e.Why)))
	}
}
