package datatest

import (
	"math/rand/v2"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Script is a source of random numbers that reads them from bytes, so that a fuzzer which
// changes a few of them changes a few choices. Beyond its end the numbers depend on
// nothing.
type Script struct {
	bytes []byte
	rest  rand.Source
}

// NewScript returns the choices that a text stands for.
func NewScript(text []byte) *rand.Rand {
	return rand.New(&Script{text, rand.NewPCG(1, 2)})
}

// Uint64 takes two bytes for a number, as its highest: few choices are of more.
func (s *Script) Uint64() uint64 {
	if len(s.bytes) < 2 {
		return s.rest.Uint64()
	}
	n := uint64(s.bytes[0])<<56 | uint64(s.bytes[1])<<48
	s.bytes = s.bytes[2:]
	return n
}

// AddScripts gives a fuzzer scripts to begin with: for each of n things, what else its
// target takes.
func AddScripts(f *testing.F, n int, others ...func(i int) any) {
	r := rand.New(rand.NewPCG(20261123, 1))
	for i := range n {
		args := []any{}
		for _, other := range others {
			args = append(args, other(i))
		}
		script := make([]byte, 2*r.IntN(20))
		for j := range script {
			script[j] = byte(r.Uint32())
		}
		f.Add(append(args, script)...)
	}
}

// Change is a random change of a tenant: [Edit] or [Recombine].
type Change func(r *rand.Rand, tenant *data.Node, others []*data.Node) *data.Node

// Changed returns a tenant after a few of a script's changes.
func Changed(script []byte, tenant *data.Node, others []*data.Node, changes ...Change) *data.Node {
	r := NewScript(script)
	for range 1 + r.IntN(4) {
		if len(collect(tenant, isScalar)) == 0 {
			break // all has been taken away
		}
		tenant = changes[r.IntN(len(changes))](r, tenant, others)
	}
	return tenant
}
