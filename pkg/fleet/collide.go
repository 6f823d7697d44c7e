package fleet

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// collisions compares claims that come sorted: those that may meet come one after another, so
// that no more than a few are kept.
type collisions struct {
	found *findings
	notes bool

	key   []byte // of the claims that may meet
	line  []byte // the one before, where it is not read
	first Claim  // of the same key; of a host of the same name
	exact []byte // the first's key as a whole
	wilds []Claim

	reported map[[2]string]bool // pairs of tenants whose names meet: one name stands for the others
}

// mostWilds bounds how many wildcard hosts of one domain are kept, each of another path.
const mostWilds = 100

func (c *collisions) claim(line []byte) error {
	if !c.notes && isRead(line) {
		return nil
	}
	key := keyOf(line)
	if !bytes.Equal(key, c.key) {
		c.key, c.line = append(c.key[:0], key...), append(c.line[:0], line...)
		c.exact, c.wilds = c.exact[:0], c.wilds[:0]
		return nil
	}
	host := bytes.HasPrefix(line, []byte(`[["`+Host+`"`))
	if host && len(c.line) > 0 && len(c.wilds) == 0 && !isWild(c.line) && !bytes.Equal(texts(line, 4), texts(c.line, 4)) {
		c.line = append(c.line[:0], line...) // no wildcard covers it, and none has its name yet
		return nil
	}
	if len(c.line) > 0 { // the one before, which is alone no more
		first, err := readClaim(c.line)
		if err != nil {
			return fmt.Errorf("%w: %v", ErrFacts, err)
		}
		c.meets(first, c.line)
		c.line = c.line[:0]
	}
	if host && len(c.wilds) == 0 && !bytes.Equal(texts(line, 4), c.exact) {
		c.line = append(c.line[:0], line...)
		return nil
	}
	next, err := readClaim(line)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrFacts, err)
	}
	c.meets(next, line)
	return nil
}

// isRead reports whether a tenant only reads the resource of a line, such as a secret.
func isRead(line []byte) bool {
	return bytes.HasPrefix(line, []byte(`[["`+Shared+`"`)) && bytes.HasSuffix(texts(line, 5), []byte(`"read"`))
}

// isWild reports whether a host's line is a wildcard.
func isWild(line []byte) bool { return bytes.HasSuffix(texts(line, 3), []byte(`"*"`)) }

// meets compares a claim with those before it.
func (c *collisions) meets(next Claim, line []byte) {
	if next.Kind == Shared && next.Key[3] == writeBelow {
		if len(c.exact) > 0 && c.first.Key[3] == "write" && c.first.Tenant != next.Tenant {
			c.report(next, c.first, diag.SharedSource, diag.Error, fmt.Sprintf("%s %q, which contains this volume, is written to by tenant %q", next.Key[1], next.Key[2], c.first.Tenant))
		}
		return
	}
	exact := texts(line, 4)
	if next.Kind == Shared {
		exact = texts(line, 5)
	}
	taken := bytes.Equal(exact, c.exact)
	switch {
	case next.Kind == Shared && !taken && len(c.exact) > 0 && c.first.Tenant != next.Tenant && c.notes:
		c.report(next, c.first, diag.SharedSource, diag.Note, shared(next, c.first))
	case !taken:
	case next.Tenant == c.first.Tenant: // its own rules judge one tenant
	case next.Kind == Host:
		c.report(next, c.first, diag.HostTaken, diag.Error, fmt.Sprintf("%s is already one of tenant %q%s", next.address(), c.first.Tenant, onProvider(next, c.first)))
	case next.Kind == Native:
		c.native(next)
	case next.Kind == Port && !next.Accepted:
		c.report(next, c.first, diag.PortTaken, diag.Warning, fmt.Sprintf("port %s of each machine of %s is already one of tenant %q", next.Key[2], next.Key[1], c.first.Tenant))
	case next.Kind == Shared && next.Key[3] == "write":
		c.report(next, c.first, diag.SharedSource, diag.Error, fmt.Sprintf("%s %q is written to by tenant %q too", next.Key[1], next.Key[2], c.first.Tenant))
	case next.Kind == Shared && c.notes:
		c.report(next, c.first, diag.SharedSource, diag.Note, shared(next, c.first))
	}
	if next.Kind == Host {
		c.cover(next)
		if next.Key[1] == "*" && !taken && len(c.wilds) < mostWilds {
			c.wilds = append(c.wilds, next)
		}
	}
	if !taken {
		c.first, c.exact = next, append(c.exact[:0], exact...)
	}
}

