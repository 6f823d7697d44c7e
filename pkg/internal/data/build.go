package data

// Nodes makes nodes and their fields, several with one allocation. The zero value is ready.
type Nodes struct {
	nodes  []Node
	fields []Field
	likely int // estimate of how many nodes are still to be made
}

// page is how many nodes at most are allocated at once: as many as fit a page of memory.
const page = 46

// NodesOf returns a Nodes for a text of so many bytes.
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

// Room returns an empty slice with capacity for so many fields.
func (a *Nodes) Room(fields int) []Field {
	if cap(a.fields)-len(a.fields) < fields {
		a.fields = make([]Field, 0, max(fields, a.batch()))
	}
	first, end := len(a.fields), len(a.fields)+fields
	a.fields = a.fields[:end]
	return a.fields[first:first:end]
}

func (a *Nodes) batch() int { return min(max(a.likely, 8), page) }

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
