package plan_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestCPU reads amounts of processor, those with few digits and those with many alike.
func TestCPU(t *testing.T) {
	tests := []struct {
		cpu  string
		want int64
		code diag.Code
	}{
		{cpu: "2", want: 2000},
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
		root := &data.Node{Kind: data.String, Text: tt.cpu}
		for _, name := range []string{"cpu", "resources", "app", "containers", "web", "workloads"} {
			root = &data.Node{Kind: data.Struct, Fields: []data.Field{{Name: name, Value: root}}}
		}
		p, diags := plan.Build(root, nil, "nomad")
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
