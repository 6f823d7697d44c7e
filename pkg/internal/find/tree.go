package find

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync"
)

// tree finds the units in a directory and below it, except under names that begin with a dot or
// an underscore, and cue.mod, as the cue command does.
func (f *finder) tree(root string) {
	if _, err := f.Stat(root); errors.Is(err, fs.ErrNotExist) {
		f.missing = append(f.missing, err)
		return
	}
	var parts []*finder // in the order of the directories
	listed := make(chan func(), 64)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for look := range listed {
				look()
			}
		})
	}
	f.listings(root, func(l listing) {
		part := &finder{Disk: f.Disk, tests: f.tests, ctx: f.ctx, seen: map[string]bool{}, room: f.room}
		parts = append(parts, part)
		listed <- func() { part.found = part.entries(root, l, true) }
	})
	close(listed)
	wg.Wait()
	found, first := 0, len(f.units)
	for _, part := range parts {
		found += part.found
		f.diags = append(f.diags, part.diags...)
		for _, u := range part.units {
			f.add(u)
		}
	}
	if found == 0 {
		f.notSpec(root, "no "+f.what()+" in this directory or below it")
	}
	markInherited(f.units[first:])
}

// listing is the content of a directory, or the error of listing it.
type listing struct {
	dir     string
	entries []fs.DirEntry
	err     error
}

// listings lists a directory and those below it, each before its own subdirectories.
func (f *finder) listings(dir string, yield func(listing)) {
	if f.ctx.Err() != nil {
		return
	}
	l := listing{dir: dir}
	l.entries, l.err = f.ReadDir(dir)
	yield(l)
	for _, e := range l.entries {
		if e.IsDir() && !Hidden(e.Name()) && e.Name() != "cue.mod" {
			f.listings(filepath.Join(dir, e.Name()), yield)
		}
	}
}

// markInherited marks the packages that deeper ones of the same name build on.
func markInherited(units []Unit) {
	type place struct{ pkg, dir string }
	at := map[place]int{}
	for i, u := range units {
		if u.Package != "" {
			at[place{u.Package, u.Path}] = i
		}
	}
	for p := range at {
		for dir := p.dir; filepath.Dir(dir) != dir; {
			dir = filepath.Dir(dir)
			if i, ok := at[place{p.pkg, dir}]; ok {
				units[i].Inherited = true
			}
		}
	}
}
