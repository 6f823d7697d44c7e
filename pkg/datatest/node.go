package datatest

import "github.com/cuecompute/cuecompute/pkg/internal/data"

// Node is what an author wrote as data, which a test may change: see its methods.
type Node = data.Node

// Pos is where a node is written; the zero Pos is nowhere.
type Pos = data.Pos

// The kinds of nodes.
const (
	Struct = data.Struct
	List   = data.List
	String = data.String
)

// Text returns a node of a text.
func Text(text string) *Node { return &Node{Kind: String, Text: text} }
