package memo_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/memo"
)

// TestTexts asks for more texts than are remembered, by several at a time: what is known is
// right, and the latest is known.
func TestTexts(t *testing.T) {
	var m memo.Texts[int]
	if v := m.Get("1"); v != nil {
		t.Errorf("%d is known of nothing", *v)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 5000 {
				text := strconv.Itoa(i)
				if v := m.Get(text); v != nil && *v != i {
					t.Errorf("%s is %d", text, *v)
				}
				m.Keep(text, i)
			}
		})
	}
	all.Wait()
	m.Keep("latest", 7)
	if v := m.Get("latest"); v == nil || *v != 7 {
		t.Error("the latest is not known")
	}
}
