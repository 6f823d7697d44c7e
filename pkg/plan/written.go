package plan

import "slices"

// Wrote reports whether an author or a policy wrote a field of the workload, by its name in the
// spec. It is only for fields whose declaration says default.
func (w *Workload) Wrote(field string) bool { return slices.Contains(w.Written, field) }

// Wrote reports whether a field of a check was written; see [Workload.Wrote].
func (c *Check) Wrote(field string) bool { return slices.Contains(c.Written, field) }

// writtenIn returns the names of a struct's fields that have a default and were written.
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

// withoutDerived removes the origins of values from a plan's JSON, which are not differences of
// plans.
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
