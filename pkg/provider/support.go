package provider

// Level says how well a platform does what a field of the spec asks for.
type Level string

// The levels, from the best.
const (
	// Exact: the platform does just this.
	Exact Level = "exact"
	// Approximated: it does nearly this. Validate warns of it, or notes it where only
	// precision is lost.
	Approximated Level = "approximated"
	// Unsupported: it has no such thing. Validate refuses it.
	Unsupported Level = "unsupported"
)

// Support is what a platform makes of a field of the spec. Where that depends on
// other fields, there is one for each case.
type Support struct {
	// Field is a path without the names that authors choose:
	// workloads.containers.health.grpc.
	Field string
	// When is the case, as a clause: in a job or cron. Empty: always, or in the cases
	// that no other entry names.
	When  string
	Level Level
	// How is what the field becomes on the platform, or why it becomes nothing.
	How string
	// Instead is the way out of what is approximated or unsupported.
	Instead string
}
