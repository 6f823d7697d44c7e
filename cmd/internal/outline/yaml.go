package outline

import (
	"strconv"
	"strings"
)

// yamlDocuments are the outlines of the documents of YAML.
func yamlDocuments(text string) []*Node {
	p := &yamlParser{text: text}
	p.document(0)
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		p.line(at, end)
		at = max(end, p.after) + 1
	}
	for _, d := range p.documents {
		d.Value.End = len(text)
	}
	return p.documents
}

type yamlParser struct {
	text      string
	documents []*Node
	open      []entry
	after     int // what comes before it has been read
}

// entry is a field or an element that what is indented more belongs to.
type entry struct {
	node   *Node
	column int
	dash   bool
}

func (p *yamlParser) document(at int) {
	d := &Node{Key: Span{at, at}, Value: Span{at, at}}
	p.documents = append(p.documents, d)
	p.open = []entry{{node: d, column: -1}}
}

func (p *yamlParser) top() entry { return p.open[len(p.open)-1] }

// line takes a line.
func (p *yamlParser) line(start, end int) {
	at := start + spaces(p.text[start:end])
	rest := strings.TrimRight(p.text[at:end], " \t\r")
	switch {
	case rest == "" || rest[0] == '#' || rest[0] == '%':
		return
	case at == start && (rest == "---" || strings.HasPrefix(rest, "--- ") || rest == "..."):
		if len(p.documents) > 1 || len(p.documents[0].Children) > 0 || rest == "..." {
			p.documents[len(p.documents)-1].Value.End = start
			p.document(end)
		}
		return
	}
	for strings.HasPrefix(p.text[at:end], "- ") || strings.TrimRight(p.text[at:end], " \t\r") == "-" {
		column := at - start
		p.pop(column, true)
		parent := p.top().node
		parent.Kind = List
		content := min(at+1+spaces(p.text[at+1:end]), end)
		n := parent.add("["+strconv.Itoa(len(parent.Children))+"]", Span{content, content}, at)
		n.extend(content)
		p.open = append(p.open, entry{n, column, true})
		if at = content; strings.TrimSpace(p.text[at:end]) == "" {
			return
		}
	}
	p.field(start, at, end)
}

// pop closes the entries that a line at a column does not belong to.
func (p *yamlParser) pop(column int, dash bool) {
	for len(p.open) > 1 && (p.top().column > column || p.top().column == column && (p.top().dash || !dash)) {
		p.open = p.open[:len(p.open)-1]
	}
}

// field takes a field, or what is none, from at to the end of a line.
func (p *yamlParser) field(start, at, end int) {
	key, ok := p.keyEnd(at, end)
	if !ok {
		p.loose(at-start, at, end)
		return
	}
	p.pop(at-start, false)
	parent := p.top().node
	parent.Kind = Struct
	name, _ := unquoted(strings.TrimSpace(p.text[at:key]))
	n := parent.add(name, Span{at, at + len(strings.TrimRight(p.text[at:key], " "))}, at)
	colon := key + 1
	n.Value = Span{colon, colon}
	n.Parent.extend(colon)
	p.open = append(p.open, entry{n, at - start, false})
	p.value(n, at-start, colon+spaces(p.text[colon:end]), end)
}

// loose takes what is no field: an element's value, or a key that is being written.
func (p *yamlParser) loose(column, at, end int) {
	top := p.top()
	if top.dash && len(top.node.Children) == 0 && top.node.Kind == None {
		p.value(top.node, top.column, at, end)
		return
	}
	p.pop(column, false)
	parent := p.top().node
	word := strings.TrimRight(p.text[at:end], " \t\r")
	if parent.Kind == Scalar || strings.ContainsAny(word, " {}[]") {
		if p.text[at] == '{' || p.text[at] == '[' {
			p.value(parent, column, at, end)
		}
		return // a text goes on
	}
	if parent.Kind == None {
		parent.Kind = Struct
	}
	name, _ := unquoted(word)
	parent.add(name, Span{at, at + len(word)}, at)
	parent.extend(at + len(word))
}

// keyEnd returns the offset of the colon after a key.
func (p *yamlParser) keyEnd(at, end int) (int, bool) {
	i := at
	switch p.text[at] {
	case '"', '\'':
		i = min(quotedEnd(p.text, at, 0), end)
		i += spaces(p.text[i:end])
	case '{', '[', '#', '|', '>', '@', '`', '&', '*', '!':
		return 0, false
	default:
		for ; i < end; i++ {
			if p.text[i] == ':' && (i+1 == end || strings.IndexByte(" \t\r", p.text[i+1]) >= 0) {
				break
			}
			if p.text[i] == '#' && i > at && p.text[i-1] == ' ' {
				return 0, false
			}
		}
	}
	return i, i < end && p.text[i] == ':'
}

