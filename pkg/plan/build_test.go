package plan_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestCPU reads amounts of processor time with few digits and with many.
func TestCPU(t *testing.T) {
	tests := []struct {
		cpu  string
		want int64
		code diag.Code
	}{
		{cpu: "2", want: 2000},
		{cpu: ".5", want: 500},
		{cpu: "250m", want: 250},
		{cpu: "0.5", want: 500},
		{cpu: "0.25", want: 250},
		{cpu: "1.125", want: 1125},
		{cpu: "0.001", want: 1},
		{cpu: "0.1000", want: 100},
		{cpu: "3000000", want: 3000000000},
		{cpu: "3000000000m", want: 3000000000},
		{cpu: "0", code: diag.OutOfBounds},
		{cpu: "0.000", code: diag.OutOfBounds},
		{cpu: "0m", code: diag.OutOfBounds},
		{cpu: "0.0005", code: diag.BadFormat},
		{cpu: "0.5m", code: diag.BadFormat},
	}
	for _, tt := range tests {
		p, diags := resources("cpu", tt.cpu)
		var code diag.Code
		if len(diags) > 0 {
			code = diags[0].Code
		}
		got := p.Workloads["web"].Containers["app"].Resources.CPUMillis
		if code != tt.code || code == "" && got != tt.want {
			t.Errorf("cpu %s is %d thousandths, with %v", tt.cpu, got, diags)
		}
	}
}

// TestMemory reads amounts of memory, which are rounded up to MiB.
func TestMemory(t *testing.T) {
	tests := []struct {
		memory string
		want   int64
		code   diag.Code
	}{
		{memory: "512Mi", want: 512},
		{memory: "2Gi", want: 2048},
		{memory: "1Ti", want: 1 << 20},
		{memory: "1Pi", want: 1 << 30},
		{memory: "1.5Gi", want: 1536},
		{memory: ".5Gi", want: 512},
		{memory: "0.1Gi", want: 103},
		{memory: "2.Gi", want: 2048},
		{memory: "100Ki", want: 1},
		{memory: "2G", want: 1908},
		{memory: "512M", want: 489},
		{memory: "1500k", want: 2},
		{memory: "1T", want: 953675},
		{memory: "536870912", want: 512},
		{memory: "536870913", want: 513},
		{memory: "129e6", want: 124},
		{memory: "1E9", want: 954},
		{memory: "1048576.5", want: 2},
		{memory: "0Mi", code: diag.OutOfBounds},
		{memory: "0.0Gi", code: diag.OutOfBounds},
		{memory: "9999999999Pi", code: diag.OutOfBounds},
	}
	for _, tt := range tests {
		p, diags := resources("memory", tt.memory)
		var code diag.Code
		if len(diags) > 0 {
			code = diags[0].Code
		}
		got := p.Workloads["web"].Containers["app"].Resources.MemoryMiB
		if code != tt.code || code == "" && got != tt.want {
			t.Errorf("memory %s is %d MiB, with %v", tt.memory, got, diags)
		}
	}
}

// resources builds the plan of a container that has one amount.
func resources(field, text string) (*plan.Plan, diag.List) {
	root := &data.Node{Kind: data.String, Text: text}
	for _, name := range []string{field, "resources", "app", "containers", "web", "workloads"} {
		root = &data.Node{Kind: data.Struct, Fields: []data.Field{{Name: name, Value: root}}}
	}
	return plan.Build(root, nil, "nomad")
}
