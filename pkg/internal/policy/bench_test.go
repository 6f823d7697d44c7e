package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

const landlord = `tenant: {
	labels: {
		landlord: "harbour"
		tier:     *"standard" | string
	}
	extensions: kubernetes: ingressClass: *"harbour" | string
	workloads: [_]: {
		kind?: string
		if kind == "service" {stopGrace: *"20s" | string}
		containers: [_]: {
			image: =~"^(ghcr\\.io|docker\\.io|quay\\.io)/"
			security: runAsNonRoot: *true | bool
		}
	}
}
plan: workloads: [_]: {replicas: <=10, containers: [_]: resources?: cpuMillis?: <=8000}
`

// BenchmarkPolicy checks the tenants of testdata and builds their plans: without a policy, with
// one of 16 lines, and with one of 100 lines.
func BenchmarkPolicy(b *testing.B) {
	long := landlord
	for i := range 14 {
		long += fmt.Sprintf("tenant: workloads: [_]: containers: [_]: {\n\tworkingDir?: !=\"/%d\"\n\tenv?: [=~\"^X%d\"]: string\n\tuser?: !=\"root%d\"\n}\ntenant: labels?: \"k%d\"?: =~\"^[a-z]\"\n", i, i, i, i)
	}
	for _, c := range []struct{ name, text string }{{"none", ""}, {"lines=16", landlord}, {fmt.Sprintf("lines=%d", strings.Count(long, "\n")), long}} {
		b.Run(c.name, func(b *testing.B) {
			bench := newBench(b)
			tenants := bench.tenants(b)
			set := NewSet()
			if c.text != "" {
				set = NewSet(bench.read(b, c.text))
			}
			j := NewJudge(set, bench.library, nil)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				tenant := tenants[i%len(tenants)]
				name := tenant.Get("provider").Text
				own, filled, diags, err := j.Tenant(tenant, func(n *data.Node) (*data.Node, diag.List, error) {
					filled, diags := bench.checker.Fill(bench.spec[name], n)
					return filled, diags, nil
				})
				if err != nil || diags.HasErrors() {
					continue // the policy refuses some tenants
				}
				p, _ := plan.Build(filled, own, name)
				if _, err := j.Plan(p, own); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBuild builds the plans of the valid tenants of testdata.
func BenchmarkBuild(b *testing.B) {
	bench := newBench(b)
	type checked struct {
		filled *data.Node
		name   string
	}
	var all []checked
	for _, tenant := range bench.tenants(b) {
		name := tenant.Get("provider").Text
		if filled, diags := bench.checker.Fill(bench.spec[name], tenant); !diags.HasErrors() {
			all = append(all, checked{filled, name})
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		c := all[i%len(all)]
		if p, _ := plan.Build(c.filled, nil, c.name); len(p.Workloads) == 0 {
			b.Fatal("a plan of nothing")
		}
	}
}
