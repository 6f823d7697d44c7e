package data

import "github.com/cuecompute/cuecompute/pkg/diag"

// Language knows how the scalars of a source are written.
type Language interface {
	// Rewrite returns which bytes of a text, that of a place, write out a scalar, and what
	// writes another there. It is false where they do not write it out, such as a
	// reference, or where it takes more than one line.
	Rewrite(text []byte, s Scalar) (start, end int, now string, ok bool)

	// Written returns the author's own characters of a number or bool, of the text of its
	// position. It is false where they do not write it out there.
	Written(text []byte, n *Node) (characters string, ok bool)
}

// Scalar is a value that becomes another. A key is a text, however it is written.
type Scalar struct {
	Was, Now *Node
	Key      bool
}

// Written returns the author's own characters of a number or bool, such as 0x1F, whose
// Text is 31. It is false where they are not known, such as of a reference.
func (n *Node) Written() (characters string, ok bool) {
	start, end, ok := n.At.Bytes()
	if !ok || n.At.in.Lang == nil || end > len(n.At.in.Text) {
		return "", false
	}
	return n.At.in.Lang.Written(n.At.in.Text[start:end], n)
}

// Rewrite returns the edit that writes another scalar in place of the node's own, or nil
// where that is not written out at its place.
func (n *Node) Rewrite(now *Node) *diag.Edit { return n.At.rewrite(Scalar{Was: n, Now: now}) }

// RewriteText is Rewrite with a text.
func (n *Node) RewriteText(now string) *diag.Edit {
	return n.Rewrite(&Node{Kind: String, Text: now})
}

// Rename returns the edit that gives the field another name, or nil where its own is not
// written out at its place.
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
