package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// modelsText is models.json, which models.py writes: the bounds of the service models that the
// AWS CLI reads, those of botocore (Apache License 2.0). The SDK for Go leaves them out; what is
// required, and the values of enums, it knows itself.
//
//go:embed models.json
var modelsText []byte

var models = func() (m struct {
	Inputs map[string]*bounds `json:"inputs"` // by operation
}) {
	if err := json.Unmarshal(modelsText, &m); err != nil {
		panic(err)
	}
	return m
}()

// bounds are those of a value, and of what is in it. Min and Max are of a number, of the
// characters of a text, and of the values of a list or map.
type bounds struct {
	Min     *float64           `json:"min"`
	Max     *float64           `json:"max"`
	Pattern string             `json:"pattern"`
	Members map[string]*bounds `json:"members"` // of an object
	Each    *bounds            `json:"each"`    // value of a list or map
	Key     *bounds            `json:"key"`     // of a map
}

// check says where a value, as encoding/json reads it, is out of its bounds.
func (b *bounds) check(at string, v any) []error {
	if b == nil {
		return nil
	}
	var errs []error
	size := 0.0
	switch v := v.(type) {
	case map[string]any:
		size = float64(len(v))
		for name, value := range v {
			errs = append(errs, b.Key.check(at+"."+name, name)...)
			errs = append(errs, b.Each.check(at+"."+name, value)...)
			errs = append(errs, b.Members[name].check(at+"."+name, value)...)
		}
	case []any:
		size = float64(len(v))
		for i, value := range v {
			errs = append(errs, b.Each.check(fmt.Sprintf("%s[%d]", at, i), value)...)
		}
	case string:
		size = float64(utf8.RuneCountInString(v))
		if b.Pattern != "" && !regexp.MustCompile(`^(?:`+b.Pattern+`)$`).MatchString(v) {
			errs = append(errs, fmt.Errorf("%s is %q, which is not of the form %s", at, v, b.Pattern))
		}
	case float64:
		size = v
	}
	if b.Min != nil && size < *b.Min || b.Max != nil && size > *b.Max {
		errs = append(errs, fmt.Errorf("%s is, or has, %v: it is from %v to %v", at, size, deref(b.Min), deref(b.Max)))
	}
	return errs
}
