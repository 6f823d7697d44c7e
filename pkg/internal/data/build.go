package data

// Nodes allocates nodes and fields in batches. The zero value is ready to use.
type Nodes struct {
	nodes  []Node
	fields []Field
	likely int // estimate of the nodes still to be made
}

// page is the number of nodes that fit into a page of memory, the largest batch.
const page = 46

// NodesOf returns a Nodes for a text of that many bytes.
func NodesOf(bytes int) Nodes { return Nodes{likely: 1 + bytes/40} }

// New returns a new node.
func (a *Nodes) New() *Node {
	if len(a.nodes) == 0 {
		a.nodes = make([]Node, a.batch())
		a.likely -= len(a.nodes)
	}
	n := &a.nodes[0]
	a.nodes = a.nodes[1:]
	return n
}

// Copy returns a copy of fields.
func (a *Nodes) Copy(of []Field) []Field { return append(a.Room(len(of)), of...) }

// Room returns an empty slice with capacity for that many fields.
func (a *Nodes) Room(fields int) []Field {
	if cap(a.fields)-len(a.fields) < fields {
		a.fields = make([]Field, 0, max(fields, a.batch()))
	}
	first, end := len(a.fields), len(a.fields)+fields
	a.fields = a.fields[:end]
	return a.fields[first:first:end]
}

func (a *Nodes) batch() int { return min(max(a.likely, 8), page) }

// Finder looks up fields in large structs. A struct may gain fields between two look-ups, but
// not lose any. The zero value is ready to use.
type Finder struct {
	large map[*Node]map[string]int
}

// maxLinear is the number of fields up to which a linear search is faster than a map.
const maxLinear = 16

// Field returns the entry of that name, or nil, as [Node.Field] does.
func (x *Finder) Field(n *Node, name string) *Field {
	if len(n.Fields) <= maxLinear {
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
