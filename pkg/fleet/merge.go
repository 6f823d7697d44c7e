package fleet

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"
	"strings"
)

func shards(n int) string {
	if n == 1 {
		return "1 shard"
	}
	return fmt.Sprintf("%d shards", n)
}

func missingShards(some []string, n int) string {
	names := strings.Join(some, ", ")
	switch {
	case n == 1:
		return "shard " + names + " is missing"
	case n > len(some):
		return fmt.Sprintf("shards %s and %d more are missing", names, n-len(some))
	}
	return "shards " + names + " are missing"
}

// merge calls yield with the lines of all readers, sorted: facts first, then claims. A line is
// valid until yield returns.
func merge(ctx context.Context, readers []*Reader, yield func(line []byte, claim bool) error) error {
	var h lineHeap
	for _, r := range readers {
		if r.line != nil {
			h = append(h, r)
		}
	}
	heap.Init(&h)
	for n := 0; len(h) > 0; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r := h[0]
		if err := yield(r.line, r.claim); err != nil {
			return err
		}
		if err := r.advance(); err != nil {
			return err
		}
		if r.line == nil {
			heap.Pop(&h)
		} else {
			heap.Fix(&h, 0)
		}
	}
	return nil
}

// lineHeap are readers by their next lines.
type lineHeap []*Reader

func (h lineHeap) Len() int { return len(h) }
func (h lineHeap) Less(i, j int) bool {
	if h[i].claim != h[j].claim {
		return h[j].claim
	}
	return bytes.Compare(h[i].line, h[j].line) < 0
}
func (h lineHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *lineHeap) Push(r any)   { *h = append(*h, r.(*Reader)) }
func (h *lineHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
