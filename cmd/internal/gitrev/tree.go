package gitrev

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// repository is the tree of a revision.
type repository struct {
	root       string
	target     string  // directory for its files
	entries    []entry // sorted by path
	submodules []entry // sorted by path; they have no files here
	sparse     []entry // files that the work tree omits: see [Taken]
	done       map[string]bool
}

// entry is a file or a link of a tree, or a submodule.
type entry struct {
	path, object string
	link         bool
}

// read lists the files of a commit.
func (r *repository) read(ctx context.Context, commit string) error {
	absent, err := leftOut(ctx, r.root)
	if err != nil {
		return err
	}
	// Without sizes, which need every object: a partial clone does not have them all.
	out, err := git(ctx, r.root, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(out, "\x00") {
		meta, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(meta) // mode, type, object
		if len(f) != 3 {
			continue
		}
		e := entry{path: name, object: f[2], link: f[0] == "120000"}
		switch {
		case f[1] == "commit":
			r.submodules = append(r.submodules, e)
		case absent[name]:
			r.sparse = append(r.sparse, e)
		case f[1] == "blob":
			r.entries = append(r.entries, e)
		}
	}
	for _, list := range [][]entry{r.entries, r.submodules, r.sparse} {
		sort.Slice(list, func(i, j int) bool { return list[i].path < list[j].path })
	}
	return nil
}

// leftOut returns the files that a sparse checkout omits (git-sparse-checkout(1)): missing
// files whose index entries have the skip-worktree bit.
func leftOut(ctx context.Context, root string) (map[string]bool, error) {
	out, err := git(ctx, root, "ls-files", "-t", "-z")
	if err != nil {
		return nil, err
	}
	absent := map[string]bool{}
	for line := range strings.SplitSeq(out, "\x00") {
		if name, ok := strings.CutPrefix(line, "S "); ok {
			if _, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name))); os.IsNotExist(err) {
				absent[name] = true
			}
		}
	}
	return absent, nil
}

// inSubmodule returns the error for a path in a submodule: its files are in another repository.
func (r *repository) inSubmodule(rel string) error {
	for _, s := range r.submodules {
		if rel == s.path || strings.HasPrefix(rel, s.path+"/") {
			return fmt.Errorf("%s is a submodule of %s, which does not hold its files: run this in the submodule", s.path, r.root)
		}
	}
	return nil
}

// below returns the sorted entries at a path or below it.
func below(entries []entry, rel string) []entry {
	if rel == "." {
		return entries
	}
	var all []entry
	from := sort.Search(len(entries), func(i int) bool { return entries[i].path >= rel })
	for _, e := range entries[from:] {
		switch {
		case e.path == rel, strings.HasPrefix(e.path, rel+"/"):
			all = append(all, e)
		case !strings.HasPrefix(e.path, rel):
			return all
		}
	}
	return all
}

// context returns the directory that a spec at a path may read: its CUE module, or else its own
// directory.
func (r *repository) context(rel string) string {
	for dir := rel; ; dir = path.Dir(dir) {
		if len(below(r.entries, path.Join(dir, "cue.mod"))) > 0 {
			return dir
		}
		if dir == "." {
			break
		}
	}
	i := sort.Search(len(r.entries), func(i int) bool { return r.entries[i].path >= rel })
	if i < len(r.entries) && r.entries[i].path == rel {
		return path.Dir(rel)
	}
	return rel
}

// extract writes a file of the repository, or the files below a directory, and the targets of
// links among them, unless they are already written.
func (c *Checkout) extract(ctx context.Context, r *repository, dir string) error {
	if r.done == nil {
		r.done = map[string]bool{}
	}
	var entries []entry
	for _, e := range below(r.entries, dir) {
		if !r.done[e.path] {
			r.done[e.path] = true
			entries = append(entries, e)
			c.files++
		}
	}
	if c.files > maxFiles {
		return c.tooMuch(r)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := os.MkdirAll(r.target, 0o700); err != nil {
		return err
	}
	into, err := os.OpenRoot(r.target) // no link can leave it
	if err != nil {
		return err
	}
	defer into.Close()
	targets, err := c.write(ctx, r, entries, into)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if err := c.extract(ctx, r, target); err != nil {
			return err
		}
	}
	return nil
}

func (c *Checkout) tooMuch(r *repository) error {
	return fmt.Errorf("%s holds more than %d GiB or %d files: name a smaller directory", r.root, maxBytes>>30, maxFiles)
}

// write reads all objects with one git process, writes them, and returns the targets of links.
func (c *Checkout) write(ctx context.Context, r *repository, entries []entry, into *os.Root) ([]string, error) {
	reader, said := command(ctx, r.root, "cat-file", "--batch")
	var wanted strings.Builder
	for _, e := range entries {
		wanted.WriteString(e.object + "\n")
	}
	reader.Stdin = strings.NewReader(wanted.String())
	out, err := reader.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := reader.Start(); err != nil {
		return nil, failed(err, said)
	}
	var targets []string
	from := bufio.NewReaderSize(out, 1<<16)
	for _, e := range entries {
		var target string
		if target, err = c.writeOne(r, e, from, into); err != nil {
			break
		}
		if target != "" {
			targets = append(targets, target)
		}
	}
	if err != nil {
		_ = reader.Process.Kill() // it may be blocked on output
	}
	ended := reader.Wait()
	if ended != nil && (err == nil || errors.Is(err, io.EOF) && said.Len() > 0) {
		return nil, failed(ended, said)
	}
	return targets, err
}

// writeOne copies an object from the output of cat-file: a line, its bytes, a newline. For a
// link it returns the target.
func (c *Checkout) writeOne(r *repository, e entry, from *bufio.Reader, into *os.Root) (target string, err error) {
	line, err := from.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: git did not read it: %w", e.path, err)
	}
	f := strings.Fields(line) // object, type, size
	if len(f) == 2 && f[1] == "missing" {
		return "", fmt.Errorf("%s: the clone does not have this file of the revision: it is a partial one", e.path)
	}
	var size int64
	if len(f) == 3 {
		size, err = strconv.ParseInt(f[2], 10, 64)
	}
	if err != nil || len(f) != 3 || f[0] != e.object || f[1] != "blob" {
		return "", fmt.Errorf("%s: git says %q", e.path, strings.TrimSpace(line))
	}
	if c.bytes += size; c.bytes > maxBytes {
		return "", c.tooMuch(r)
	}
	name := filepath.FromSlash(e.path)
	if dir := filepath.Dir(name); dir != "." {
		if err := into.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
	}
	body := io.LimitReader(from, size)
	if e.link {
		target, err = link(body, name, into)
	} else {
		err = file(body, name, into)
	}
	if err != nil {
		return "", err
	}
	_, err = from.Discard(1)
	return target, err
}

func file(body io.Reader, name string, into *os.Root) error {
	f, err := into.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, body); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// link makes a link to a file of the revision, and returns its target. Any other link is
// skipped, because it would lead to a current file.
func link(body io.Reader, name string, into *os.Root) (string, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return "", err
	}
	to := filepath.FromSlash(string(text))
	target := filepath.Join(filepath.Dir(name), to)
	if filepath.IsAbs(to) || !filepath.IsLocal(target) {
		return "", nil
	}
	return filepath.ToSlash(target), into.Symlink(to, name)
}
