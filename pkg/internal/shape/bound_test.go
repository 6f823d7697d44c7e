package shape

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// FuzzCompare compares the fast path with exact arithmetic.
func FuzzCompare(f *testing.F) {
	f.Add(int64(0), uint16(0), int64(-1), uint16(6))
	f.Add(int64(500), uint16(3), int64(5), uint16(1))
	f.Add(int64(-1234567), uint16(7), int64(-123456), uint16(6))
	f.Add(int64(9223372036854775807), uint16(0), int64(9223372036854775807), uint16(1))
	f.Add(int64(-5), uint16(1), int64(0), uint16(3))
	f.Fuzz(func(t *testing.T, a int64, aDecimals uint16, b int64, bDecimals uint16) {
		x, y := decimalOf(a, aDecimals%30), decimalOf(b, bDecimals%30)
		r, _ := new(big.Rat).SetString(x)
		s, _ := new(big.Rat).SetString(y)
		if got, want := compare(x, y), r.Cmp(s); got != want {
			t.Errorf("%s compares to %s as %d, not %d", x, y, got, want)
		}
	})
}

// decimalOf formats a number with that many decimals.
func decimalOf(n int64, decimals uint16) string {
	if decimals == 0 {
		return fmt.Sprint(n)
	}
	sign, digits := "", strings.TrimPrefix(fmt.Sprint(n), "-")
	if n < 0 {
		sign = "-"
	}
	digits = strings.Repeat("0", max(0, 1+int(decimals)-len(digits))) + digits
	point := len(digits) - int(decimals)
	return sign + digits[:point] + "." + digits[point:]
}
