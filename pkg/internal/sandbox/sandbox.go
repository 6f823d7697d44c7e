// Package sandbox runs work in child processes, which can be stopped: a computation without
// cancellation or limits ends with its process.
//
//	pool := sandbox.NewPool(sandbox.Options{Children: 4})
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

// Errors of work that was stopped or could not start.
var (
	ErrTime   = errors.New("out of time")
	ErrMemory = errors.New("out of memory")
	ErrDied   = errors.New("the child process ended")
	ErrStart  = errors.New("the child process cannot be started")
)

// Limits apply to one piece of work. Memory is the child's total, in bytes. On Linux the system
// enforces it too: see [Serve].
type Limits struct {
	Time   time.Duration
	Memory int64
}

// memoryVariable passes a child its limit. A process in whose environment it is set is a child.
const memoryVariable = "CUECOMPUTE_CHILD_MEMORY"

// IsChild reports whether this process was started by a pool.
func IsChild() bool { return os.Getenv(memoryVariable) != "" }

// child is a process that handles one request after another.
type child struct {
	command Command
	asked   int         // number of requests so far
	timer   *time.Timer // runs while the child is idle

	process *exec.Cmd
	in      io.WriteCloser
	encoder *gob.Encoder
	decoder *gob.Decoder
	stderr  *tail
}

// maxRequests is the number of requests after which a child is replaced, so that what one
// computation leaves in memory does not count against a later one.
const maxRequests = 2000

// serves reports whether a child runs a command. The time limit belongs to the request, not to
// the child.
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

// environment returns a child's environment: none of the user's variables reach an author's
// code, except what a program needs to start, and the tests' coverage.
func environment(memory int64) []string {
	env := []string{memoryVariable + "=" + strconv.FormatInt(memory, 10)}
	for _, name := range []string{"SYSTEMROOT", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ask sends the child a request. After an error the child has stopped.
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

// ended returns why the child's pipes broke.
func (c *child) ended(err error) error {
	c.in.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.EPIPE) {
		c.kill() // the child is alive, but its answer cannot be decoded
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

// kill ends the process, which may already have ended; ended waits for it.
func (c *child) kill() { _ = c.process.Process.Kill() }

// end stops an idle child.
func (c *child) end() {
	c.in.Close()
	c.kill()
	_ = c.process.Wait()
}

// tail keeps the beginning of a child's last output.
type tail struct{ bytes.Buffer }

// maxTail is the number of bytes kept.
const maxTail = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.Buffer.Write(p[:min(len(p), max(0, maxTail-t.Len()))])
	return len(p), nil
}
