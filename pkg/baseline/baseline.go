// Package baseline separates new problems from earlier ones, so that rules can be
// tightened where old specs break them.
//
//	known := new(baseline.Known)
//	known.Add(before, nil)
//	now, old := known.New(now, nil)
package baseline

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Known are the errors and warnings that were there before, each as often as it was. The zero
// value has none. It is not for concurrent use.
type Known struct{ counts map[identity]int }

// identity is what a problem keeps when lines move.
type identity struct {
	severity         diag.Severity
	code             diag.Code
	tenant, provider string
	path             string
	file             string // of a problem that names no tenant
	message          string // without positions
}

// position is where a message says that something is.
var position = lazyregexp.New(`\S+:[0-9]+(?::[0-9]+)?\b`)

// identities returns a problem's identities: one for each of its tenants and providers.
func identities(d diag.Diagnostic, name func(string) string) []identity {
	id := identity{severity: d.Severity, code: d.Code, path: d.Path.String(), message: position.ReplaceAllString(d.Message, "")}
	if d.Tenant == "" {
		if id.file = d.File; name != nil {
			id.file = name(d.File)
		}
	}
	var all []identity
	for tenant := range strings.SplitSeq(d.Tenant, ",") {
		for provider := range strings.SplitSeq(d.Provider, ",") {
			id.tenant, id.provider = tenant, provider
			all = append(all, id)
		}
	}
	return all
}

// Add adds errors and warnings. Name gives a file the name that it is known by before and now;
// nil: its own.
func (k *Known) Add(diags diag.List, name func(string) string) {
	if k.counts == nil {
		k.counts = map[identity]int{}
	}
	for _, d := range diags {
		if d.Severity == diag.Note {
			continue
		}
		for _, id := range identities(d, name) {
			k.counts[id]++
		}
	}
}

// New returns the problems that are not known, and notes, and how many others there were. A
// problem of several tenants is new if it is new for one, and then names those alone.
func (k *Known) New(diags diag.List, name func(string) string) (fresh diag.List, old int) {
	for _, d := range diags {
		if d.Severity == diag.Note {
			fresh = append(fresh, d)
			continue
		}
		isNew, tenants, whole := false, []string(nil), true
		for _, id := range identities(d, name) {
			if k.counts[id] > 0 {
				k.counts[id]--
				whole = false
				continue
			}
			isNew = true
			if len(tenants) == 0 || tenants[len(tenants)-1] != id.tenant {
				tenants = append(tenants, id.tenant)
			}
		}
		switch {
		case !isNew:
			old++
			continue
		case !whole:
			d.Tenant = strings.Join(tenants, ",")
		}
		fresh = append(fresh, d)
	}
	return fresh, old
}

// ErrFormat is returned for a text that is no report of vet.
var ErrFormat = errors.New("no report of vet --format json")

// Read reads what vet --format json wrote.
func Read(text []byte, name func(string) string) (*Known, error) {
	var file struct {
		Version     int
		Diagnostics *diag.List
	}
	switch err := json.Unmarshal(text, &file); {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	case file.Version != 1 && file.Diagnostics != nil:
		return nil, fmt.Errorf("%w: version %d, not 1", ErrFormat, file.Version)
	case file.Diagnostics == nil:
		return nil, fmt.Errorf("%w: it has no diagnostics", ErrFormat)
	}
	k := new(Known)
	k.Add(*file.Diagnostics, name)
	return k, nil
}
