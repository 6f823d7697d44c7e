// Package sandbox has work done by child processes, which can be stopped where the work
// itself cannot: a computation without cancel or limit ends with its process.
//
//	pool := sandbox.NewPool(4)
//	defer pool.Close()
//	err := pool.Ask(ctx, sandbox.Command{Program: program, Args: args, Limits: limits}, request, &response)
package sandbox

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Errors of work that was stopped, or not begun.
var (
	ErrTime   = errors.New("out of time")
	ErrMemory = errors.New("out of memory")
	ErrDied   = errors.New("the child process ended")
	ErrStart  = errors.New("the child process cannot be started")
)

// Limits bound one piece of work. Memory is in bytes, of all that the child holds. On Linux
// the system itself refuses what is beyond: see [Serve].
type Limits struct {
	Time   time.Duration
	Memory int64
}

// memoryVariable tells a child its limit; that it is set makes a process a child.
const memoryVariable = "CUECOMPUTE_CHILD_MEMORY"

// IsChild reports whether this process was started to do work for another.
func IsChild() bool { return os.Getenv(memoryVariable) != "" }

// child is a process that does one piece of work after another.
type child struct {
	command Command
	asked   int         // how often
	timer   *time.Timer // while it waits

	process *exec.Cmd
	in      io.WriteCloser
	encoder *gob.Encoder
	decoder *gob.Decoder
	stderr  *tail
}

// recycled is how many requests a process answers before the next takes its place: what
// a computation leaves behind is not to be held against a later one.
const recycled = 2000

// serves reports whether a child is one of a command; the time that it may take is not the
// child's to hold.
func (c *child) serves(command Command) bool {
	return c.command.Program == command.Program && slices.Equal(c.command.Args, command.Args) &&
		c.command.Limits.Memory == command.Limits.Memory
}

func start(command Command) (*child, error) {
	p := exec.Command(command.Program)
	p.Args = command.Args
	p.Env = environment(command.Limits.Memory)
	c := &child{command: command, process: p, stderr: &tail{}}
	p.Stderr = c.stderr
	in, err := p.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	c.in, c.encoder, c.decoder = in, gob.NewEncoder(in), gob.NewDecoder(out)
	return c, nil
}

// environment is a child's: nothing of what the user's holds reaches what authors write,
// but what a program needs to run at all, or to tell the tests' coverage.
func environment(memory int64) []string {
	env := []string{memoryVariable + "=" + strconv.FormatInt(memory, 10)}
	for _, name := range []string{"SYSTEMROOT", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ask has the child work on a request. After an error the child has ended.
func (c *child) ask(ctx context.Context, limit time.Duration, request, response any) error {
	c.asked++
	ctx, cancel := context.WithTimeoutCause(ctx, limit, ErrTime)
	defer cancel()
	disarm := context.AfterFunc(ctx, c.kill)
	err := c.encoder.Encode(request)
	if err == nil {
		err = c.decoder.Decode(response)
	}
	if disarm() && err == nil {
		return nil
	}
	ended := c.ended(err)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return ended
}

// ended says why the child's pipes broke.
func (c *child) ended(err error) error {
	c.in.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.EPIPE) {
		c.kill() // it is there, and not to be understood
	}
	wait := c.process.Wait()
	if wait != nil {
		err = wait
	}
	text := c.stderr.String()
	if c.process.ProcessState.ExitCode() == exitMemory || strings.Contains(text, "out of memory") || strings.Contains(text, "stack exceeds") {
		return ErrMemory
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if first == "" {
		return fmt.Errorf("%w: %w", ErrDied, err)
	}
	return fmt.Errorf("%w: %w: %s", ErrDied, err, first)
}

// kill ends the process, which may have ended by itself; ended waits for it.
func (c *child) kill() { _ = c.process.Process.Kill() }

// end ends a child that does nothing.
func (c *child) end() {
	c.in.Close()
	c.kill()
	_ = c.process.Wait()
}

// tail keeps the beginning of what a child says as it ends.
type tail struct{ bytes.Buffer }

// mostSaid is how much of it is kept.
const mostSaid = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.Buffer.Write(p[:min(len(p), max(0, mostSaid-t.Len()))])
	return len(p), nil
}
