package diag

import "fmt"

// Code names a kind of problem in words that scripts may lean on.
type Code string

// The codes.
const (
	UnknownField    Code = "unknown-field"    // a field that the spec does not have
	MissingField    Code = "missing-field"    // a required field is not there
	WrongType       Code = "wrong-type"       // a value of another kind than the field takes
	OutOfBounds     Code = "out-of-bounds"    // a number or a count outside its limits
	BadFormat       Code = "bad-format"       // a text that is not of the form asked for
	Conflict        Code = "conflict"         // two values that cannot both hold
	NotConcrete     Code = "not-concrete"     // CUE that does not come down to data
	Syntax          Code = "syntax"           // a file that its language cannot read
	Import          Code = "import"           // an import that cannot be resolved
	NotATenant      Code = "not-a-tenant"     // a file or directory that holds no tenant spec
	Unreadable      Code = "unreadable"       // a file that the system will not read
	UnknownProvider Code = "unknown-provider" // a provider that is not registered
	UnknownName     Code = "unknown-name"     // a reference to nothing
	DependencyCycle Code = "dependency-cycle" // things that wait for each other
	Duplicate       Code = "duplicate"        // a name that is taken
	Policy          Code = "policy"           // the landlord's policy refuses it
	Unsupported     Code = "unsupported"      // the platform has no such thing
	Approximated    Code = "approximated"     // the platform does something near it
	Limit           Code = "limit"            // an input too large or too costly to judge
)

func (l *List) add(s Severity, code Code, path Path, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Severity: s, Code: code, Path: path, Message: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}
