package provider

import "context"

// Rule is a requirement of a platform that CUE does not express. Check reports violations; its
// type F depends on what it checks, see [Rules].
type Rule[F any] struct {
	Name   string // readable: restart-policy
	Doc    string // what the platform does, or refuses
	Source string // the platform's code or documentation, and when it was checked
	Check  F
}

// Rules are all rules of a provider, in the order of checking. C collects the diagnostics of
// one tenant, W is the provider's type of a workload.
type Rules[C, W any] struct {
	Tenant   []Rule[func(C)]    // checked once
	Workload []Rule[func(C, W)] // checked for each workload
}

// Validate checks the rules for the tenant, and then those for each workload. The error is that
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

// RuleInfo is the published part of a rule; see [Rule].
type RuleInfo struct{ Name, Doc, Source string }

// List returns the descriptions of the rules, in order, for [Info].
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
