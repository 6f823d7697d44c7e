package diag

// Code is a kind of problem. Codes are stable, so scripts may depend on them.
type Code string

// The codes; [Codes] describes each.
const (
	UnknownField    Code = "unknown-field"
	MissingField    Code = "missing-field"
	WrongType       Code = "wrong-type"
	OutOfBounds     Code = "out-of-bounds"
	BadFormat       Code = "bad-format"
	Conflict        Code = "conflict"
	NotConcrete     Code = "not-concrete"
	Syntax          Code = "syntax"
	Import          Code = "import"
	NotATenant      Code = "not-a-tenant"
	Unreadable      Code = "unreadable"
	UnknownProvider Code = "unknown-provider"
	UnknownName     Code = "unknown-name"
	DependencyCycle Code = "dependency-cycle"
	Duplicate       Code = "duplicate"
	HostTaken       Code = "host-taken"
	HostCovered     Code = "host-covered"
	PortTaken       Code = "port-taken"
	SharedSource    Code = "shared-source"
	Policy          Code = "policy"
	InlineSecret    Code = "inline-secret"
	Unsupported     Code = "unsupported"
	Approximated    Code = "approximated"
	Limit           Code = "limit"
	Waiver          Code = "waiver"
)

// CodeDoc is a short description of a code.
type CodeDoc struct {
	Code Code
	Doc  string
}

// Codes returns every code with its description.
func Codes() []CodeDoc {
	return []CodeDoc{
		{UnknownField, "a field that the spec does not have"},
		{MissingField, "a required field is not there"},
		{WrongType, "a value of another kind than the field takes"},
		{OutOfBounds, "a number or a count outside its limits"},
		{BadFormat, "a text that is not of the form asked for"},
		{Conflict, "two values that cannot both hold"},
		{NotConcrete, "CUE that does not evaluate to data"},
		{Syntax, "a file that its language cannot read"},
		{Import, "an import that cannot be resolved"},
		{NotATenant, "a file or directory that holds no tenant spec"},
		{Unreadable, "a file that the system will not read"},
		{UnknownProvider, "a provider that is not registered"},
		{UnknownName, "a reference to nothing"},
		{DependencyCycle, "things that wait for each other"},
		{Duplicate, "a name that is taken"},
		{HostTaken, "a host and path that another tenant has"},
		{HostCovered, "a host that another tenant's wildcard covers"},
		{PortTaken, "a port of machines that another tenant takes"},
		{SharedSource, "storage or a secret that several tenants use"},
		{Policy, "the landlord's policy refuses it"},
		{InlineSecret, "a secret's value, where only its place belongs"},
		{Unsupported, "the platform has no such thing"},
		{Approximated, "the platform does something near it"},
		{Limit, "an input too large or too costly to judge"},
		{Waiver, "a waiver that has ended, matches nothing or has no reason"},
	}
}
