package sandbox_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
)

func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Serve(work)
	}
	os.Exit(m.Run())
}

var sink []string

// work is the child's handler in these tests.
func work(request string) string {
	if mark, ok := strings.CutPrefix(request, "once "); ok {
		if _, err := os.Stat(mark); err == nil {
			return "done"
		}
		_ = os.WriteFile(mark, nil, 0o600)
		os.Exit(9)
	}
	if mark, ok := strings.CutPrefix(request, "always "); ok {
		f, err := os.OpenFile(mark, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err.Error()
		}
		if _, err := f.WriteString("x"); err != nil {
			return err.Error()
		}
		os.Exit(9)
	}
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
	case "pid":
		return strconv.Itoa(os.Getpid())
	case "pid slowly":
		time.Sleep(1500 * time.Millisecond)
		return strconv.Itoa(os.Getpid())
	case "environment":
		return strings.Join(os.Environ(), "\n")
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

func command(t *testing.T) sandbox.Command {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return sandbox.Command{Program: program, Args: os.Args[:1], Limits: sandbox.Limits{Time: 5 * time.Second, Memory: 256 << 20}}
}

func pool(t *testing.T, limit int) *sandbox.Pool {
	t.Helper()
	p := sandbox.NewPool(sandbox.Options{Children: limit})
	t.Cleanup(p.Close)
	return p
}

// TestStopped: work over a limit is stopped, and the next request succeeds.
func TestStopped(t *testing.T) {
	p, c := pool(t, 1), command(t)
	for request, want := range map[string]error{
		"hang": sandbox.ErrTime, "double": sandbox.ErrMemory, "huge": sandbox.ErrMemory, "recurse": sandbox.ErrMemory, "panic": sandbox.ErrDied,
	} {
		var response string
		if err := p.Ask(t.Context(), c, request, &response); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", request, err, want)
		}
		if err := p.Ask(t.Context(), c, "after "+request, &response); err != nil || response != "AFTER "+strings.ToUpper(request) {
			t.Errorf("after %s: %q, %v", request, response, err)
		}
	}
}

