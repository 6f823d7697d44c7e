package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

const (
	// quiet is how long nothing has to happen before what has is judged: programs write a
	// file in several steps.
	quiet = 10 * time.Millisecond
	// longest is how long it may go on happening.
	longest = 100 * time.Millisecond
)

// watch reports the verdict on an input, and again when something changes that it depends on,
// until it is interrupted.
func (v *vetting) watch(ctx context.Context, in compilation) error {
	in.Memory = &compile.Memory{}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("cannot watch: %w", err)
	}
	defer w.Close()
	s := &surroundings{watcher: w, known: map[string]bool{}, own: v.writes}
	if _, err := s.add(directories(in)); err != nil {
		return err
	}
	var last *verdict
	for changed := true; ctx.Err() == nil; {
		now, err := v.again(ctx, in, last, changed)
		switch {
		case ctx.Err() != nil:
			continue
		case err != nil && last == nil && severity(err) == exitUsage:
			return err
		case err != nil && (last == nil || now.failed != last.failed): // said once, while it lasts
			v.fail(err)
		}
		last = &now
		added, err := s.add(directories(in))
		if err != nil {
			return err
		}
		// What has changed in a directory before it was watched is looked for at once.
		if changed || added {
			changed = false
			continue
		}
		s.wait(ctx)
		changed = true
	}
	v.code = exitOK
	return nil
}

// verdict is what is said of an input.
type verdict struct{ report, summary, failed string }

// again judges an input and returns the verdict, which is written if it is not the last
// one, or if something was judged again after a change.
func (v *vetting) again(ctx context.Context, in compilation, last *verdict, changed bool) (now verdict, err error) {
	var text strings.Builder
	out, err := v.reports(in, &text)
	if err != nil {
		return verdict{failed: err.Error()}, err
	}
	begun := time.Now()
	sum, err := v.judge(ctx, in, out)
	took := time.Since(begun)
	now = verdict{report: text.String(), summary: fmt.Sprint(sum)}
	if err != nil {
		now.failed = err.Error()
	}
	if ctx.Err() != nil || last != nil && *last == now && (!changed || in.Memory.Judged() == 0) {
		return now, err
	}
	if last == nil || last.report != now.report {
		said := now.report
		if isTerminal(v.to) {
			said = clearScreen + said
		}
		if _, werr := io.WriteString(v.to, said); werr != nil {
			err = errors.Join(err, werr)
			return verdict{failed: err.Error()}, err
		}
	}
	fmt.Fprint(v.stderr, countsLine(sum, took))
	return now, err
}

// writes reports whether a file is one that this run writes its reports to: a report is
// no reason for another.
func (v *vetting) writes(name string) bool {
	for _, file := range v.files {
		path := filepath.Clean(file.path)
		if filepath.Clean(name) == path || strings.HasPrefix(filepath.Clean(name), path+".") {
			return true // the report, or what becomes it
		}
	}
	info, err := os.Stat(name)
	if err != nil {
		return false
	}
	for _, w := range []io.Writer{v.stdout, v.stderr} {
		if file, ok := w.(*os.File); ok {
			if to, err := file.Stat(); err == nil && os.SameFile(info, to) {
				return true
			}
		}
	}
	return false
}

// clearScreen takes all from a terminal, what was scrolled away too.
const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

// surroundings are the directories in which a change may matter.
type surroundings struct {
	watcher *fsnotify.Watcher
	known   map[string]bool
	own     func(name string) bool // a file that is written here
}

// add watches directories too, and reports whether there was a new one. One that was there
// before may be another of its name by now.
func (s *surroundings) add(dirs map[string]bool) (added bool, err error) {
	maps.DeleteFunc(s.known, func(dir string, _ bool) bool { return !dirs[dir] })
	for dir := range dirs {
		switch err := s.watcher.Add(dir); {
		case errors.Is(err, fs.ErrNotExist):
			delete(s.known, dir) // it went meanwhile
		case err != nil:
			return false, fmt.Errorf("cannot watch %s: %w", dir, bare(err))
		case !s.known[dir]:
			s.known[dir], added = true, true
		}
	}
	return added, nil
}

// wait returns after something has happened and then nothing for a while.
func (s *surroundings) wait(ctx context.Context) {
	var settled, enough <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.watcher.Events:
			if e.Op == fsnotify.Chmod || s.own(e.Name) {
				continue
			}
		case <-s.watcher.Errors: // some events are lost
		case <-settled:
			return
		case <-enough:
			return
		}
		if settled = time.After(quiet); enough == nil {
			enough = time.After(longest)
		}
	}
}

// directories are those that hold what the verdict on an input depends on, and those that
// are walked through. Of what is not there, they are the nearest above it, where it may
// come back.
func directories(in compilation) map[string]bool {
	dirs := map[string]bool{}
	is := func(dir string) bool {
		if info, err := os.Stat(dir); !dirs[dir] && err == nil && info.IsDir() {
			dirs[dir] = true
		}
		return dirs[dir]
	}
	add := func(path string) {
		is(path)
		for dir := filepath.Dir(path); !is(dir) && dir != filepath.Dir(dir); {
			dir = filepath.Dir(dir)
		}
	}
	for _, path := range slices.Concat(in.Policies.Files, in.Memory.Paths()) {
		add(path)
	}
	for _, path := range in.Paths {
		dir, walk := strings.CutSuffix(path, "...")
		dir = filepath.Clean(dir)
		add(dir)
		if !walk {
			continue
		}
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return nil // the verdict reports what cannot be read
			}
			if path != dir && passedOver(e.Name()) {
				return fs.SkipDir
			}
			dirs[path] = true
			return nil
		})
	}
	return dirs
}
