package compile

import (
	"encoding"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
)

// Shard is one part of a run that is split into several: the Index-th of Count, counted from 1.
// The zero value is the whole run. A unit's shard depends only on its path, so it is the same
// on every machine.
type Shard struct{ Index, Count int }

var _ encoding.TextUnmarshaler = (*Shard)(nil)

// UnmarshalText parses a shard in the form I/N.
func (s *Shard) UnmarshalText(text []byte) error {
	index, count, _ := strings.Cut(string(text), "/")
	i, errIndex := strconv.Atoi(index)
	n, errCount := strconv.Atoi(count)
	if errIndex != nil || errCount != nil || i < 1 || i > n {
		return errShard
	}
	*s = Shard{i, n}
	return nil
}

var errShard = errors.New("a shard is I/N with I from 1 to N, such as 2/5")

func (s Shard) check() error {
	if s != (Shard{}) && (s.Index < 1 || s.Index > s.Count) {
		return errShard // a run that checks nothing would pass
	}
	return nil
}

// MarshalText formats a shard as I/N, "" for the whole run.
func (s Shard) MarshalText() ([]byte, error) {
	if s == (Shard{}) {
		return nil, nil
	}
	return fmt.Appendf(nil, "%d/%d", s.Index, s.Count), nil
}

// whole reports whether there are no other shards.
func (s Shard) whole() bool { return s.Count <= 1 }

// first reports whether the shard reports problems of no unit.
func (s Shard) first() bool { return s.whole() || s.Index == 1 }

// contains reports whether a unit is in the shard. Standard input is in the first.
func (s Shard) contains(u find.Unit) bool {
	if s.whole() || u.Path == "-" {
		return s.first()
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, filepath.ToSlash(u.Path)) // writing to a hash does not fail
	return h.Sum64()%uint64(s.Count) == uint64(s.Index-1)
}
