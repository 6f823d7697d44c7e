//go:build unix

package cli

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestReadPipeEnds: a pipe without a writer does not block for ever.
func TestReadPipeEnds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := fromPipes(ctx, []string{name}, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
