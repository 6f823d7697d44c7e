package decimal_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
)

func TestNumber(t *testing.T) {
	tests := []struct {
		text string
		kind data.Kind
		want string // "" where it is refused
	}{
		{"0", data.Int, "0"},
		{"1_000", data.Int, "1000"},
		{"0x1f", data.Int, "31"},
		{"0o17", data.Int, "15"},
		{"2Ki", data.Int, "2048"},
		{"0.25", data.Float, "0.25"},
		{"1.50", data.Float, "1.50"},
		{"1e3", data.Float, "1000"},
		{"123456789012345678901234567890", data.Int, "123456789012345678901234567890"},
		{"1e999999999", 0, ""},
		{"1e-999999999", 0, ""},
		{"twelve", 0, ""},
	}
	for _, tt := range tests {
		n, err := decimal.Parse(tt.text)
		if tt.want == "" {
			if err == nil {
				t.Errorf("%s: no error", tt.text)
			}
			continue
		}
		if err != nil || n.Kind != tt.kind || n.Text != tt.want {
			t.Errorf("%s: %+v, %v", tt.text, n, err)
		}
	}
}
