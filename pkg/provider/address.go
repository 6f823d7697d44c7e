package provider

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Addresses returns the public hosts and paths of a workload's ingress as native names, for a
// platform on which tenants share a server. at is the workload's path; by names the server if
// there may be several: " of ingress class nginx".
func Addresses(w *plan.Workload, at diag.Path, by string) []NativeName {
	var names []NativeName
	for i, in := range w.Ingress {
		names = append(names, NativeName{
			Scope: "public address" + by,
			Name:  in.Host + strings.TrimSuffix(in.Path, "/"),
			Path:  at.To("ingress", i),
			Help:  "give one of them another host or path",
		})
	}
	return names
}
