package nomad

import (
	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// constraintsOf returns the requirements on machines for a workload.
func constraintsOf(w *workload) []*api.Constraint {
	var out []*api.Constraint
	if p := w.Placement; p != nil {
		if p.Arch != "" {
			out = append(out, &api.Constraint{LTarget: "${attr.cpu.arch}", RTarget: p.Arch, Operand: "="})
		}
		if p.OS != "" {
			out = append(out, &api.Constraint{LTarget: "${attr.kernel.name}", RTarget: p.OS, Operand: "="})
		}
	}
	for _, rule := range w.Ext.Constraints {
		out = append(out, &api.Constraint{LTarget: rule.Attribute, RTarget: rule.Value, Operand: rule.operator()})
	}
	return out
}

func affinitiesOf(w *workload) []*api.Affinity {
	var out []*api.Affinity
	for _, rule := range w.Ext.Affinities {
		out = append(out, &api.Affinity{LTarget: rule.Attribute, RTarget: rule.Value, Operand: rule.operator(), Weight: weight(rule.Weight)})
	}
	return out
}

// spreadsOf returns the attributes over which copies are spread. The core's spread puts them on
// different machines if possible, because a spread block is never a requirement.
func spreadsOf(w *workload) []*api.Spread {
	var out []*api.Spread
	if w.Placement != nil && w.Placement.Spread {
		out = append(out, &api.Spread{Attribute: "${node.unique.id}", Weight: new(int8(100))})
	}
	for _, s := range w.Ext.Spreads {
		block := &api.Spread{Attribute: s.Attribute, Weight: weight(s.Weight)}
		for value, percent := range plan.Sorted(s.Targets) {
			block.SpreadTarget = append(block.SpreadTarget, &api.SpreadTarget{Value: value, Percent: uint8(percent)})
		}
		out = append(out, block)
	}
	return out
}

// weight returns the weight of a rule, 50 by default.
func weight(n *int) *int8 {
	if n == nil {
		return new(int8(50))
	}
	return new(int8(*n))
}
