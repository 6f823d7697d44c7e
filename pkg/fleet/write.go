package fleet

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
)

// header is the first line of facts.
type header struct {
	Version int    `json:"version"`
	Tool    string `json:"tool"`
	Shard   int    `json:"shard"` // counted from 1
	Of      int    `json:"of"`    // shards of the run
}

// trailer is the last line: without it, facts are truncated.
type trailer struct {
	End    bool   `json:"end"`
	Facts  int    `json:"facts"`
	Claims int    `json:"claims"`
	Sum    string `json:"sha256"` // of all lines before it
}

// Collector keeps the facts of a run. The zero value is ready to use; it is for one goroutine
// at a time.
type Collector struct {
	facts, claims [][]byte // lines
}

// Add adds the facts of one tenant on one provider.
func (c *Collector) Add(f Facts) error {
	line, err := encode(f)
	if err != nil {
		return err
	}
	c.facts = append(c.facts, line)
	for _, claim := range f.Claims {
		if line, err = claim.line(); err != nil {
			return err
		}
		c.claims = append(c.claims, line)
	}
	return nil
}

func (c *Collector) sort() {
	slices.SortFunc(c.facts, bytes.Compare)
	slices.SortFunc(c.claims, bytes.Compare)
}

// Write writes the facts, sorted, as those of a shard of a run of several; 1 of 1 is the whole.
func (c *Collector) Write(w io.Writer, shard, of int) error {
	if shard < 1 || shard > of {
		return fmt.Errorf("there is no shard %d of %d", shard, of)
	}
	c.sort()
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := &summing{to: buffered, sum: sha256.New()}
	out.encode(header{Version, Tool, shard, of})
	for _, lines := range [][][]byte{c.facts, c.claims} {
		for _, line := range lines {
			out.write(line)
		}
	}
	out.encode(trailer{true, len(c.facts), len(c.claims), hex.EncodeToString(out.sum.Sum(nil))})
	if out.err != nil {
		return out.err
	}
	return buffered.Flush()
}

// Reader returns the facts as they would be read back, of the whole of a run.
func (c *Collector) Reader() *Reader {
	c.sort()
	rest, more := c.facts, c.claims
	r := &Reader{shard: 1, of: 1, next: func() ([]byte, error) {
		if len(rest) == 0 {
			rest, more = more, nil
		}
		if len(rest) == 0 {
			return nil, io.EOF
		}
		line := rest[0]
		rest = rest[1:]
		return line, nil
	}}
	_ = r.advance() // which fails for what is read only
	return r
}

// summing writes lines and sums them up, until one fails.
type summing struct {
	to  io.Writer
	sum hash.Hash
	err error
}

func (s *summing) encode(v any) {
	line, err := encode(v)
	if s.err == nil {
		s.err = err
	}
	s.write(line)
}

func (s *summing) write(line []byte) {
	if s.err != nil {
		return
	}
	_, _ = s.sum.Write(line) // a hash takes everything
	_, s.err = s.to.Write(line)
}
