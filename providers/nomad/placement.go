package nomad

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var (
	// versions matches a list of bounds (github.com/hashicorp/go-version).
	versions = boundsOf(`=|!=|>|<|>=|<=|~>`)
	// semvers is the same without ~> (helper/constraints/semver).
	semvers = boundsOf(`=|!=|>|<|>=|<=`)
)

func boundsOf(operators string) *lazyregexp.Regexp {
	bound := `\s*(?:` + operators + `)?\s*v?\d+(?:\.\d+)*(?:-?[0-9A-Za-z.~-]+)?(?:\+[0-9A-Za-z.~-]+)?\s*`
	return lazyregexp.New(`^` + bound + `(?:,` + bound + `)*$`)
}

// constraints: structs.Constraint.Validate, structs.Affinity.Validate.
func constraints(c *check, w *workload) {
	for i, rule := range w.Ext.Constraints {
		c.constraint(w.AtExtension("constraints", i), rule)
	}
	for i, rule := range w.Ext.Affinities {
		path := w.AtExtension("affinities", i)
		c.constraint(path, rule.constraint)
		if rule.Weight != nil && *rule.Weight == 0 {
			d := c.Errorf(diag.OutOfBounds, path.To("weight"), "an affinity of weight 0 has no effect")
			d.Docs = docs + "affinity#weight"
		}
	}
}

func (c *check) constraint(path diag.Path, rule constraint) {
	op := rule.operator()
	var d *diag.Diagnostic
	switch {
	case rule.Attribute == "" && op != "distinct_hosts":
		d = c.Errorf(diag.MissingField, path.To("attribute"), "operator %q needs an attribute", op)
	case !knownAttribute(rule.Attribute):
		d = c.Errorf(diag.BadFormat, path.To("attribute"), "machines have no attribute %s", rule.Attribute)
		d.Help = "use ${attr.…}, ${meta.…}, ${device.…} or one of " + strings.Join(nodeAttributes, ", ")
	default:
		d = c.operand(path.To("value"), op, rule.Value)
	}
	if d != nil {
		d.Docs = docs + "constraint#operator"
	}
}

func knownAttribute(attribute string) bool {
	if !strings.HasPrefix(attribute, "$") || slices.Contains(nodeAttributes, attribute) {
		return true
	}
	return strings.HasSuffix(attribute, "}") && slices.ContainsFunc([]string{"${attr.", "${device.", "${meta."},
		func(prefix string) bool { return strings.HasPrefix(attribute, prefix) })
}

// operand checks the value that an operator compares with.
func (c *check) operand(path diag.Path, op, value string) *diag.Diagnostic {
	switch op {
	case "distinct_hosts":
		// any value but false means true
	case "distinct_property":
		if n, err := strconv.ParseUint(value, 10, 64); value != "" && (err != nil || n == 0) {
			return c.Errorf(diag.BadFormat, path, "operator %q takes a number from 1, not %q", op, value)
		}
	case "is_set", "is_not_set":
		if value != "" {
			return c.Errorf(diag.Conflict, path, "operator %q takes no value", op)
		}
	case "regexp":
		if _, err := regexp.Compile(value); err != nil {
			return c.Errorf(diag.BadFormat, path, "%q is not a regular expression: %s", value, err)
		}
	case "version":
		if !versions.MatchString(value) {
			return c.Errorf(diag.BadFormat, path, "%q is not a version constraint such as >= 1.2, < 2", value)
		}
	case "semver":
		if !semvers.MatchString(value) {
			return c.Errorf(diag.BadFormat, path, "%q is not a semver constraint such as >= 1.2.0, < 2.0.0", value)
		}
	default:
		if value == "" {
			return c.Errorf(diag.MissingField, path, "operator %q needs a value to compare with", op)
		}
	}
	return nil
}

func daemons(c *check, w *workload) {
	if w.Kind != plan.Daemon {
		return
	}
	for field, n := range plan.Sorted(map[string]int{"affinities": len(w.Ext.Affinities), "spreads": len(w.Ext.Spreads)}) {
		if n > 0 {
			d := c.Errorf(diag.Conflict, w.AtExtension(field), "a daemon runs on every machine, and nomad takes no %s for it", field)
			d.Help = "leave it out, or say by constraints which machines it runs on"
			d.Docs = docs + "job#type"
		}
	}
}

// spreads: structs.Spread.Validate.
func spreads(c *check, w *workload) {
	for i, s := range w.Ext.Spreads {
		sum := 0
		for _, percent := range s.Targets {
			sum += percent
		}
		if sum > 100 {
			d := c.Errorf(diag.OutOfBounds, w.AtExtension("spreads", i, "targets"), "the targets are %d%% together", sum)
			d.Help = "let them be 100 together at most"
			d.Docs = docs + "spread#target"
		}
	}
}

// extensionNames: the ports and volumes in the extension are those of the workload.
func extensionNames(c *check, w *workload) {
	ports := map[string]plan.Port{}
	for name, port := range w.Ports() {
		if port.Expose != "none" {
			ports[name] = port
		}
	}
	known := func(field, name string) {
		if _, ok := ports[name]; !ok {
			d := c.Errorf(diag.UnknownName, w.AtExtension(field, name), "workload %q exposes no port %q", w.Name, name)
			d.Help = "name one of the containers' ports that is internal or public"
		}
	}
	for name := range plan.Sorted(w.Ext.ServiceTags) {
		known("serviceTags", name)
	}
	for name, network := range plan.Sorted(w.Ext.HostNetworks) {
		known("hostNetworks", name)
		c.oneNetwork(w, ports, name, network)
	}
	for name := range plan.Sorted(w.Ext.Volumes) {
		if w.Volumes[name].Persistent == nil {
			d := c.Errorf(diag.UnknownName, w.AtExtension("volumes", name), "workload %q has no persistent volume %q", w.Name, name)
			d.Help = "declare it under volumes"
		}
	}
}

// oneNetwork: public ports with the same number share one port of the machine; see sharedLabel.
func (c *check) oneNetwork(w *workload, ports map[string]plan.Port, name, network string) {
	if ports[name].Expose != "public" {
		return
	}
	first := sharedLabel(ports, ports[name].Number)
	if other := w.Ext.HostNetworks[first]; other != "" && other != network {
		d := c.Errorf(diag.Conflict, w.AtExtension("hostNetworks", name), "port %q is the same port of the machine as %q, which is on network %q", name, first, other)
		d.Help = "put both on one network"
		d.Docs = docs + "network#host-networks"
	}
}

// placementRows are the rows of where copies run.
var placementRows = provider.Table{
	{Field: "workloads.placement.arch", Level: exact, How: "a `constraint` on `attr.cpu.arch`"},
	{Field: "workloads.placement.os", Level: exact, How: "a `constraint` on `attr.kernel.name`"},
	{Field: "workloads.placement.os", When: "windows, with several containers", Level: unsupported, How: "there the containers of a copy share no network", Instead: "make each a workload of its own"},
	{Field: "workloads.placement.spread", Level: exact, How: "a `spread` over machines, as far as there is room", Effect: rolling, Source: "scheduler/util.go, tasksUpdated"},
}
