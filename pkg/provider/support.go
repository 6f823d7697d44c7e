package provider

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Level is how well a platform supports a field of the spec.
type Level string

// The levels, from the best.
const (
	// Exact: the platform does exactly this.
	Exact Level = "exact"
	// Approximated: it does nearly this. Validate warns of it, or adds a note if only precision
	// is lost.
	Approximated Level = "approximated"
	// Unsupported: it does not support this. Validate refuses it.
	Unsupported Level = "unsupported"
)

// Support is what a platform makes of a field of the spec. If that depends on other fields,
// there is one for each case.
type Support struct {
	// Field is a path without the names that authors choose:
	// workloads.containers.health.grpc.
	Field string
	// When is the case, as a clause: in a job or cron. Empty: always, or in all other cases.
	When  string
	Level Level
	// How is what the field becomes on the platform, or why it is not supported.
	How string
	// Instead is the alternative to an approximated or unsupported field.
	Instead string
}

// chosen are the fields whose keys authors choose, and how many levels deep.
var chosen = map[string]int{
	"labels": 1, "secrets": 1, "config": 2, "workloads": 1, "containers": 1, "volumes": 1,
	"env": 1, "values": 1, "ports": 1, "mounts": 1, "dependsOn": 1,
}

// FieldOf returns a path without the names that authors choose, as in [Support].
func FieldOf(path diag.Path) string {
	var field []string
	names := 0
	for _, elem := range path {
		switch {
		case names > 0:
			names--
		case !strings.HasPrefix(elem, "["):
			field = append(field, elem)
			names = chosen[elem]
		}
	}
	return strings.Join(field, ".")
}

// SupportOf returns a provider's entries for a field, or else for the nearest field above it
// with any. Entries for workloads and containers do not apply to their fields. It returns nil
// if there are none.
func (i Info) SupportOf(field string) []Support {
	for asked := field; ; {
		if field != asked && (field == "workloads" || field == "workloads.containers") {
			return nil
		}
		var all []Support
		for _, s := range i.Support {
			if s.Field == field {
				all = append(all, s)
			}
		}
		if len(all) > 0 || field == "" {
			return all
		}
		field = field[:max(strings.LastIndexByte(field, '.'), 0)]
	}
}