func shared(next, first Claim) string {
	how := map[string]string{"read": "read", "write": "written to"}[first.Key[3]]
	return fmt.Sprintf("%s %q is %s by tenant %q too", next.Key[1], next.Key[2], how, first.Tenant)
}

// native reports a native name as one run does that compares its tenants itself.
func (c *collisions) native(next Claim) {
	severity := diag.Error
	if next.Concept != "" {
		severity = diag.Warning
		if next.Accepted {
			return
		}
	} else {
		pair := [2]string{c.first.Tenant, next.Tenant}
		if c.reported[pair] {
			return
		}
		if !c.found.full(diag.Duplicate) {
			c.reported[pair] = true
		}
	}
	c.report(next, c.first, diag.Duplicate, severity, fmt.Sprintf("%s %q is already one of tenant %q", next.Key[1], next.Key[2], c.first.Tenant))
}

// cover reports a host that the wildcard of another tenant covers: `*` is one label of a name
// (Kubernetes' Ingress, "hostname wildcards"; RFC 6125 6.4.3 for certificates).
func (c *collisions) cover(next Claim) {
	if next.Key[1] == "*" {
		return
	}
	for _, wild := range c.wilds {
		if wild.Tenant != next.Tenant && strings.HasPrefix(next.Key[2], wild.Key[2]) {
			c.report(next, wild, diag.HostCovered, diag.Error, fmt.Sprintf("%s is covered by %s of tenant %q%s", next.address(), wild.address(), wild.Tenant, onProvider(next, wild)))
			return
		}
	}
}

// help is what to do about each code.
var help = map[diag.Code]string{
	diag.HostTaken:    "give one of them another host or path",
	diag.HostCovered:  "give the wildcard and what it covers to one tenant, or one of them another domain",
	diag.PortTaken:    "a machine runs a copy of one of them at a time: give one another number, or list expose in the workload's accept",
	diag.SharedSource: "give each tenant a directory of its own, or mount it readOnly where it is only read",
	diag.Duplicate:    "names join the tenant's id and its own names: choose others",
}

func (c *collisions) report(next, first Claim, code diag.Code, severity diag.Severity, message string) {
	d := diag.Diagnostic{
		Severity: severity, Code: code, Message: message, Help: cmp.Or(next.Help, help[code]),
		Tenant: next.Tenant, Provider: next.Provider, Path: next.Path, Range: next.At.Range(), Concept: next.Concept,
		Related: []diag.Related{{Range: first.At.Range(), Message: "taken here"}},
	}
	if code == diag.SharedSource {
		d.Related[0].Message = "used here too"
	}
	if severity == diag.Note {
		d.Help = ""
	}
	c.found.add(d)
}

// address writes a host and its path as an author would.
func (c Claim) address() string {
	host := c.Key[1]
	if c.Key[0] != "" {
		host += "." + c.Key[0]
	}
	if path := strings.TrimSuffix(c.Key[2], "/"); path != "" {
		return fmt.Sprintf("host %q with path %q", host, path)
	}
	return fmt.Sprintf("host %q", host)
}

// onProvider names the other's provider where it is another.
func onProvider(next, first Claim) string {
	if next.Provider == first.Provider {
		return ""
	}
	return " on " + first.Provider
}

func compare(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// sorted walks a map by its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
