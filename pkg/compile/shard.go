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

// Shard is one part of a run that is spread over several: the Index-th of Count, counted
// from 1. The zero value is the whole. A unit is in the same shard wherever it is judged,
// since that depends on its path alone.
type Shard struct{ Index, Count int }

var _ encoding.TextUnmarshaler = (*Shard)(nil)

// UnmarshalText reads a shard as people write it: I/N.
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
		return errShard // to judge nothing would pass for success
	}
	return nil
}

// MarshalText writes a shard as people write it; nothing for the whole.
func (s Shard) MarshalText() ([]byte, error) {
	if s == (Shard{}) {
		return nil, nil
	}
	return fmt.Appendf(nil, "%d/%d", s.Index, s.Count), nil
}

// whole reports whether nothing is left to other shards.
func (s Shard) whole() bool { return s.Count <= 1 }

// first reports whether the shard is the one that tells what is no unit's.
func (s Shard) first() bool { return s.whole() || s.Index == 1 }

// holds reports whether a unit is in the shard. Standard input is in the first.
func (s Shard) holds(u find.Unit) bool {
	if s.whole() || u.Path == "-" {
		return s.first()
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, filepath.ToSlash(u.Path)) // a hash takes everything
	return h.Sum64()%uint64(s.Count) == uint64(s.Index-1)
}
