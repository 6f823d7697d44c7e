package data

import "github.com/cuecompute/cuecompute/pkg/diag"

// Language rewrites the scalars of a source.
type Language interface {
	// Rewrite returns the bytes of a position's text that write a scalar, and their
	// replacement. It is false where the text does not write the scalar literally, such as a
	// reference, or where it takes several lines.
	Rewrite(text []byte, s Scalar) (start, end int, now string, ok bool)

	// Written returns the author's spelling of a number or bool in the text of its position. It
	// is false where the text does not write it literally.
	Written(text []byte, n *Node) (characters string, ok bool)
}

// Scalar is a change of a scalar's value. A key is a string, however it is written.
type Scalar struct {
	Was, Now *Node
	Key      bool
}

// Written returns the author's spelling of a number or bool, such as 0x1F, whose Text is 31. It
// is false where that is not known, such as for a reference.
func (n *Node) Written() (characters string, ok bool) {
	start, end, ok := n.At.Bytes()
	if !ok || n.At.in.Lang == nil || end > len(n.At.in.Text) {
		return "", false
	}
	return n.At.in.Lang.Written(n.At.in.Text[start:end], n)
}

// Rewrite returns the edit that replaces the node's scalar with another, or nil where the
// scalar is not written literally at its position.
func (n *Node) Rewrite(now *Node) *diag.Edit { return n.At.rewrite(Scalar{Was: n, Now: now}) }

// RewriteText is Rewrite with a string.
func (n *Node) RewriteText(now string) *diag.Edit {
	return n.Rewrite(&Node{Kind: String, Text: now})
}

// Rename returns the edit that renames the field, or nil where the name is not written
// literally at its position.
func (f *Field) Rename(name string) *diag.Edit {
	was, now := &Node{Kind: String, Text: f.Name}, &Node{Kind: String, Text: name}
	return f.At.rewrite(Scalar{Was: was, Now: now, Key: true})
}

func (p Pos) rewrite(s Scalar) *diag.Edit {
	start, end, ok := p.Bytes()
	if !ok || p.in.Lang == nil || end > len(p.in.Text) || s.Now.Kind == Struct || s.Now.Kind == List {
		return nil
	}
	from, to, now, ok := p.in.Lang.Rewrite(p.in.Text[start:end], s)
	if !ok {
		return nil
	}
	return &diag.Edit{Range: p.in.Range(start+from, start+to), NewText: now}
}
