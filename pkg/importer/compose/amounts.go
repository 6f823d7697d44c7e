package compose

import (
	"math/big"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
)

// units of memory: each is a power of 1024, with a b or without (docker/go-units, RAMInBytes).
var units = map[string]*big.Rat{
	"": big.NewRat(1, 1), "b": big.NewRat(1, 1),
	"k": big.NewRat(1<<10, 1), "kb": big.NewRat(1<<10, 1), "kib": big.NewRat(1<<10, 1),
	"m": big.NewRat(1<<20, 1), "mb": big.NewRat(1<<20, 1), "mib": big.NewRat(1<<20, 1),
	"g": big.NewRat(1<<30, 1), "gb": big.NewRat(1<<30, 1), "gib": big.NewRat(1<<30, 1),
	"t": big.NewRat(1<<40, 1), "tb": big.NewRat(1<<40, 1), "tib": big.NewRat(1<<40, 1),
}

func bytesOf(text string) (*big.Int, bool) {
	n, ok := importer.Scaled(strings.ToLower(strings.TrimSpace(text)), units)
	if !ok {
		return nil, false
	}
	whole, _ := importer.Ceil(n)
	return whole, whole.BitLen() < 60
}

// millisOf reads processors, rounded up to a thousandth.
func millisOf(text string) (millis int64, exact, ok bool) {
	n, ok := importer.Scaled(text, map[string]*big.Rat{"": big.NewRat(1000, 1)})
	if !ok {
		return 0, false, false
	}
	whole, exact := importer.Ceil(n)
	return whole.Int64(), exact, whole.IsInt64()
}
