package importer

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Seconds writes seconds as a spec does, without parts that are zero: 1m30s, 2m, 0s.
func Seconds(n int64) string {
	text := ""
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"h", 3600}, {"m", 60}, {"s", 1}} {
		if part := n / unit.seconds; part > 0 {
			text += strconv.FormatInt(part, 10) + unit.name
			n %= unit.seconds
		}
	}
	if text == "" {
		return "0s"
	}
	return text
}

// WholeSeconds reads a duration of Go, rounded up to a second.
func WholeSeconds(text string) (seconds int64, exact, ok bool) {
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil || d < 0 || d > 1e6*time.Hour {
		return 0, false, false
	}
	seconds = int64((d + time.Second - 1) / time.Second)
	return seconds, time.Duration(seconds)*time.Second == d, true
}

// MiB writes bytes as a spec does, rounded up to a MiB.
func MiB(bytes *big.Int) (text string, exact bool) {
	n, rest := new(big.Int).QuoRem(bytes, big.NewInt(1<<20), new(big.Int))
	if exact = rest.Sign() == 0; !exact {
		n.Add(n, big.NewInt(1))
	}
	return Size(n.Int64()), exact
}

// Millis writes thousandths of a processor as a spec does.
func Millis(n int64) string {
	if n%1000 == 0 {
		return strconv.FormatInt(n/1000, 10)
	}
	return fmt.Sprintf("%dm", n)
}

// Scaled reads a number with a unit.
func Scaled(text string, units map[string]*big.Rat) (*big.Rat, bool) {
	i := len(text)
	for i > 0 && (text[i-1] < '0' || text[i-1] > '9') && text[i-1] != '.' {
		i--
	}
	n, ok := new(big.Rat).SetString(text[:i])
	unit, known := units[strings.TrimSpace(text[i:])]
	if !ok || !known || n.Sign() < 0 || len(text) > 40 || strings.ContainsAny(text[:i], "eE/") {
		return nil, false
	}
	return new(big.Rat).Mul(n, unit), true
}

// Ceil rounds up, and reports whether there was nothing to round.
func Ceil(n *big.Rat) (whole *big.Int, exact bool) {
	q, rest := new(big.Int).QuoRem(n.Num(), n.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q, rest.Sign() == 0
}

// Size writes MiB as a spec does.
func Size(mebibytes int64) string {
	if mebibytes%1024 == 0 && mebibytes > 0 {
		return fmt.Sprintf("%dGi", mebibytes/1024)
	}
	return fmt.Sprintf("%dMi", mebibytes)
}
