package compile_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// BenchmarkLongRun checks the tenants of many requests with one compiler, YAML and CUE that
// needs evaluation, each with its own id and image. It reports the memory after a tenth of them
// and after all: a control plane's memory must not grow.
func BenchmarkLongRun(b *testing.B) {
	registry, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		b.Fatal(err)
	}
	compiler, err := compile.New(registry, compile.Options{})
	if err != nil {
		b.Fatal(err)
	}
	held := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	var early float64
	for i := range b.N {
		in := compile.Input{Paths: []string{"-"}, Lang: "yaml", Jobs: 1}
		in.Stdin = strings.NewReader(fmt.Sprintf(`{id: t%d, provider: kubernetes, workloads: {web: {containers: {app: {image: "nginx:%d"}}}}}`, i, i))
		if i%10 == 0 {
			in.Lang = "cue"
			in.Stdin = strings.NewReader(fmt.Sprintf("id: \"t%d\"\nprovider: \"nomad\"\n_n: %d\nworkloads: web: containers: app: image: \"nginx:\\(_n)\"", i, i))
		}
		plans, diags, err := compiler.Compile(b.Context(), in)
		if err != nil || len(diags) > 0 || len(plans) != 1 {
			b.Fatal(diags, err)
		}
		if i == b.N/10 {
			early = held()
		}
	}
	b.ReportMetric(early, "MiB-early")
	b.ReportMetric(held(), "MiB-late")
}
