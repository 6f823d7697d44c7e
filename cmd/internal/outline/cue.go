package outline

import (
	"slices"
	"strconv"
)

// cueDocument is the outline of CUE or JSON.
func cueDocument(text string) *Node {
	p := &cueParser{text: text, tokens: scan(text), root: &Node{Kind: Struct, Value: Span{0, len(text)}}}
	p.push(frame{node: p.root, kind: '{'})
	for p.at < len(p.tokens) {
		p.step()
	}
	for _, f := range p.stack[1:] {
		f.node.extend(len(text))
	}
	return p.root
}

// frame is a bracket that is open, and the node whose value it is in.
type frame struct {
	node *Node
	kind byte // { of a struct, [ of a list, ( of an expression

	// A statement: from its first key, or an element.
	current *Node // the field or element whose value is being read
	valued  bool  // something of it was
	begins  int   // where the statement begins; -1 before
	words   bool  // it is no field: an import, a comprehension, a let
	hidden  bool  // nor are the fields in it: a let
}

type cueParser struct {
	text   string
	tokens []token
	at     int
	root   *Node
	stack  []frame
}

func (p *cueParser) peek(i int) token {
	if p.at+i < len(p.tokens) {
		return p.tokens[p.at+i]
	}
	return token{Span{len(p.text), len(p.text)}, 'n'}
}

// step takes the next token, or the next key.
func (p *cueParser) step() {
	f := &p.stack[len(p.stack)-1]
	t := p.peek(0)
	word := p.text[t.Start:t.End]
	switch {
	case t.kind == 'n' || t.kind == ',':
		p.at++
		if t.kind == ',' || p.endsLine() {
			f.end()
		}
	case t.kind == '}' || t.kind == ']' || t.kind == ')':
		p.at++
		p.pop(t)
	case f.kind == '(':
		p.at++
		if slices.Contains([]byte{'{', '[', '('}, t.kind) {
			p.push(frame{node: f.node, kind: '('})
		}
	case f.kind == '{' && p.key(f):
	case f.kind == '[' && f.current == nil:
		f.current = f.node.add("["+strconv.Itoa(len(f.node.Children))+"]", Span{t.Start, t.Start}, t.Start)
	case f.begins < 0 && slices.Contains([]string{"package", "import", "let", "for", "if"}, word):
		f.begins, f.words, f.hidden = t.Start, true, word == "let"
		p.at++
	default:
		p.value(f, t)
	}
}

// longestKey is how many tokens a key in brackets may have.
const longestKey = 100

// key takes a key, if one is next, and reports whether it was. A word at the beginning of a
// statement that is none yet is taken for one.
func (p *cueParser) key(f *frame) bool {
	if f.words || f.valued {
		return false
	}
	t, i := p.peek(0), 1
	name := ""
	switch t.kind {
	case 'i', 's':
		name, _ = unquoted(p.text[t.Start:t.End])
		if next := p.peek(1); t.kind == 'i' && next.kind == '=' && p.peek(2).kind != '=' && p.peek(2).kind != '~' {
			p.at += 2 // an alias
			return true
		}
	case '[', '(':
		depth := 0
		for ; ; i++ { // to its end
			k := p.peek(i - 1).kind
			if i > longestKey || p.at+i-1 >= len(p.tokens) || k == 'n' && t.kind == '(' {
				return false
			}
			if k == '[' || k == '(' || k == '{' {
				depth++
			} else if k == ']' || k == ')' || k == '}' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		name = "*"
	default:
		return false
	}
	end := p.peek(i - 1).End
	if k := p.peek(i).kind; k == '?' || k == '!' {
		i++
	}
	if p.peek(i).kind != ':' {
		first := f.current == nil && f.begins < 0 && (t.kind == 'i' || t.kind == 's') && (p.peek(1).kind == 'n' || p.peek(1).kind == '}' || p.peek(1).kind == ',')
		if !first || slices.Contains([]string{"package", "import", "let", "for", "if"}, p.text[t.Start:t.End]) {
			return false
		}
		n := f.node.add(name, t.Span, t.Start) // without a value yet
		n.Parent.extend(t.End)
		p.at++
		return true
	}
	parent := f.node
	if f.current != nil {
		parent = f.current
		parent.Kind = Struct
	} else {
		f.begins = t.Start
	}
	n := parent.add(name, Span{t.Start, end}, f.begins)
	colon := p.peek(i)
	n.Value = Span{colon.End, colon.End}
	n.Parent.extend(colon.End)
	if parent != f.node && parent.Value.Start > t.Start || parent.Value == (Span{}) {
		parent.Value.Start = t.Start
	}
	f.current = n
	p.at += i + 1
	return true
}

// value takes a token of a value.
func (p *cueParser) value(f *frame, t token) {
	p.at++
	n := f.current
	if n == nil {
		n = f.node // what is embedded, or a comprehension's
	} else if !f.valued {
		n.Value.Start = t.Start
	}
	if f.begins < 0 {
		f.begins = t.Start
	}
	first := !f.valued
	f.valued = f.valued || f.current != nil
	n.extend(t.End)
	switch t.kind {
	case '{':
		if f.current != nil {
			n.Kind, n.Flow = Struct, true
		}
		kind := t.kind
		if f.hidden {
			kind = '('
		}
		p.push(frame{node: n, kind: kind})
	case '[':
		if first && f.current != nil {
			n.Kind, n.Flow = List, true
			p.push(frame{node: n, kind: '['})
		} else {
			p.push(frame{node: n, kind: '('})
		}
	case '(':
		p.push(frame{node: n, kind: '('})
	case 'i', 's':
		if first && f.current != nil {
			n.Kind = Scalar
			n.Text, n.Quoted = unquoted(p.text[t.Start:t.End])
		} else if n.Kind == Scalar {
			n.Kind = None
		}
	default:
		if n.Kind == Scalar {
			n.Kind = None // an expression
		}
	}
}

func (p *cueParser) push(f frame) {
	f.begins = -1
	p.stack = append(p.stack, f)
}

func (p *cueParser) pop(t token) {
	if len(p.stack) == 1 {
		return
	}
	p.stack[len(p.stack)-1].node.extend(t.End)
	p.stack = p.stack[:len(p.stack)-1]
	f := &p.stack[len(p.stack)-1]
	if f.current != nil {
		f.current.extend(t.End)
	}
}

func (f *frame) end() {
	f.current, f.valued, f.begins, f.words, f.hidden = nil, false, -1, false, false
}

// endsLine reports whether the token before the end of a line ends what is written there: it is
// no operator.
func (p *cueParser) endsLine() bool {
	if p.at < 2 {
		return true
	}
	switch p.tokens[p.at-2].kind {
	case 'i', 's', 'n', '}', ']', ')', '?', '!', ',', '.', ':':
		return true
	}
	return false
}
