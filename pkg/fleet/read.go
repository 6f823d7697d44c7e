package fleet

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// ErrFacts is wrapped by errors about facts that cannot be used: of another version or tool,
// truncated, changed, a shard that is there twice or missing.
var ErrFacts = errors.New("the facts cannot be used")

func unusable(name, format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", name, ErrFacts, fmt.Sprintf(format, args...))
}

// longestLine bounds what one line of facts may have: a tenant is bounded to some 10,000 values.
const longestLine = 16 << 20

// Reader reads facts as a stream.
type Reader struct {
	name      string
	shard, of int

	next  func() ([]byte, error) // a line that stays valid until the next; io.EOF after the last
	line  []byte                 // that comes next; nil after the last
	claim bool                   // it is a claim's
}

// NewReader begins to read the facts of a file, which errors name. An error that wraps
// [ErrFacts] says that they cannot be used.
func NewReader(name string, from io.Reader) (*Reader, error) {
	f := &file{name: name, from: bufio.NewReaderSize(from, 1<<16), sum: sha256.New()}
	line, err := f.read()
	if err == io.EOF {
		return nil, unusable(name, "the file is empty")
	}
	if err != nil {
		return nil, err
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil || h.Tool == "" {
		return nil, unusable(name, "it does not begin as facts do, with their version and tool")
	}
	switch {
	case h.Tool != Tool:
		return nil, unusable(name, "they are of another tool, %q", h.Tool)
	case h.Version != Version:
		return nil, unusable(name, "they are of version %d, and this program reads version %d", h.Version, Version)
	case h.Shard < 1 || h.Shard > h.Of:
		return nil, unusable(name, "they are of shard %d of %d", h.Shard, h.Of)
	}
	_, _ = f.sum.Write(line) // a hash takes everything
	r := &Reader{name: name, shard: h.Shard, of: h.Of, next: f.next}
	return r, r.advance()
}

// advance reads the next line. Facts come before claims, and both sorted.
func (r *Reader) advance() error {
	next, err := r.next()
	switch {
	case err == io.EOF:
		r.line, r.claim = nil, true
		return nil
	case err != nil:
		return err
	}
	claim := next[0] == '['
	if r.claim && !claim {
		return unusable(r.name, "facts come behind claims")
	}
	r.line, r.claim = next, claim
	return nil
}

// file reads the lines between the first and the last.
type file struct {
	name     string
	from     *bufio.Reader
	sum      hash.Hash
	facts    int
	claims   int
	previous []byte // line
	long     []byte // room for a line that is longer than the buffer
}

func (f *file) read() ([]byte, error) {
	line, err := f.from.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		f.long = append(f.long[:0], line...)
		for err == bufio.ErrBufferFull && len(f.long) < longestLine {
			line, err = f.from.ReadSlice('\n')
			f.long = append(f.long, line...)
		}
		line = f.long
	}
	switch {
	case err == bufio.ErrBufferFull:
		return nil, unusable(f.name, "a line has more than %d bytes", longestLine)
	case err == io.EOF && len(line) > 0:
		return nil, unusable(f.name, "they are truncated: the last line has no end")
	}
	return line, err
}

func (f *file) next() ([]byte, error) {
	line, err := f.read()
	if err == io.EOF {
		return nil, unusable(f.name, "they are truncated: the last line is missing")
	}
	if err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(line, []byte(`{"end":`)):
		return nil, f.end(line)
	case bytes.HasPrefix(line, []byte(`{"id":`)):
		f.facts++
	case bytes.HasPrefix(line, []byte(`[["`)):
		f.claims++
	default:
		return nil, unusable(f.name, "line %d is neither facts nor a claim", 2+f.facts+f.claims)
	}
	if (f.claims == 0 || f.claims > 1) && bytes.Compare(f.previous, line) > 0 {
		return nil, unusable(f.name, "line %d is not sorted", 1+f.facts+f.claims)
	}
	f.previous = append(f.previous[:0], line...)
	_, _ = f.sum.Write(line) // a hash takes everything
	return line, nil
}

// end checks that all lines were read as they were written.
func (f *file) end(line []byte) error {
	var t trailer
	err := json.Unmarshal(line, &t)
	_, more := f.from.ReadByte()
	switch {
	case err != nil:
		return unusable(f.name, "the last line: %v", err)
	case t.Facts != f.facts || t.Claims != f.claims:
		return unusable(f.name, "they are truncated: %d facts and %d claims of %d and %d are there", f.facts, f.claims, t.Facts, t.Claims)
	case t.Sum != hex.EncodeToString(f.sum.Sum(nil)):
		return unusable(f.name, "they were changed after they were written")
	case more == nil:
		return unusable(f.name, "there is more behind their end")
	}
	return io.EOF
}

// whole reports shards that are missing, or there twice.
func whole(readers []*Reader) error {
	if len(readers) == 0 {
		return fmt.Errorf("%w: there are none", ErrFacts)
	}
	by := map[int]*Reader{}
	for _, r := range readers {
		first := readers[0]
		if r.of != first.of {
			return unusable(r.name, "they are of a run of %s, and those of %s of %s", shards(r.of), first.name, shards(first.of))
		}
		if other := by[r.shard]; other != nil {
			return unusable(r.name, "shard %d/%d is there twice, in %s too", r.shard, r.of, other.name)
		}
		by[r.shard] = r
	}
	var missing []string
	for i := 1; i <= readers[0].of; i++ {
		if by[i] == nil && len(missing) < 10 {
			missing = append(missing, fmt.Sprintf("%d/%d", i, readers[0].of))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %s", ErrFacts, missingShards(missing, readers[0].of-len(by)))
	}
	return nil
}
