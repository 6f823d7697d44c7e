package compile

import (
	"sync"

	"github.com/cuecompute/cuecompute/pkg/data"
)

// fleeting is memory of units that have been told of, for others. That of nil is none.
type fleeting struct{ free sync.Pool }

func (f *fleeting) take() *data.Nodes {
	if f == nil {
		return nil
	}
	if nodes, ok := f.free.Get().(*data.Nodes); ok {
		return nodes
	}
	return new(data.Nodes)
}

func (f *fleeting) add(nodes *data.Nodes) {
	if f != nil && nodes != nil {
		nodes.Drop() // a large file's are not to wait for the next
		f.free.Put(nodes)
	}
}
