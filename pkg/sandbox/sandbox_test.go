package sandbox_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Serve(work)
	}
	os.Exit(m.Run())
}

var sink []string

// work is what the child of these tests does.
func work(request string) string {
	switch request {
	case "hang":
		for i := 0; ; i++ {
			_ = i
		}
	case "double":
		for s := "x"; ; s += s {
			sink = append(sink, s)
		}
	case "huge":
		sink = append(sink, string(make([]byte, 1<<40)))
	case "recurse":
		return recurse(0)
	case "panic":
		panic("something is wrong")
	}
	return strings.ToUpper(request)
}

func recurse(n int) string {
	if n < 0 {
		return ""
	}
	return recurse(n+1) + "x"
}

func child(t *testing.T) *sandbox.Child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := sandbox.New(program, os.Args[:1], sandbox.Limits{Time: 2 * time.Second, Memory: 256 << 20})
	t.Cleanup(c.Close)
	return c
}

// TestStopped: whatever the work does, it is stopped, and the next one is done.
func TestStopped(t *testing.T) {
	c := child(t)
	for request, want := range map[string]error{
		"hang": sandbox.ErrTime, "double": sandbox.ErrMemory, "huge": sandbox.ErrMemory, "recurse": sandbox.ErrMemory, "panic": sandbox.ErrDied,
	} {
		var response string
		if err := c.Ask(t.Context(), request, &response); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", request, err, want)
		}
		if err := c.Ask(t.Context(), "after "+request, &response); err != nil || response != "AFTER "+strings.ToUpper(request) {
			t.Errorf("after %s: %q, %v", request, response, err)
		}
	}
}

// TestCancelled: a context that ends ends the work at once.
func TestCancelled(t *testing.T) {
	c := child(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	var response string
	if err := c.Ask(ctx, "hang", &response); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestNoProgram tells of a child that cannot be started.
func TestNoProgram(t *testing.T) {
	c := sandbox.New("/does/not/exist", []string{"x"}, sandbox.Limits{Time: time.Second})
	if err := c.Ask(t.Context(), "", new(string)); !errors.Is(err, sandbox.ErrDied) {
		t.Errorf("%v", err)
	}
}
