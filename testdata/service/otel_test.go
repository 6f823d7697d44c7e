package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// TestMeter: what a compiler does reaches OpenTelemetry.
func TestMeter(t *testing.T) {
	reader := metric.NewManualReader()
	m, err := newMeter(metric.NewMeterProvider(metric.WithReader(reader)))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compile.New(reg, compile.Options{Observer: m})
	if err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{"-"}, Lang: "cue", Stdin: strings.NewReader(fmt.Sprintf(evaluated, "acme", 2))}
	if plans, _, err := c.Compile(t.Context(), in); err != nil || len(plans) != 1 {
		t.Fatal(err)
	}
	c.Close()
	var got metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, scope := range got.ScopeMetrics {
		for _, m := range scope.Metrics {
			names = append(names, m.Name)
		}
	}
	slices.Sort(names)
	if want := []string{"cuecompute.children", "cuecompute.children.stopped", "cuecompute.evaluation", "cuecompute.verdicts"}; !slices.Equal(want, names) {
		t.Errorf("metrics %q, not %q", names, want)
	}
}
