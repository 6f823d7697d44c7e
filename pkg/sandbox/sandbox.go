// Package sandbox has work done by a child process, which can be stopped where the work
// itself cannot: a computation without cancel or limit ends with its process.
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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Errors of work that was stopped.
var (
	ErrTime   = errors.New("out of time")
	ErrMemory = errors.New("out of memory")
	ErrDied   = errors.New("the child process ended")
)

// Limits bound one piece of work. Memory is in bytes, of all that the child holds.
type Limits struct {
	Time   time.Duration
	Memory int64
}

// memoryVariable tells a child its limit; that it is set makes a process a child.
const memoryVariable = "CUECOMPUTE_CHILD_MEMORY"

// IsChild reports whether this process was started to do work for another.
func IsChild() bool { return os.Getenv(memoryVariable) != "" }

// Child is a process that does one piece of work after another. It is started for the
// first, and anew after it had to be stopped. It is for one goroutine.
type Child struct {
	command []string
	limits  Limits

	asked   int // of this process
	process *exec.Cmd
	in      io.WriteCloser
	encoder *gob.Encoder
	decoder *gob.Decoder
	stderr  *tail
}

// New describes a child: the program and its arguments, the first of which is its name.
// The program has to call [Serve].
func New(program string, args []string, limits Limits) *Child {
	return &Child{command: append([]string{program}, args...), limits: limits}
}

// Ask has the child work on a request, and fills in its response; both are values of
// encoding/gob. An error is that of ctx, or wraps ErrTime, ErrMemory or ErrDied.
func (c *Child) Ask(ctx context.Context, request, response any) error {
	if err := c.start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.limits.Time, ErrTime)
	defer cancel()
	process := c.process.Process
	disarm := context.AfterFunc(ctx, func() { _ = process.Kill() }) // it may have ended by itself
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

// recycled is how many requests a process answers before the next takes its place: what
// a computation leaves behind is not to be held against a later one.
const recycled = 2000

func (c *Child) start() error {
	if c.asked++; c.process != nil && c.asked <= recycled {
		return nil
	}
	c.Close()
	c.asked = 1
	p := exec.Command(c.command[0])
	p.Args = c.command[1:]
	p.Env = append(os.Environ(), memoryVariable+"="+strconv.FormatInt(c.limits.Memory, 10))
	c.stderr = &tail{}
	p.Stderr = c.stderr
	in, err := p.StdinPipe()
	if err != nil {
		return err
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return fmt.Errorf("%w: %w", ErrDied, err)
	}
	c.process, c.in, c.encoder, c.decoder = p, in, gob.NewEncoder(in), gob.NewDecoder(out)
	return nil
}

// ended says why the child's pipes broke.
func (c *Child) ended(err error) error {
	c.in.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.EPIPE) {
		_ = c.process.Process.Kill() // it is there, and not to be understood
	}
	wait := c.process.Wait()
	if wait != nil && err == nil {
		err = wait
	}
	code := c.process.ProcessState.ExitCode()
	c.process = nil
	text := c.stderr.String()
	if code == exitMemory || strings.Contains(text, "out of memory") || strings.Contains(text, "stack exceeds") {
		return ErrMemory
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return fmt.Errorf("%w: %w: %s", ErrDied, err, first)
}

func (c *Child) kill() {
	_ = c.process.Process.Kill() // it may have ended by itself
	_ = c.process.Wait()
	c.process = nil
}

// Close ends the child.
func (c *Child) Close() {
	if c.process == nil {
		return
	}
	c.in.Close()
	c.kill()
}

// tail keeps the beginning of what a child says as it ends.
type tail struct{ bytes.Buffer }

// mostSaid is how much of it is kept.
const mostSaid = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.Buffer.Write(p[:min(len(p), max(0, mostSaid-t.Len()))])
	return len(p), nil
}
