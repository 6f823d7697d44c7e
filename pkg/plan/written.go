package plan

import "slices"

// Wrote reports whether an author or a policy wrote a field of the workload, by its name in
// the spec, of those whose declaration says default: it has its default otherwise.
func (w *Workload) Wrote(field string) bool { return slices.Contains(w.Written, field) }

// Wrote reports the same of a field of a check.
func (c *Check) Wrote(field string) bool { return slices.Contains(c.Written, field) }

// writtenIn are the names of fields of a struct that have a default, and were written.
func (f *form) writtenIn(v value) []string {
	var all []string
	for i := range f.fields {
		if d := &f.fields[i]; d.isDefault && v.author.Get(d.path...) != nil {
			all = append(all, d.spec)
		}
	}
	slices.Sort(all)
	return all
}

// withoutDerived takes out of a plan's JSON what says where values come from, and is no
// difference of two plans.
func withoutDerived(v any) {
	root, _ := v.(map[string]any)
	delete(root, "defaults")
	planForm().withoutWritten(v)
}

func (f *form) withoutWritten(v any) {
	if !f.tracks {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		if f.elem != nil {
			for _, e := range v {
				f.elem.withoutWritten(e)
			}
			return
		}
		if f.written >= 0 {
			delete(v, "written")
		}
		for i := range f.fields {
			if d := &f.fields[i]; d.form != nil {
				d.form.withoutWritten(v[d.json])
			}
		}
	case []any:
		for _, e := range v {
			f.elem.withoutWritten(e)
		}
	}
}
