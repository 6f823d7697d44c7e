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
	// settleTime is the time without further changes before a check: programs write a file in
	// several steps.
	settleTime = 10 * time.Millisecond
	// maxWait limits the wait for that.
	maxWait = 100 * time.Millisecond
)

// watch reports the verdict on an input, and again when a file that it depends on changes,
// until it is interrupted.
func (v *vetting) watch(ctx context.Context, in compilation) error {
	in.Memory = &compile.Memory{}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("cannot watch: %w", err)
	}
	defer w.Close()
	s := &watchedDirs{watcher: w, known: map[string]bool{}, own: v.writes}
	if _, err := s.add(directories(in)); err != nil {
		return err
	}
	var last *verdict
	for changed := true; ctx.Err() == nil; {
		now, err := v.recheck(ctx, in, last, changed)
		switch {
		case ctx.Err() != nil:
			continue
		case err != nil && last == nil && severity(err) == exitUsage:
			return err
		case err != nil && (last == nil || now.failed != last.failed): // reported once
			v.fail(err)
		}
		last = &now
		added, err := s.add(directories(in))
		if err != nil {
			return err
		}
		// A directory may have changed before it was watched.
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

// verdict is the output for an input.
type verdict struct{ report, summary, failed string }

// recheck checks an input and returns the verdict. It prints the verdict if it differs from the
// last one, or if a change led to a new check.
func (v *vetting) recheck(ctx context.Context, in compilation, last *verdict, changed bool) (now verdict, err error) {
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

// writes reports whether this run writes its reports to a file, whose changes are then ignored.
func (v *vetting) writes(name string) bool {
	for _, file := range v.files {
		path := filepath.Clean(file.path)
		if filepath.Clean(name) == path || strings.HasPrefix(filepath.Clean(name), path+".") {
			return true // the report, or its temporary file
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

// clearScreen clears a terminal, including its scrollback.
const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

// watchedDirs are the directories whose changes may matter.
type watchedDirs struct {
	watcher *fsnotify.Watcher
	known   map[string]bool
	own     func(name string) bool // a file that this run writes
}

// add watches further directories, and reports whether one was new. A directory may have been
// replaced by another of the same name.
func (s *watchedDirs) add(dirs map[string]bool) (added bool, err error) {
	maps.DeleteFunc(s.known, func(dir string, _ bool) bool { return !dirs[dir] })
	for dir := range dirs {
		switch err := s.watcher.Add(dir); {
		case errors.Is(err, fs.ErrNotExist):
			delete(s.known, dir) // it has been deleted
		case err != nil:
			return false, fmt.Errorf("cannot watch %s: %w", dir, bare(err))
		case !s.known[dir]:
			s.known[dir], added = true, true
		}
	}
	return added, nil
}

// wait returns after a change, once no other follows for a while.
func (s *watchedDirs) wait(ctx context.Context) {
	var settled, enough <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.watcher.Events:
			if e.Op == fsnotify.Chmod || s.own(e.Name) {
				continue
			}
		case <-s.watcher.Errors: // events were lost
		case <-settled:
			return
		case <-enough:
			return
		}
		if settled = time.After(settleTime); enough == nil {
			enough = time.After(maxWait)
		}
	}
}

// directories returns the directories that the verdict on an input depends on, and those that
// are walked through. For a missing one it returns the nearest parent, where it may appear.
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
