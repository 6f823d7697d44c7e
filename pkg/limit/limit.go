// Package limit defines the limits on specs and on diagnostics: far beyond what people write,
// and low enough to check a spec in seconds.
//
//	limits := limit.Limits{limit.FileBytes: 1 << 20}
//	n := limits.Of(limit.Depth) // the default, 200
package limit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Name is a limit's name.
type Name string

// The limits.
const (
	FileBytes         Name = "file-bytes"
	Values            Name = "values"
	Depth             Name = "depth"
	TenantValues      Name = "tenant-values"
	Entries           Name = "entries"
	Documents         Name = "documents"
	Directives        Name = "directives"
	Tenants           Name = "tenants"
	AliasValues       Name = "alias-values"
	KeyBytes          Name = "key-bytes"
	StringBytes       Name = "string-bytes"
	Digits            Name = "digits"
	Operators         Name = "operators"
	DisjunctionArms   Name = "disjunction-arms"
	Interpolations    Name = "interpolations"
	RegexBytes        Name = "regex-bytes"
	RegexParts        Name = "regex-parts"
	Diagnostics       Name = "diagnostics"
	MessageCharacters Name = "message-characters"
)

// Info describes a limit.
type Info struct {
	Name    Name
	Default int
	Doc     string
}

// All returns all limits, in the order of documentation.
func All() []Info {
	return []Info{
		{FileBytes, 16 << 20, "bytes of a file"},
		{Values, 1_000_000, "values of a file, by the separators between them"},
		{TenantValues, 10_000, "values of a tenant"},
		{Depth, 200, "structs, lists and labels inside each other"},
		{Entries, 20_000, "fields of a struct, or elements of a list"},
		{Documents, 10_000, "documents of a YAML file, or values of a JSON stream"},
		{Directives, 100, "directives (%YAML, %TAG) of a YAML document"},
		{Tenants, 1_000_000, "tenants of a run"},
		{AliasValues, 50_000, "values that the aliases of a YAML file stand for"},
		{KeyBytes, 4 << 10, "bytes of a field's name"},
		{StringBytes, 1 << 20, "bytes of a text"},
		{Digits, 400, "digits of a number"},
		{Operators, 1000, "operators and selectors in an expression of CUE"},
		{DisjunctionArms, 1000, "alternatives in a disjunction of CUE"},
		{Interpolations, 1000, "interpolations in an expression of CUE"},
		{RegexBytes, 4 << 10, "bytes of a regular expression in CUE"},
		{RegexParts, 10_000, "parts of a regular expression in CUE, with what it repeats by number written out"},
		{Diagnostics, 200, "problems reported of a file or package"},
		{MessageCharacters, 1000, "characters of a message, with the values that it quotes"},
	}
}

// Limits are the limits that differ from their defaults.
type Limits map[Name]int

// Set parses NAME=NUMBER.
func (l Limits) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	n, err := strconv.Atoi(value)
	for _, known := range All() {
		if known.Name == Name(name) && err == nil && n > 0 {
			l[known.Name] = n
			return nil
		}
	}
	return fmt.Errorf("%q is not NAME=NUMBER, of at least 1: names are %s", text, strings.Join(Names(), ", "))
}

// Names returns the names of the limits, in the order of All.
func Names() []string {
	var names []string
	for _, known := range All() {
		names = append(names, string(known.Name))
	}
	return names
}

// Of returns the value of a limit.
func (l Limits) Of(name Name) int {
	if n, ok := l[name]; ok {
		return n
	}
	return defaults[name]
}

var defaults = func() Limits {
	l := Limits{}
	for _, known := range All() {
		l[known.Name] = known.Default
	}
	return l
}()

// Help returns the help of a problem that exceeds a limit: what the limit is.
func (l Limits) Help(name Name) string { return (&Error{name, l.Of(name)}).Error() }

// Error is the error of what exceeds a limit.
type Error struct {
	Name  Name
	Limit int
}

// Error says what the limit is.
func (e *Error) Error() string { return fmt.Sprintf("the limit %s is %d", e.Name, e.Limit) }

// Report adds a diagnostic for an exceeded limit.
func (l Limits) Report(diags *diag.List, name Name, at diag.Range, msg string) {
	d := diags.Errorf(diag.Limit, nil, "%s", msg)
	d.Range, d.Help, d.Bound = at, l.Help(name), string(name)
}