// value takes the value of a node, which begins at an offset of a line, if it is there.
func (p *yamlParser) value(n *Node, column, at, end int) {
	for at < end && (p.text[at] == '&' || p.text[at] == '!') { // an anchor or a tag
		word := strings.IndexAny(p.text[at:end], " \t\r")
		if word < 0 {
			return
		}
		at += word
		at += spaces(p.text[at:end])
	}
	rest := strings.TrimRight(p.text[min(at, end):end], " \t\r")
	if rest == "" || rest[0] == '#' {
		return
	}
	n.Value.Start = at
	switch rest[0] {
	case '{', '[':
		p.after = max(p.after, p.flow(n, at, column))
		return
	case '|', '>':
		last := p.block(column, end)
		n.Kind, n.Quoted = Scalar, true
		n.Text = p.text[min(end+1, last):last]
		n.extend(last)
		p.after = max(p.after, last)
		return
	case '"', '\'':
		last := min(quotedEnd(p.text, at, 0), end)
		rest = p.text[at:last]
	default:
		if i := strings.Index(rest, " #"); i >= 0 {
			rest = strings.TrimRight(rest[:i], " \t")
		}
	}
	n.Kind = Scalar
	n.Text, n.Quoted = unquoted(rest)
	n.extend(at + len(rest))
}

// block is where a text ends whose lines are indented more than a column.
func (p *yamlParser) block(column, end int) int {
	last := end
	for at := end + 1; at < len(p.text); {
		end := lineEnd(p.text, at)
		indent := spaces(p.text[at:end])
		if blank := strings.TrimSpace(p.text[at:end]) == ""; !blank && indent <= column {
			break
		}
		last = end
		at = end + 1
	}
	return last
}

// flow takes a value in brackets, and returns where it ends: at the latest before a field that
// is indented no more than a column, which the field with the value is at.
func (p *yamlParser) flow(n *Node, at, column int) int {
	type level struct {
		node    *Node
		list    bool
		current *Node // the field or element whose value is next
	}
	var open []level
	in := n
	for i := at; i < len(p.text); {
		var top *level
		if len(open) > 0 {
			top = &open[len(open)-1]
		}
		element := func(start int) {
			if top.list && top.current == nil {
				top.current = top.node.add("["+strconv.Itoa(len(top.node.Children))+"]", Span{start, start}, start)
			}
		}
		switch c := p.text[i]; c {
		case '\n':
			next := i + 1 + spaces(p.text[i+1:lineEnd(p.text, i+1)])
			if next-i-1 <= column && next < len(p.text) {
				if _, ok := p.keyEnd(next, lineEnd(p.text, next)); ok {
					return i
				}
			}
			i++
		case ' ', '\t', '\r':
			i++
		case '#':
			if i > 0 && strings.IndexByte(" \t\n", p.text[i-1]) >= 0 {
				i = lineEnd(p.text, i)
			} else {
				i++
			}
		case '{', '[':
			if top != nil {
				element(i)
				if in = top.current; in == nil {
					in = top.node.add("", Span{i, i}, i) // a key that is no text
				}
			}
			in.Kind, in.Flow = map[byte]Kind{'{': Struct, '[': List}[c], true
			in.Value = Span{i, i + 1}
			open = append(open, level{node: in, list: c == '['})
			i++
		case '}', ']':
			i++
			top.node.extend(i)
			if open = open[:len(open)-1]; len(open) == 0 {
				return i
			}
		case ',':
			top.current = nil
			i++
		case ':':
			i++
			if top.current != nil {
				top.current.Value = Span{i, i}
				top.current.extend(i)
			}
		default:
			end := p.flowWord(i)
			name, quoted := unquoted(p.text[i:end])
			element(i)
			switch {
			case top.current == nil:
				top.current = top.node.add(name, Span{i, end}, i)
			default:
				top.current.Kind, top.current.Text, top.current.Quoted = Scalar, name, quoted
				top.current.Value.Start = i
			}
			top.node.extend(end)
			top.current.extend(end)
			i = end
		}
	}
	for _, l := range open {
		l.node.extend(len(p.text))
	}
	return len(p.text)
}

// flowWord is where a word in brackets ends.
func (p *yamlParser) flowWord(at int) int {
	if c := p.text[at]; c == '"' || c == '\'' {
		return quotedEnd(p.text, at, 0)
	}
	for i := at; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case strings.IndexByte(",{}[]\n", c) >= 0,
			c == ':' && (i+1 == len(p.text) || strings.IndexByte(" \t\r\n,]}", p.text[i+1]) >= 0):
			return max(at+1, i-(len(p.text[at:i])-len(strings.TrimRight(p.text[at:i], " \t\r"))))
		}
	}
	return len(p.text)
}

func spaces(text string) int { return len(text) - len(strings.TrimLeft(text, " \t")) }
