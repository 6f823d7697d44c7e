package gitrev

import (
	"bufio"
	"context"
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
	root    string
	target  string  // where its files are written
	entries []entry // sorted by path
	done    map[string]bool
}

// entry is a file or a link. What else a tree may hold, other repositories, has no files.
type entry struct {
	path, object string
	link         bool
	size         int64
}

// tree lists the files of a commit.
func tree(ctx context.Context, root, commit string) ([]entry, error) {
	out, err := git(ctx, root, "ls-tree", "-r", "-l", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	var all []entry
	for line := range strings.SplitSeq(out, "\x00") {
		meta, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(meta) // mode, type, object, size
		if len(f) != 4 || f[1] != "blob" {
			continue
		}
		size, err := strconv.ParseInt(f[3], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: size %q: %w", name, f[3], err)
		}
		all = append(all, entry{path: name, object: f[2], link: f[0] == "120000", size: size})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].path < all[j].path })
	return all, nil
}

// relative is a path in the repository, with slashes; "." for its root.
func (r *repository) relative(abs string) (string, error) {
	for _, p := range []func(string) (string, error){func(s string) (string, error) { return s, nil }, resolved} {
		from, err := p(r.root)
		if err != nil {
			return "", err
		}
		to, err := p(abs)
		if err != nil {
			return "", err
		}
		if rel, err := filepath.Rel(from, to); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), nil
		}
	}
	return "", fmt.Errorf("%s is not in the repository %s", abs, r.root)
}

// resolved follows the links of what exists of a path.
func resolved(p string) (string, error) {
	real, err := filepath.EvalSymlinks(p)
	if os.IsNotExist(err) && filepath.Dir(p) != p {
		parent, err := resolved(filepath.Dir(p))
		return filepath.Join(parent, filepath.Base(p)), err
	}
	return real, err
}

// below returns the entries at a path and below it.
func (r *repository) below(rel string) ([]entry, error) {
	if rel == "." {
		return r.entries, nil
	}
	var all []entry
	from := sort.Search(len(r.entries), func(i int) bool { return r.entries[i].path >= rel })
	for _, e := range r.entries[from:] {
		switch {
		case e.path == rel, strings.HasPrefix(e.path, rel+"/"):
			all = append(all, e)
		case !strings.HasPrefix(e.path, rel):
			return all, nil
		}
	}
	return all, nil
}

// context is the directory of all that a spec at a path may read: the CUE module that it
// is in, or else its own.
func (r *repository) context(rel string) string {
	for dir := rel; ; dir = path.Dir(dir) {
		if module, _ := r.below(path.Join(dir, "cue.mod")); len(module) > 0 {
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

// extract writes a file of the repository, or the files below a directory, and what links
// among them lead to, unless they are written already.
func (x *extractor) extract(r *repository, dir string) error {
	if r.done == nil {
		r.done = map[string]bool{}
	}
	found, err := r.below(dir)
	if err != nil {
		return err
	}
	var entries []entry
	for _, e := range found {
		if !r.done[e.path] {
			r.done[e.path] = true
			entries = append(entries, e)
			x.bytes += e.size
			x.files++
		}
	}
	if x.bytes > maxBytes || x.files > maxFiles {
		return fmt.Errorf("%s holds more than %d GiB or %d files: name a smaller directory", path.Join(r.root, dir), maxBytes>>30, maxFiles)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := os.MkdirAll(r.target, 0o700); err != nil {
		return err
	}
	into, err := os.OpenRoot(r.target) // which no link leads out of
	if err != nil {
		return err
	}
	defer into.Close()
	targets, err := x.read(r, entries, into)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if err := x.extract(r, target); err != nil {
			return err
		}
	}
	return nil
}

// read asks one git for all the objects, and returns what links lead to.
func (x *extractor) read(r *repository, entries []entry, into *os.Root) ([]string, error) {
	c, said := command(x.ctx, r.root, "cat-file", "--batch")
	var wanted strings.Builder
	for _, e := range entries {
		wanted.WriteString(e.object + "\n")
	}
	c.Stdin = strings.NewReader(wanted.String())
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, failed(err, said)
	}
	var targets []string
	from := bufio.NewReaderSize(out, 1<<16)
	for _, e := range entries {
		var target string
		if target, err = e.write(from, into); err != nil {
			break
		}
		if target != "" {
			targets = append(targets, target)
		}
	}
	_, _ = io.Copy(io.Discard, from) // so that git can end
	if ended := c.Wait(); ended != nil {
		return nil, failed(ended, said)
	}
	return targets, err
}

// write copies an object from the answers of cat-file: a line, its bytes, a line's end. Of
// a link it returns what it leads to.
func (e entry) write(from *bufio.Reader, into *os.Root) (target string, err error) {
	line, err := from.ReadString('\n')
	if err != nil {
		return "", err
	}
	if f := strings.Fields(line); len(f) != 3 || f[2] != strconv.FormatInt(e.size, 10) {
		return "", fmt.Errorf("%s: git says %q", e.path, strings.TrimSpace(line))
	}
	name := filepath.FromSlash(e.path)
	if dir := filepath.Dir(name); dir != "." {
		if err := into.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
	}
	body := io.LimitReader(from, e.size)
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

// link makes a link that leads to a file of the revision, and returns which; another is
// left out, for it would lead to a file of today.
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
