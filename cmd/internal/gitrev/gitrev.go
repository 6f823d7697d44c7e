// Package gitrev extracts files of a revision from their Git repository, without changing its
// work tree or its index.
//
//	c, err := gitrev.At("origin/main", dir)
//	taken, err := c.Take(ctx, "tenants/...")
//	// taken.Path is below dir, and "" if there was no tenants at origin/main
package gitrev

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Limits on extracted files, so that a repository cannot fill the disk.
const (
	maxBytes = 4 << 30
	maxFiles = 2_000_000
)

// ErrRevision is the error for a path outside any repository, or whose repository does not have
// the revision.
var ErrRevision = errors.New("no such revision")

// Checkout holds the extracted files of a revision. It is not safe for concurrent use.
type Checkout struct {
	rev, dir     string
	repositories map[string]*repository // by root
	bytes        int64
	files        int
}

// At makes the checkout of a revision, such as a branch or HEAD^1, below a directory. The error
// is ErrRevision for a name that Git would parse as an option.
func At(rev, dir string) (*Checkout, error) {
	if strings.HasPrefix(rev, "-") {
		return nil, fmt.Errorf("%w: a revision does not begin with -: %q", ErrRevision, rev)
	}
	return &Checkout{rev: rev, dir: dir, repositories: map[string]*repository{}}, nil
}

// Taken is the result of extracting a path.
type Taken struct {
	Path string // the extracted path; "" if it did not exist
	Now  string // directory of the repository's extracted files
	Root string // root of the repository's work tree

	// Sparse is the number of files that were skipped, because a sparse checkout omits them
	// from the work tree. Whether they changed is unknown.
	Sparse int
}

// Take extracts a path of the file system: a file, a directory, or dir/... It also extracts
// everything that a spec there may read: its CUE module, or else its directory.
func (c *Checkout) Take(ctx context.Context, p string) (Taken, error) {
	taken, err := c.take(ctx, p)
	if err != nil {
		return Taken{}, fmt.Errorf("git:%s: %s: %w", c.rev, p, err)
	}
	return taken, nil
}

func (c *Checkout) take(ctx context.Context, p string) (Taken, error) {
	base, walk := strings.CutSuffix(filepath.ToSlash(p), "...")
	if walk && base != "" && !strings.HasSuffix(base, "/") {
		base, walk = p, false
	}
	abs, err := filepath.Abs(filepath.FromSlash(base))
	if err != nil {
		return Taken{}, err
	}
	r, rel, err := c.repository(ctx, abs)
	if err != nil {
		return Taken{}, err
	}
	t := Taken{Now: r.target, Root: r.root, Sparse: len(below(r.sparse, rel))}
	if len(below(r.entries, rel)) == 0 {
		return t, r.inSubmodule(rel)
	}
	if err := c.extract(ctx, r, r.context(rel)); err != nil {
		return Taken{}, err
	}
	t.Path = filepath.Join(r.target, filepath.FromSlash(rel))
	if walk {
		t.Path = filepath.Join(t.Path, "...")
	}
	return t, nil
}

// repository returns the repository of a file, and the file's name in it.
func (c *Checkout) repository(ctx context.Context, abs string) (*repository, string, error) {
	root, ok := rootFor(abs)
	if !ok {
		if real, err := resolved(abs); err == nil {
			root, ok = rootFor(real) // a link from outside
		}
	}
	if !ok {
		return nil, "", fmt.Errorf("%w: %s is in no Git repository", ErrRevision, abs)
	}
	rel, ok := relativeTo(root, abs)
	if !ok {
		return nil, "", fmt.Errorf("%s is not in the repository %s", abs, root)
	}
	if r := c.repositories[root]; r != nil {
		return r, rel, nil
	}
	commit, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", c.rev+"^{commit}")
	if err != nil {
		return nil, "", missing(ctx, fmt.Errorf("%q is none of %s", c.rev, root), err)
	}
	r := &repository{root: root, target: filepath.Join(c.dir, fmt.Sprintf("%04d", len(c.repositories)))}
	if err := r.read(ctx, commit); err != nil {
		return nil, "", err
	}
	c.repositories[root] = r
	return r, rel, nil
}

// missing converts git's error to ErrRevision, unless git did not run.
func missing(ctx context.Context, reason, err error) error {
	if errors.Is(err, exec.ErrNotFound) || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", ErrRevision, reason)
}
