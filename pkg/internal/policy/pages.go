package policy

// pages allocate many values at once, whose memory is reused: see [pages.reset].
type pages[T any] struct {
	all  [][]T
	page int // that is in use
	used int // of it
}

const pageSize = 64

// one returns a value, whose contents are left over from an earlier one.
func (p *pages[T]) one() *T {
	if p.used == pageSize {
		p.page, p.used = p.page+1, 0
	}
	if p.page == len(p.all) {
		p.all = append(p.all, make([]T, pageSize))
	}
	p.used++
	return &p.all[p.page][p.used-1]
}

// reset gives up all values: their memory serves the next.
func (p *pages[T]) reset() { p.page, p.used = 0, 0 }
