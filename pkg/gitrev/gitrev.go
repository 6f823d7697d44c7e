// Package gitrev takes files as they were at a revision out of the git repository that
// they are in, without touching its work tree or its index.
package gitrev

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// How much is taken out at most, so that a repository cannot fill the disk.
const (
	maxBytes = 4 << 30
	maxFiles = 2_000_000
)

// ErrRevision is the error of a path that is in no repository, or whose repository does
// not have the revision.
var ErrRevision = errors.New("no such revision")

// Files writes what lies at paths of the file system, as it was at a revision, below the
// directory dir, and returns where each path is there. A path is a file, a directory or
// dir/...; with it comes all that a spec may read beside itself: the CUE module that it is
// in, or else its directory. A path that was not there at the revision is left out.
func Files(ctx context.Context, rev string, paths []string, dir string) ([]string, error) {
	x := &extractor{ctx: ctx, rev: rev, dir: dir, repositories: map[string]*repository{}}
	var all []string
	for _, p := range paths {
		at, err := x.path(p)
		if err != nil {
			return nil, fmt.Errorf("git:%s: %s: %w", rev, p, err)
		}
		if at != "" {
			all = append(all, at)
		}
	}
	return all, nil
}

type extractor struct {
	ctx          context.Context
	rev          string
	dir          string
	repositories map[string]*repository // by root
	bytes        int64
	files        int
}

// path takes out what one path needs, and returns where the path is then.
func (x *extractor) path(p string) (string, error) {
	base, walk := strings.CutSuffix(filepath.ToSlash(p), "...")
	if walk && base != "" && !strings.HasSuffix(base, "/") {
		base, walk = p, false
	}
	abs, err := filepath.Abs(filepath.FromSlash(base))
	if err != nil {
		return "", err
	}
	r, err := x.repository(abs)
	if err != nil {
		return "", err
	}
	rel, err := r.relative(abs)
	if err != nil {
		return "", err
	}
	entries, err := r.below(rel)
	if err != nil || len(entries) == 0 {
		return "", err
	}
	if err := x.extract(r, r.context(rel)); err != nil {
		return "", err
	}
	at := filepath.Join(r.target, filepath.FromSlash(rel))
	if walk {
		at = filepath.Join(at, "...")
	}
	return at, nil
}

// repository is the one that holds a file, at the revision.
func (x *extractor) repository(abs string) (*repository, error) {
	existing := abs
	for {
		if info, err := os.Stat(existing); err == nil && info.IsDir() {
			break
		}
		existing = filepath.Dir(existing) // a file, or a directory that is there no more
	}
	root, err := git(x.ctx, existing, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, x.missing(err)
	}
	if r := x.repositories[root]; r != nil {
		return r, nil
	}
	commit, err := git(x.ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", x.rev+"^{commit}")
	if err != nil {
		return nil, x.missing(fmt.Errorf("%q is none of %s", x.rev, root))
	}
	r := &repository{root: root, target: filepath.Join(x.dir, fmt.Sprint(len(x.repositories)))}
	if r.entries, err = tree(x.ctx, root, commit); err != nil {
		return nil, err
	}
	x.repositories[root] = r
	return r, nil
}

// missing makes of git's error that there is no such revision, unless it did not run.
func (x *extractor) missing(err error) error {
	if errors.Is(err, exec.ErrNotFound) || x.ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", ErrRevision, err)
}

// git runs git in a directory, and returns what it prints without the line's end.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	c, said := command(ctx, dir, args...)
	out, err := c.Output()
	if err != nil {
		return "", failed(err, said)
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

// command is git as it runs for a program: it asks nobody, and fetches nothing.
func command(ctx context.Context, dir string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	var said bytes.Buffer
	c := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	c.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0")
	c.Stderr = &said
	return c, &said
}

// failed is git's own reason, where it gives one.
func failed(err error, said *bytes.Buffer) error {
	reason, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("old specs are read with git, which is not installed: %w", err)
	case reason != "":
		return errors.New(strings.TrimPrefix(reason, "fatal: "))
	}
	return fmt.Errorf("git: %w", err)
}
