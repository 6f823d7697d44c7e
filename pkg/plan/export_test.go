package plan

// SpecFields returns the fields of a spec that the plan is read from, with * for names and
// elements that authors choose.
func SpecFields() []string {
	var all []string
	var walk func(at string, f *form)
	walk = func(at string, f *form) {
		if f.elem != nil {
			walk(at+".*", f.elem)
			return
		}
		for i := range f.fields {
			d := &f.fields[i]
			if d.form == nil || len(d.path) == 0 {
				continue
			}
			below := at
			for _, name := range d.path {
				below += "." + name
				all = append(all, below[1:])
			}
			if !d.extension() {
				walk(below, d.form)
			}
		}
	}
	walk("", planForm())
	return all
}
