package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
)

// wire is an HTTP client that sends nothing, and keeps what it would have sent.
type wire struct {
	path string
	body []byte
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	w.path, w.body = r.URL.Path, nil
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.body = body
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader("{}")),
		Request:    r,
	}, nil
}

// strict reads a document into the SDK's input, has the SDK judge it (call), and holds
// the document against what the SDK then sends: that has the service's own names, so a
// member that is misspelt, null, of another case or unknown to the SDK shows itself, as
// does one that the service requires and the document leaves out. The bounds of its values are
// those of the operation's model.
func strict(operation, data string, input any, call func() error) []error {
	written, err := tree(data)
	if err != nil {
		return []error{err}
	}
	d := json.NewDecoder(strings.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(input); err != nil {
		return []error{err}
	}
	errs := append(enums(reflect.ValueOf(input), ""), models.Inputs[operation].check("", written)...)
	if err := call(); err != nil {
		return append(errs, err)
	}
	sent, err := tree(string(lineOut.body))
	if err != nil {
		return append(errs, fmt.Errorf("sent: %w", err))
	}
	if name, ok := written["Name"]; ok && sent["Name"] == nil && path.Base(lineOut.path) == name {
		sent["Name"] = name // which EventBridge Scheduler has in the path
	}
	for _, token := range []string{"clientToken", "ClientToken"} {
		if _, ok := written[token]; !ok {
			delete(sent, token) // which the SDK makes up
		}
	}
	return append(errs, differences("", written, sent)...)
}

// tree reads an object, in which no member stands twice.
func tree(data string) (map[string]any, error) {
	d := json.NewDecoder(strings.NewReader(data))
	v, err := node(d, "")
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return object, nil
}

func node(d *json.Decoder, at string) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string)
			if _, ok := object[name]; ok {
				return nil, fmt.Errorf("%s.%s stands twice", at, name)
			}
			if object[name], err = node(d, at+"."+name); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := node(d, fmt.Sprintf("%s[%d]", at, len(list)))
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	return token, nil
}

// differences says where a document is not what the SDK sends.
func differences(at string, written, sent any) []error {
	if w, ok := written.(map[string]any); ok {
		if s, ok := sent.(map[string]any); ok {
			var errs []error
			for name := range w {
				if _, ok := s[name]; !ok {
					errs = append(errs, fmt.Errorf("%s.%s is not what the service calls it, or says nothing", at, name))
				} else {
					errs = append(errs, differences(at+"."+name, w[name], s[name])...)
				}
			}
			for name := range s {
				if _, ok := w[name]; !ok {
					errs = append(errs, fmt.Errorf("%s.%s is required", at, name))
				}
			}
			slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
			return errs
		}
	}
	if w, ok := written.([]any); ok {
		if s, ok := sent.([]any); ok && len(s) == len(w) {
			var errs []error
			for i := range w {
				errs = append(errs, differences(fmt.Sprintf("%s[%d]", at, i), w[i], s[i])...)
			}
			return errs
		}
	}
	if !reflect.DeepEqual(written, sent) {
		return []error{fmt.Errorf("%s is %v, and the SDK sends %v", at, written, sent)}
	}
	return nil
}

// enums looks for values that an enum of the SDK does not have.
func enums(v reflect.Value, at string) []error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return enums(v.Elem(), at)
		}
	case reflect.Struct:
		var errs []error
		for field, value := range v.Fields() {
			if field.IsExported() {
				errs = append(errs, enums(value, at+"."+field.Name)...)
			}
		}
		return errs
	case reflect.Slice:
		var errs []error
		for i := range v.Len() {
			errs = append(errs, enums(v.Index(i), fmt.Sprintf("%s[%d]", at, i))...)
		}
		return errs
	case reflect.String:
		values := v.MethodByName("Values")
		if v.Len() == 0 || !values.IsValid() {
			return nil
		}
		known := values.Call(nil)[0]
		for i := range known.Len() {
			if known.Index(i).String() == v.String() {
				return nil
			}
		}
		return []error{fmt.Errorf("%s is %q, which is none of %v", at, v.String(), known)}
	}
	return nil
}

// universal reads the input of a universal target: an operation's own, whose members
// begin with a capital letter (EventBridge Scheduler user guide, "Using universal
// targets").
func universal(data string) (string, error) {
	object, err := tree(data)
	if err != nil {
		return "", err
	}
	lowered, err := lower(object, "")
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = json.NewEncoder(&out).Encode(lowered)
	return out.String(), err
}

func lower(v any, at string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		object := map[string]any{}
		for name, value := range v {
			if name == "" || name[0] < 'A' || name[0] > 'Z' {
				return nil, fmt.Errorf("%s.%s does not begin with a capital letter", at, name)
			}
			inner, err := lower(value, at+"."+name)
			if err != nil {
				return nil, err
			}
			object[strings.ToLower(name[:1])+name[1:]] = inner
		}
		return object, nil
	case []any:
		for i := range v {
			inner, err := lower(v[i], fmt.Sprintf("%s[%d]", at, i))
			if err != nil {
				return nil, err
			}
			v[i] = inner
		}
	}
	return v, nil
}
