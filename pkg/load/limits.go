package load

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Limit is a bound on what authors may give, and on what is reported about it: far beyond what
// people write, and within what can be judged in seconds.
type Limit string

// The limits.
const (
	FileBytes         Limit = "file-bytes"
	Values            Limit = "values"
	Depth             Limit = "depth"
	TenantValues      Limit = "tenant-values"
	Entries           Limit = "entries"
	Documents         Limit = "documents"
	Directives        Limit = "directives"
	Tenants           Limit = "tenants"
	AliasValues       Limit = "alias-values"
	KeyBytes          Limit = "key-bytes"
	StringBytes       Limit = "string-bytes"
	Digits            Limit = "digits"
	Operators         Limit = "operators"
	DisjunctionArms   Limit = "disjunction-arms"
	Interpolations    Limit = "interpolations"
	RegexBytes        Limit = "regex-bytes"
	RegexParts        Limit = "regex-parts"
	Diagnostics       Limit = "diagnostics"
	MessageCharacters Limit = "message-characters"
)

// LimitInfo describes a limit.
type LimitInfo struct {
	Limit   Limit
	Default int
	Doc     string
}

// AllLimits lists the limits, in the order in which they are listed.
func AllLimits() []LimitInfo {
	return []LimitInfo{
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

// Limits are the limits that are set; the others have their defaults.
type Limits map[Limit]int

// Set reads NAME=NUMBER.
func (l Limits) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	n, err := strconv.Atoi(value)
	for _, known := range AllLimits() {
		if known.Limit == Limit(name) && err == nil && n > 0 {
			l[known.Limit] = n
			return nil
		}
	}
	var names []string
	for _, known := range AllLimits() {
		names = append(names, string(known.Limit))
	}
	return fmt.Errorf("%q is not NAME=NUMBER, of at least 1: names are %s", text, strings.Join(names, ", "))
}

// Of returns what a limit is set to.
func (l Limits) Of(limit Limit) int {
	if n, ok := l[limit]; ok {
		return n
	}
	return defaults[limit]
}

var defaults = func() Limits {
	l := Limits{}
	for _, known := range AllLimits() {
		l[known.Limit] = known.Default
	}
	return l
}()

// Help says how more is allowed than a limit.
func (l Limits) Help(limit Limit) string {
	return fmt.Sprintf("the limit %s is %d; --limit %s=NUMBER allows more", limit, l.Of(limit), limit)
}

// report says that a limit is passed.
func (l Limits) report(diags *diag.List, limit Limit, at diag.Range, msg string) {
	d := diags.Errorf(diag.Limit, nil, "%s", msg)
	d.Range, d.Help = at, l.Help(limit)
}
