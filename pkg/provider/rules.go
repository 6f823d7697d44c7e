package provider

import "context"

// Rule is one thing that a platform asks of a tenant and CUE does not say. Check reports where
// it is not met; its type F says what it looks at, see [Rules].
type Rule[F any] struct {
	Name   string // in words: restart-policy
	Doc    string // what the platform does, or refuses
	Source string // where the platform's code or documentation says so, and when that was checked
	Check  F
}

// Rules are all rules of a provider, in the order in which they are checked. C gathers the
// diagnostics of one tenant, W is the provider's type of a workload.
type Rules[C, W any] struct {
	Tenant   []Rule[func(C)]    // checked once
	Workload []Rule[func(C, W)] // checked for each workload
}

// Validate checks the rules on the tenant, and then those on each workload. The error is that
// of ctx.
func (r Rules[C, W]) Validate(ctx context.Context, c C, workloads []W) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, rule := range r.Tenant {
		rule.Check(c)
	}
	for _, w := range workloads {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, rule := range r.Workload {
			rule.Check(c, w)
		}
	}
	return nil
}

// RuleInfo is what is published of a rule; see [Rule].
type RuleInfo struct{ Name, Doc, Source string }

// List returns what the rules say of themselves, in their order: what [Info] publishes.
func (r Rules[C, W]) List() []RuleInfo {
	var all []RuleInfo
	for _, rule := range r.Tenant {
		all = append(all, RuleInfo{rule.Name, rule.Doc, rule.Source})
	}
	for _, rule := range r.Workload {
		all = append(all, RuleInfo{rule.Name, rule.Doc, rule.Source})
	}
	return all
}
