package provider

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// check judges a value for a type; in is the document's value there, which may be none, and of
// the field of a struct that leads here.
func (n *Native) check(l *diag.List, at diag.Path, path []string, in reflect.Value, t reflect.Type, of *reflect.StructField, v any) {
	in = indirect(in)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if len(path) > 0 && n.kept(l, at, path, v) || v == nil {
		return
	}
	wrong := func(want string) {
		d := l.Errorf(diag.WrongType, at, "%s of a %s is %s, not %s", strings.Join(path, "."), n.Name, kindName(v), want)
		d.Docs = n.Docs
	}
	if decodes(t) {
		b, err := json.Marshal(v)
		if err == nil {
			err = json.Unmarshal(b, reflect.New(t).Interface())
		}
		if err != nil {
			d := l.Errorf(diag.WrongType, at, "%s of a %s is no %s: %v", strings.Join(path, "."), n.Name, t.Name(), err)
			d.Docs = n.Docs
		}
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		if fields, ok := v.(map[string]any); ok {
			n.checkStruct(l, at, path, in, t, fields)
		} else {
			wrong("a struct")
		}
	case reflect.Map:
		fields, ok := v.(map[string]any)
		if !ok {
			wrong("a struct")
		}
		for _, name := range sortedKeys(fields) {
			n.check(l, at.To(name), append(slices.Clip(path), name), entry(in, name), t.Elem(), nil, fields[name])
		}
	case reflect.Slice:
		n.checkList(l, at, path, in, t, of, v, wrong)
	case reflect.Interface:
	default:
		n.checkScalar(l, at, path, t, v, wrong)
	}
}

func (n *Native) checkStruct(l *diag.List, at diag.Path, path []string, in reflect.Value, t reflect.Type, fields map[string]any) {
	names := map[string]reflect.StructField{}
	n.fields(t, nil, names)
	for _, name := range sortedKeys(fields) {
		f, ok := names[name]
		if !ok {
			d := l.Errorf(diag.UnknownField, at.To(name), "unknown field %q of %s", name, n.place(path))
			known := sortedKeys(names)
			if near := diag.Nearest(name, known); near != "" {
				d.Help = fmt.Sprintf("did you mean %q?", near)
			} else if len(known) <= 12 {
				d.Help = "allowed fields: " + strings.Join(known, ", ")
			}
			d.Docs = n.Docs
			continue
		}
		n.check(l, at.To(name), append(slices.Clip(path), name), field(in, f.Index), f.Type, &f, fields[name])
	}
}

func (n *Native) checkList(l *diag.List, at diag.Path, path []string, in reflect.Value, t reflect.Type, of *reflect.StructField, v any, wrong func(string)) {
	list, ok := v.([]any)
	if !ok {
		wrong("a list")
		return
	}
	key := n.key(of)
	for i, e := range list {
		here := reflect.Value{}
		if key != "" {
			id, ok := keyOf(e, key)
			if !ok {
				d := l.Errorf(diag.MissingField, at.To(i), "an element of %s has no %s, which tells it from the others", strings.Join(path, "."), key)
				d.Docs = n.Docs
				continue
			}
			if j := n.find(in, key, id); j >= 0 {
				here = in.Index(j)
			}
			if why := n.whyKept(append(slices.Clip(path), "+")); why != "" && !here.IsValid() {
				d := l.Errorf(diag.Conflict, at.To(i), "a patch adds none to %s of a %s, and %q is none of them", strings.Join(path, "."), n.Name, id)
				d.Help = why
				continue
			}
		}
		if m, ok := e.(map[string]any); ok && key != "" { // the key says which, and changes nothing
			rest := make(map[string]any, len(m))
			for name, v := range m {
				if name != key || !here.IsValid() {
					rest[name] = v
				}
			}
			e = rest
		}
		n.check(l, at.To(i), path, here, t.Elem(), nil, e)
	}
}

func (n *Native) checkScalar(l *diag.List, at diag.Path, path []string, t reflect.Type, v any, wrong func(string)) {
	if t == durationType {
		if s, ok := v.(string); ok {
			if _, err := time.ParseDuration(s); err == nil {
				return
			}
		}
	}
	switch t.Kind() {
	case reflect.String:
		s, ok := v.(string)
		if !ok {
			wrong("a string")
			return
		}
		if n.Words == nil {
			return
		}
		words := n.Words(t)
		if len(words) == 0 || slices.Contains(words, s) {
			return
		}
		d := l.Errorf(diag.OutOfBounds, at, "%s of a %s is %q, not one of %s", strings.Join(path, "."), n.Name, s, quotedList(words))
		if near := diag.Nearest(s, words); near != "" {
			d.Help = fmt.Sprintf("did you mean %q?", near)
		}
		d.Docs = n.Docs
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			wrong("true or false")
		}
	case reflect.Float32, reflect.Float64:
		if _, ok := v.(json.Number); !ok {
			wrong("a number")
		}
	default:
		number, ok := v.(json.Number)
		if t == durationType && !ok {
			wrong("a duration, such as 5s")
		} else if !ok || json.Unmarshal([]byte(number), reflect.New(t).Interface()) != nil {
			wrong("a whole number that fits")
		}
	}
}

// kept reports a field that no patch may touch, or whose removal takes one along.
func (n *Native) kept(l *diag.List, at diag.Path, path []string, v any) bool {
	why := n.whyKept(path)
	if why == "" && v == nil {
		for _, pattern := range sortedKeys(n.Kept) {
			if strings.HasPrefix(pattern, strings.Join(path, ".")+".") {
				why = pattern + " is in it: change other fields one by one"
				break
			}
		}
	}
	if why == "" {
		return false
	}
	d := l.Errorf(diag.Conflict, at, "a patch leaves %s of a %s as it is", strings.Join(path, "."), n.Name)
	d.Help, d.Docs = why, n.Docs
	return true
}

// whyKept is what to do instead of a patch of a field; "" where a patch may touch it.
func (n *Native) whyKept(path []string) string {
	joined := strings.Join(path, ".")
	for pattern, help := range n.Kept {
		rest, anywhere := strings.CutPrefix(pattern, "**.")
		if joined == pattern || anywhere && (joined == rest || strings.HasSuffix(joined, "."+rest)) {
			return help
		}
	}
	return ""
}

func (n *Native) place(path []string) string {
	if len(path) == 0 {
		return "a " + n.Name
	}
	return strings.Join(path, ".") + " of a " + n.Name
}

func kindName(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "a bool"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	}
	return "a struct"
}

func quotedList(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(all, ", ")
}
