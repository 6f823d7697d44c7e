package kubernetes

import (
	"math/big"

	"github.com/cuecompute/cuecompute/pkg/importer"
)

// units of quantities (k8s.io/apimachinery, pkg/api/resource).
var units = map[string]*big.Rat{
	"": big.NewRat(1, 1), "m": big.NewRat(1, 1000),
	"k": big.NewRat(1e3, 1), "M": big.NewRat(1e6, 1), "G": big.NewRat(1e9, 1), "T": big.NewRat(1e12, 1), "P": big.NewRat(1e15, 1),
	"Ki": big.NewRat(1<<10, 1), "Mi": big.NewRat(1<<20, 1), "Gi": big.NewRat(1<<30, 1), "Ti": big.NewRat(1<<40, 1), "Pi": big.NewRat(1<<50, 1),
}

// bytesOf reads an amount of memory, rounded up to a byte.
func bytesOf(text string) (*big.Int, bool) {
	n, ok := importer.Scaled(text, units)
	if !ok {
		return nil, false
	}
	whole, _ := importer.Ceil(n)
	return whole, whole.BitLen() < 60
}

// millisOf reads processors, rounded up to a thousandth.
func millisOf(text string) (millis int64, exact, ok bool) {
	n, ok := importer.Scaled(text, units)
	if !ok {
		return 0, false, false
	}
	whole, exact := importer.Ceil(n.Mul(n, big.NewRat(1000, 1)))
	return whole.Int64(), exact, whole.IsInt64()
}
