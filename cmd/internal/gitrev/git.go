package gitrev

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// git runs git in a repository, and returns its output without the trailing newline.
func git(ctx context.Context, root string, args ...string) (string, error) {
	c, said := command(ctx, root, args...)
	out, err := c.Output()
	if err != nil {
		return "", failed(err, said)
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

// command returns a git command that uses only the repository of root, with objects as they
// were committed, whatever the environment, the user's settings and other files say. It neither
// prompts nor fetches.
func command(ctx context.Context, root string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	var said bytes.Buffer
	fixed := []string{
		"-C", root, "--git-dir=" + filepath.Join(root, ".git"), "--work-tree=" + root,
		"-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
	}
	c := exec.CommandContext(ctx, "git", append(fixed, args...)...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") { // these select another repository, index or object store
			c.Env = append(c.Env, v)
		}
	}
	c.Env = append(c.Env, "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1",
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
	c.Stderr = &said
	return c, &said
}

// failed returns git's own reason, if it gives one.
func failed(err error, said *bytes.Buffer) error {
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	reason := lines[0]
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "fatal: ") }); i >= 0 {
		reason = lines[i] // not an earlier warning
	}
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("git is not installed, which reads the files of a revision: %w", err)
	case strings.Contains(reason, "promisor"):
		return fmt.Errorf("the clone is a partial one, and lacks files of the revision: %s", strings.TrimPrefix(reason, "fatal: "))
	case reason != "":
		return errors.New(strings.TrimPrefix(reason, "fatal: "))
	}
	return fmt.Errorf("git: %w", err)
}
