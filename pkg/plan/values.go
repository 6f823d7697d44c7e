package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Sorted yields the entries of a map in the order of its keys.
func Sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		var few [16]string // enough for most maps, without an allocation
		keys := few[:0]
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// Count is a number of copies, or a percentage of them. Its JSON form is 2 or "25%".
type Count struct {
	N       int
	Percent bool
}

// String formats the count as an author would.
func (c Count) String() string {
	if c.Percent {
		return strconv.Itoa(c.N) + "%"
	}
	return strconv.Itoa(c.N)
}

// MarshalJSON writes a number, or a percentage as a string.
func (c Count) MarshalJSON() ([]byte, error) {
	if c.Percent {
		return json.Marshal(c.String())
	}
	return json.Marshal(c.N)
}

// UnmarshalJSON decodes what MarshalJSON writes.
func (c *Count) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		*c = Count{}
		return json.Unmarshal(b, &c.N)
	}
	n, ok := strings.CutSuffix(strings.Trim(string(b), `"`), "%")
	v, err := strconv.Atoi(n)
	if !ok || err != nil {
		return fmt.Errorf("%s is neither a count nor a percentage", b)
	}
	*c = Count{N: v, Percent: true}
	return nil
}

// PortRef is a container's port by name, or a number. Its JSON form is "http" or 8080.
type PortRef struct {
	Name   string
	Number int // 0 where Name is set
}

// String formats the reference as an author would.
func (r PortRef) String() string {
	if r.Name != "" {
		return r.Name
	}
	return strconv.Itoa(r.Number)
}

// MarshalJSON writes a name or a number.
func (r PortRef) MarshalJSON() ([]byte, error) {
	if r.Name != "" {
		return json.Marshal(r.Name)
	}
	return json.Marshal(r.Number)
}

// UnmarshalJSON decodes what MarshalJSON writes.
func (r *PortRef) UnmarshalJSON(b []byte) error {
	*r = PortRef{}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &r.Name)
	}
	return json.Unmarshal(b, &r.Number)
}

// Extension is a provider's own data as JSON that the core does not read: compact, with sorted
// keys. Empty if the author wrote none.
type Extension string

// IsZero reports whether the author wrote no extension.
func (e Extension) IsZero() bool { return e == "" }

// MarshalJSON returns the JSON unchanged.
func (e Extension) MarshalJSON() ([]byte, error) {
	if e == "" {
		return []byte("null"), nil
	}
	return []byte(e), nil
}

// UnmarshalJSON accepts any JSON, and normalises white space and key order.
func (e *Extension) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	if v == nil {
		*e = ""
		return nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	*e = Extension(strings.TrimSuffix(out.String(), "\n"))
	return nil
}

// Fields returns the names of the extension's top-level fields, sorted. The extension must be a
// JSON object.
func (e Extension) Fields() []string {
	var names []string
	depth := 0
	for i := 0; i < len(e); i++ {
		switch e[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			start := i
			for i++; i < len(e) && e[i] != '"'; i++ {
				if e[i] == '\\' {
					i++
				}
			}
			if depth == 1 && i+1 < len(e) && e[i+1] == ':' {
				name := string(e[start+1 : i])
				if strings.Contains(name, `\`) {
					_ = json.Unmarshal([]byte(e[start:i+1]), &name) // a valid JSON string
				}
				names = append(names, name)
			}
		}
	}
	return names
}

// Decode decodes the extension into a provider's own type, which must have every field; an
// empty extension leaves it unchanged.
func (e Extension) Decode(into any) error {
	if e == "" {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(e)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
