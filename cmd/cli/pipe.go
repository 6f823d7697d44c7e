package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// pipeTime limits the time for reading a pipe.
const pipeTime = 30 * time.Second

var errPipe = errors.New("the pipe did not end within " + pipeTime.String())

// fromPipes reads those of the named files that are pipes, such as a shell's <(command),
// because a pipe can be read only once. It reads at most one byte more than maximum.
func fromPipes(ctx context.Context, names []string, maximum int) (map[string][]byte, error) {
	texts := map[string][]byte{}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
			continue // reported when the file is read
		}
		if texts[name], err = readPipe(ctx, name, maximum); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return texts, nil
}

func readPipe(ctx context.Context, name string, maximum int) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, pipeTime, errPipe)
	defer cancel()
	type read struct {
		text []byte
		err  error
	}
	done := make(chan read, 1)
	go func() { // opening a pipe may block too
		var r read
		defer func() { done <- r }()
		var f *os.File
		if f, r.err = os.Open(name); r.err != nil {
			return
		}
		defer f.Close()
		r.text, r.err = io.ReadAll(io.LimitReader(f, int64(maximum)+1))
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
