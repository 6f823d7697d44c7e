package compile

import "github.com/cuecompute/cuecompute/pkg/diag"

// mistakes collects diagnostics, each mistake once: two that differ only in the tenant or the
// provider are merged, and name both.
type mistakes struct {
	list  diag.List
	index map[mistake]int // of the first known elements of list
	known int

	maximum int // most diagnostics to keep; 0: all
	beyond  int // number of omitted ones
}

// full reports whether no more are kept.
func (m *mistakes) full() bool { return m.maximum > 0 && len(m.list) >= m.maximum }

func (m *mistakes) add(d diag.Diagnostic) {
	if m.full() {
		m.beyond++
		return
	}
	m.list = append(m.list, d)
}

// mistake identifies a mistake.
type mistake struct {
	at         diag.Range
	severity   diag.Severity
	code       diag.Code
	said, help string
}

func mistakeOf(d diag.Diagnostic) mistake {
	return mistake{d.Range, d.Severity, d.Code, d.Message, d.Help}
}

// same returns the first diagnostic of the same mistake, or nil.
func (m *mistakes) same(d diag.Diagnostic) *diag.Diagnostic {
	if m.index == nil {
		m.index = make(map[mistake]int, len(m.list))
	}
	for ; m.known < len(m.list); m.known++ {
		if key := mistakeOf(m.list[m.known]); m.index[key] == 0 {
			m.index[key] = m.known + 1
		}
	}
	if i := m.index[mistakeOf(d)]; i > 0 {
		return &m.list[i-1]
	}
	return nil
}

// addProvider adds diagnostics of another provider.
func (m *mistakes) addProvider(more diag.List) {
	for _, d := range more {
		if same := m.same(d); same == nil {
			m.add(d)
		} else if same.Provider != "" && same.Provider != d.Provider {
			same.Provider += "," + d.Provider
		}
	}
}

// addTenant adds diagnostics of another tenant of a file, which may have a mistake of the same
// template or anchor.
func (m *mistakes) addTenant(more diag.List) {
	for _, d := range more {
		if same := m.same(d); same == nil || same.Tenant == "" || same.Provider != d.Provider {
			m.add(d)
		} else if same.Tenant != d.Tenant {
			same.Tenant += "," + d.Tenant
		}
	}
}
