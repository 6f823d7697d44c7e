package data

// Nodes makes nodes, several with one allocation. The zero value is ready.
type Nodes struct{ free []Node }

// batch is how many nodes are allocated at once: a page's worth.
const batch = 46

// New returns a node of its own.
func (a *Nodes) New() *Node {
	if len(a.free) == 0 {
		a.free = make([]Node, batch)
	}
	n := &a.free[0]
	a.free = a.free[1:]
	return n
}

// Finder looks up fields of structs that may be large, and may gain fields from one
// look-up to the next, though lose none. The zero value is ready.
type Finder struct {
	large map[*Node]map[string]int
}

// few is how many fields are looked through faster than a map is asked.
const few = 16

// Field returns the entry of that name, or nil, as the node itself does.
func (x *Finder) Field(n *Node, name string) *Field {
	if len(n.Fields) <= few {
		return n.Field(name)
	}
	index := x.large[n]
	if index == nil {
		if x.large == nil {
			x.large = map[*Node]map[string]int{}
		}
		index = make(map[string]int, 2*len(n.Fields))
		x.large[n] = index
	}
	for i := len(index); i < len(n.Fields); i++ {
		index[n.Fields[i].Name] = i
	}
	if i, ok := index[name]; ok {
		return &n.Fields[i]
	}
	return nil
}