// TestCancelled: a cancelled context stops the work at once, and the wait for a child.
func TestCancelled(t *testing.T) {
	p, c := pool(t, 1), command(t)
	c.Limits.Time = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	start := time.Now()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := p.Ask(ctx, c, "hang", new(string)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestNoProgram reports a child that cannot be started.
func TestNoProgram(t *testing.T) {
	c := sandbox.Command{Program: "/does/not/exist", Args: []string{"x"}, Limits: sandbox.Limits{Time: time.Second}}
	if err := pool(t, 1).Ask(t.Context(), c, "", new(string)); !errors.Is(err, sandbox.ErrStart) {
		t.Errorf("%v", err)
	}
}

// TestDiesOnce: work whose child is killed from outside is repeated by another.
func TestDiesOnce(t *testing.T) {
	c := command(t)
	mark := filepath.Join(t.TempDir(), "mark")
	var response string
	if err := pool(t, 1).Ask(t.Context(), c, "once "+mark, &response); err != nil || response != "done" {
		t.Errorf("%q, %v", response, err)
	}
}

// TestMost: concurrent requests never have more children than the pool's limit, and Close stops
// them all, including the busy ones.
func TestMost(t *testing.T) {
	p, c := pool(t, 2), command(t)
	var mu sync.Mutex
	pids := map[string]bool{}
	var wg sync.WaitGroup
	for range 48 {
		wg.Go(func() {
			var response string
			if err := p.Ask(t.Context(), c, "pid", &response); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			pids[response] = true
		})
	}
	wg.Wait()
	if len(pids) > 2 {
		t.Errorf("%d children", len(pids))
	}
	more := c
	more.Limits.Memory *= 2 // another command, whose child replaces the first
	var pid string
	if err := p.Ask(t.Context(), more, "pid", &pid); err != nil {
		t.Error(err)
	}
	c.Limits.Time = time.Minute
	ended := make(chan error)
	go func() { ended <- p.Ask(t.Context(), c, "hang", new(string)) }()
	time.Sleep(100 * time.Millisecond) // until it is busy; if it is not yet, Close has less to do
	for {
		p.Close()
		select {
		case err := <-ended:
			if !errors.Is(err, sandbox.ErrClosed) {
				t.Errorf("%v", err)
			}
			if alive(pid) {
				t.Errorf("child %s lives on", pid)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// TestIdle: an idle child is stopped after a while, and later work gets a new one.
func TestIdle(t *testing.T) {
	p, c := pool(t, 1), command(t)
	p.EndIdleAfter(50 * time.Millisecond)
	var pid string
	if err := p.Ask(t.Context(), c, "pid", &pid); err != nil {
		t.Fatal(err)
	}
	gone(t, pid)
	var next string
	if err := p.Ask(t.Context(), c, "pid", &next); err != nil || next == pid {
		t.Errorf("%q after %q, %v", next, pid, err)
	}
}

// TestBusyIsNotIdle: a busy child is not stopped, however old it is.
func TestBusyIsNotIdle(t *testing.T) {
	p, c := pool(t, 1), command(t)
	p.EndIdleAfter(time.Second)
	var first, second string
	if err := p.Ask(t.Context(), c, "pid", &first); err != nil {
		t.Fatal(err)
	}
	if err := p.Ask(t.Context(), c, "pid slowly", &second); err != nil || first != second {
		t.Errorf("child %s, and then %s: %v", first, second, err)
	}
}

// TestDieWaiting: if the system kills idle children, the next request succeeds.
func TestDieWaiting(t *testing.T) {
	p, c := pool(t, 2), command(t)
	pids := make([]string, 2)
	var wg sync.WaitGroup
	for i := range pids {
		wg.Go(func() {
			if err := p.Ask(t.Context(), c, "pid slowly", &pids[i]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if pids[0] == pids[1] {
		t.Fatalf("one child, %s, has worked on both", pids[0])
	}
	for _, pid := range pids {
		n, err := strconv.Atoi(pid)
		if err != nil {
			t.Fatal(err)
		}
		process, err := os.FindProcess(n)
		if err == nil {
			err = process.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var response string
	if err := p.Ask(t.Context(), c, "after", &response); err != nil || response != "AFTER" {
		t.Errorf("%q, %v", response, err)
	}
}

// TestDiesTwice: work that kills its process is not repeated endlessly, and the pool still
// works.
func TestDiesTwice(t *testing.T) {
	p, c := pool(t, 2), command(t)
	marks := filepath.Join(t.TempDir(), "mark")
	if err := p.Ask(t.Context(), c, "always "+marks, new(string)); !errors.Is(err, sandbox.ErrDied) {
		t.Errorf("%v", err)
	}
	if tries, err := os.ReadFile(marks); err != nil || string(tries) != "xx" {
		t.Errorf("it is tried %d times, %v", len(tries), err)
	}
	var response string
	if err := p.Ask(t.Context(), c, "after", &response); err != nil || response != "AFTER" {
		t.Errorf("%q, %v", response, err)
	}
}

// TestEnvironment: none of the user's environment reaches a child.
func TestEnvironment(t *testing.T) {
	t.Setenv("CUECOMPUTE_TEST_TOKEN", "secret")
	var response string
	if err := pool(t, 1).Ask(t.Context(), command(t), "environment", &response); err != nil || strings.Contains(response, "TOKEN") || strings.Contains(response, "PATH=") {
		t.Errorf("%q, %v", response, err)
	}
}

// gone waits for a child to end.
func gone(t *testing.T, pid string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); alive(pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Errorf("child %s lives on", pid)
			return
		}
	}
}

func alive(pid string) bool {
	n, err := strconv.Atoi(pid)
	if err != nil {
		return false
	}
	process, err := os.FindProcess(n)
	return err == nil && process.Signal(syscall.Signal(0)) == nil
}
