package decimal

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// FuzzNumber compares the fast path for plain numbers with CUE's own parser.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "7", "00", "01", "10", "0.0", "1.50", "0.25", "1.", ".5", "1.5.5", "-1", "+1", "1e3", "0x1f", "1_000", "", "١", "123456789012345678901234567890.10"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kind, ok := plain(text)
		if !ok {
			return
		}
		got := data.Node{Kind: kind, Text: text}
		want, err := literalOf(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	})
}
