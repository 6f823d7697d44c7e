package relations

import (
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/mask"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// noCredentials: a variable's value can be read by all who read the spec, the plan or the
// platform's own description of the workload. The spec says where a secret's value lives.
func noCredentials(c *container) {
	for name, e := range plan.Sorted(c.Env) {
		if e.Value == nil || !mask.IsCredential(*e.Value) {
			continue
		}
		d := c.diags.Warnf(diag.InlineSecret, c.at("env", name), "the value of %s looks like a credential, and all who see the spec can read it", name)
		d.Help = "revoke it; put another in the platform's store, its place under the tenant's secrets, and {secret: NAME} here"
	}
}
