package difference_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// many returns a difference of n tenants with one change each.
func many(n int, change func(i int) difference.Change) *difference.Difference {
	d := &difference.Difference{Summary: difference.Summary{Tenants: difference.Count{Changed: n}, Worst: provider.DataLoss}}
	for i := range n {
		c := change(i)
		d.Tenants = append(d.Tenants, difference.Tenant{
			ID: fmt.Sprintf("tenant-%04d", i), Provider: "nomad", Kind: plan.Changed, Effect: c.Effect, Changes: []difference.Change{c},
		})
	}
	return d
}

// TestMarkdownSize: a comment is always below 1 MiB, and contains the most severe changes.
func TestMarkdownSize(t *testing.T) {
	const mebibyte = 1 << 20
	effect := func(i int) provider.Effect {
		if i == 299 {
			return provider.DataLoss
		}
		return provider.Rolling
	}
	for _, test := range []struct {
		why    string
		n      int
		change func(i int) difference.Change
		limit  int
		want   []string
	}{
		{"one template line, 3,000 tenants", 3000, func(int) difference.Change {
			return difference.Change{
				Path: diag.At("workloads", "web", "containers", "app", "image"), Kind: plan.Changed, Old: "web:1", New: "web:2", Effect: provider.Rolling,
				OldPlace: &difference.Place{File: "base.cue", Line: 5}, NewPlace: &difference.Place{File: "base.cue", Line: 5},
			}
		}, 1 << 10, []string{"| 3000 on nomad: `tenant-0000`, ", " and 2990 more |", "[`base.cue:5`](https://example.com/new/base.cue)"}},
		{"a long value each", 300, func(i int) difference.Change {
			return difference.Change{Path: diag.At("config", "a", "b"), Kind: plan.Changed, Old: fmt.Sprint(i), New: "x", Diff: strings.Repeat("+"+strings.Repeat("x", 60)+"\n", 1000), Effect: effect(i)}
		}, mebibyte, []string{"### tenant-0299 on nomad: changed, data-loss", "800 lines more", "tenants more: ", "; at worst rolling.**"}},
		{"a change each", 3000, func(i int) difference.Change {
			return difference.Change{Path: diag.At("workloads", fmt.Sprint("w", i), "replicas"), Kind: plan.Changed, Old: i, New: i + 1, Effect: effect(i), Advice: strings.Repeat("long advice ", 100)}
		}, mebibyte, []string{"### tenant-0299 on nomad: changed, data-loss", "tenants more: "}},
	} {
		t.Run(test.why, func(t *testing.T) {
			link := func(p difference.Place) string { return "https://example.com/new/" + p.File }
			var b bytes.Buffer
			if err := difference.WriteMarkdown(&b, many(test.n, test.change), difference.Markdown{NewLink: link}); err != nil {
				t.Fatal(err)
			}
			if b.Len() > test.limit {
				t.Errorf("%d bytes", b.Len())
			}
			for _, want := range test.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("no %q in a comment of %d bytes that begins\n%.500s", want, b.Len(), b.String())
				}
			}
		})
	}
}

// TestMarkdownNotComparable: 3,000 tenants that one policy refuses are one line.
func TestMarkdownNotComparable(t *testing.T) {
	d := &difference.Difference{}
	for i := range 3000 {
		d.NotComparable = append(d.NotComparable, difference.NotComparable{
			ID: fmt.Sprintf("t%04d", i), Provider: "ecs",
			Old: &difference.Cause{Place: &difference.Place{File: "git:main:a.yaml", Line: i + 1}, Code: diag.Policy, Message: "image is *wrong*"},
		})
	}
	var b bytes.Buffer
	if err := difference.WriteMarkdown(&b, d, difference.Markdown{}); err != nil {
		t.Fatal(err)
	}
	const want = "\n- `tenant t0000 on ecs`, `tenant t0001 on ecs`, `tenant t0002 on ecs`, `tenant t0003 on ecs`, `tenant t0004 on ecs`, `tenant t0005 on ecs`," +
		" `tenant t0006 on ecs`, `tenant t0007 on ecs`, `tenant t0008 on ecs`, `tenant t0009 on ecs` and 2990 more: errors before: image is \\*wrong\\* `policy`, `git:main:a.yaml:1`\n"
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("got\n%s", b.String())
	}
}
