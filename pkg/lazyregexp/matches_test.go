package lazyregexp_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// TestMatchString matches many texts repeatedly, from several goroutines: more than the cache
// holds, and some that are too long for it.
func TestMatchString(t *testing.T) {
	even := lazyregexp.New(`^x*[0-9]*[02468]$`)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 4000 {
				text := strings.Repeat("x", i%100) + fmt.Sprint(i%1000)
				if got, want := even.MatchString(text), i%2 == 0; got != want {
					t.Errorf("%s: %t", text, got)
				}
			}
		})
	}
	wg.Wait()
}
