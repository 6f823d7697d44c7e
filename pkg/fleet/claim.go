package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Kind is what a claim is of.
type Kind string

// The kinds of claims, in the order in which they are written.
const (
	Host   Kind = "host"   // key: the host's parent, its first label, the path
	Native Kind = "name"   // key: provider, scope, name
	Port   Kind = "port"   // key: provider, which machines, number and protocol
	Shared Kind = "source" // key: provider, kind, name, and read, write or writeBelow
)

// writeBelow marks a source of which a tenant writes to a part.
const writeBelow = "write-below"

// Claim is something that a tenant claims, and that others may claim too.
type Claim struct {
	Kind     Kind
	Key      []string // equal for what is the same
	Tenant   string
	Provider string
	Path     diag.Path // what of the spec makes the claim
	At       Place

	Concept  diag.Concept // that a warning is about, where two tenants may have a name
	Accepted bool         // the workload accepts that another tenant has it
	Help     string       // what to do where two tenants have it
}

// claimsOf returns what a plan claims. A native name that is made of an entry of ingress is
// claimed as its host: across platforms, hosts have one owner.
func claimsOf(s Source) []Claim {
	p := s.Plan
	of := func(k Kind, path diag.Path, at diag.Range, key ...string) Claim {
		return Claim{Kind: k, Key: key, Tenant: p.ID, Provider: p.Provider, Path: path, At: Place(at)}
	}
	var all []Claim
	for name, w := range p.Workloads {
		for i, in := range w.Ingress {
			path := diag.At("workloads", name, "ingress", i)
			label, parent, _ := strings.Cut(strings.ToLower(in.Host), ".")
			all = append(all, of(Host, path, s.Locate(path.To("host")), parent, label, strings.TrimSuffix(in.Path, "/")+"/"))
		}
	}
	for _, n := range s.Names {
		if len(n.Path) > 2 && n.Path[0] == "workloads" && n.Path[2] == "ingress" && strings.HasPrefix(n.Scope, "public address") {
			continue
		}
		c := of(Native, n.Path, n.At, p.Provider, n.Scope, n.Name)
		c.Concept, c.Accepted, c.Help = n.Concept, n.Accepted, n.Help
		all = append(all, c)
	}
	for _, port := range s.Place.HostPorts {
		c := of(Port, port.Path, s.Locate(port.Path), p.Provider, port.Of, strings.TrimSuffix(strconv.Itoa(port.Number)+"/"+port.Protocol, "/"))
		c.Concept = "expose"
		if w, ok := p.Workloads[port.Path[1]]; ok {
			c.Accepted = slices.Contains(w.Accept, "expose")
		}
		all = append(all, c)
	}
	for _, source := range s.Place.Sources {
		how := "read"
		if source.Writes {
			how = "write"
		}
		at := s.Locate(source.Path)
		all = append(all, of(Shared, source.Path, at, p.Provider, source.Kind, source.Name, how))
		for _, name := range source.Within {
			if source.Writes {
				all = append(all, of(Shared, source.Path, at, p.Provider, source.Kind, name, writeBelow))
			}
		}
	}
	return all
}

// appendLine writes a claim so that lines sort as claims do: by kind and key, then by place. A
// place is a text of numbers of one width. It is JSON, written by hand for each of the half
// dozen claims that a tenant has.
func (c *Claim) appendLine(b []byte) []byte {
	b = append(b, '[', '[')
	b = appendText(b, string(c.Kind))
	for _, k := range c.Key {
		b = appendText(append(b, ','), k)
	}
	b = appendText(append(b, ']', ','), c.At.File)
	b = append(b, ',', '"')
	for i, n := range [...]int{c.At.Line, c.At.Column, c.At.EndLine, c.At.EndColumn} {
		if i > 0 {
			b = append(b, "::-:"[i])
		}
		b = appendNumber(b, n, [...]int{8, 6, 8, 6}[i])
	}
	b = append(b, '"')
	for _, text := range [...]string{c.Tenant, c.Provider, c.Path.String()} {
		b = appendText(append(b, ','), text)
	}
	if c.Concept != "" || c.Accepted || c.Help != "" {
		accepted := ""
		if c.Accepted {
			accepted = "accepted"
		}
		for _, text := range [...]string{string(c.Concept), accepted, c.Help} {
			b = appendText(append(b, ','), text)
		}
	}
	return append(b, ']', '\n')
}

// appendText writes a text as JSON.
func appendText(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := encode(text) // a text has a JSON form
			return append(b, bytes.TrimSuffix(quoted, []byte("\n"))...)
		}
	}
	b = append(append(b, '"'), text...)
	return append(b, '"')
}

// appendNumber writes a number with at least so many digits.
func appendNumber(b []byte, n, width int) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], int64(n), 10)
	for i := len(text); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, text...)
}

// encode writes JSON on one line, which ends with a newline.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// readClaim reads what line writes.
func readClaim(line []byte) (Claim, error) {
	var c Claim
	var parts []json.RawMessage
	if err := json.Unmarshal(line, &parts); err != nil {
		return c, err
	}
	if len(parts) != 6 && len(parts) != 9 {
		return c, fmt.Errorf("a claim of %d parts", len(parts))
	}
	var texts [9]string
	for i, part := range parts[1:] {
		if err := json.Unmarshal(part, &texts[i+1]); err != nil {
			return c, err
		}
	}
	var key []string
	if err := json.Unmarshal(parts[0], &key); err != nil {
		return c, err
	}
	keys := map[Kind]int{Host: 3, Native: 3, Port: 3, Shared: 4}
	if len(key) < 1 || len(key)-1 != keys[Kind(key[0])] {
		return c, fmt.Errorf("a claim with the key %q", key)
	}
	c.Kind, c.Key = Kind(key[0]), key[1:]
	c.At.File, c.Tenant, c.Provider = texts[1], texts[3], texts[4]
	if _, err := fmt.Sscanf(texts[2], "%d:%d-%d:%d", &c.At.Line, &c.At.Column, &c.At.EndLine, &c.At.EndColumn); err != nil {
		return c, err
	}
	c.Concept, c.Accepted, c.Help = diag.Concept(texts[6]), texts[7] != "", texts[8]
	var err error
	c.Path, err = diag.ParsePath(texts[5])
	return c, err
}

// keyOf returns the part of a claim's line that is the same for claims that may meet: of a host
// its parent, since a wildcard covers what is below it; of a source what it is; of others all
// of the key.
func keyOf(line []byte) []byte {
	if bytes.HasPrefix(line, []byte(`[["`+Host+`"`)) {
		return texts(line, 2)
	}
	return texts(line, 4)
}

// texts returns a claim's line up to the n-th text in it.
func texts(line []byte, n int) []byte {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case quoted && line[i] == '\\':
			i++
		case line[i] != '"':
		case quoted && n == 1:
			return line[:i+1]
		case quoted:
			quoted = false
			n--
		default:
			quoted = true
		}
	}
	return line
}
