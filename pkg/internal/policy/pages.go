package policy

// pages allocates values in batches, and reuses their memory: see [pages.reset].
type pages[T any] struct {
	all  [][]T
	page int // current page
	used int // number of values used in it
}

const pageSize = 64

// one returns a value with arbitrary contents.
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

// reset releases all values: their memory is reused.
func (p *pages[T]) reset() { p.page, p.used = 0, 0 }
