package provider

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// ReadsSecret reports whether a container of a workload reads a secret, into its environment or
// as a file.
func ReadsSecret(w *plan.Workload, name string) bool { return reads(w, diag.At("secrets", name)) }

// ReadsConfig reports whether a container of a workload reads a file of a configuration, or any
// file if file is empty.
func ReadsConfig(w *plan.Workload, name, file string) bool {
	path := diag.At("config", name)
	if file != "" {
		path = path.To(file)
	}
	return reads(w, path)
}

// reads reports whether a workload reads the value at a path of the plan: config.NAME.FILE,
// secrets.NAME, or a prefix of either.
func reads(w *plan.Workload, path diag.Path) bool {
	is := func(i int, name string) bool { return name != "" && (len(path) <= i || path[i] == name) }
	switch {
	case path.Within("config"):
		return w.Reads(
			func(e plan.EnvValue) bool { return is(1, e.Config) && is(2, e.File) },
			func(m plan.Mount) bool { return is(1, m.Config) && (m.File == "" || is(2, m.File)) })
	case path.Within("secrets"):
		return w.Reads(
			func(e plan.EnvValue) bool { return is(1, e.Secret) },
			func(m plan.Mount) bool { return is(1, m.Secret) })
	}
	return false
}

// Endpoint returns the text of a variable for an endpoint of another workload with a known
// host: the variable's format with {host} and {port} replaced.
func Endpoint(p *plan.Plan, v plan.EnvValue, host string) string {
	w := p.Workloads[v.Endpoint.Workload]
	port, _ := w.Port(v.Endpoint.Port)
	return strings.NewReplacer("{host}", host, "{port}", strconv.Itoa(port.Number)).Replace(v.Format)
}
