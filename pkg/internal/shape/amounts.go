package shape

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// Amounts are computed in integers and fractions, so rounding is always detected.

var (
	amount   = lazyregexp.New(`^([0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})\s*([A-Za-z%]*)$`)
	amountIn = lazyregexp.New(`([0-9]{1,30}(?:\.[0-9]{1,30})?)\s*([A-Za-z]+)`)
)

// amountOf parses a number and the unit after it, in lower case.
func amountOf(v mistaken) (n *big.Rat, unit, written string, ok bool) {
	if v.Kind != data.String && v.Kind != data.Int && v.Kind != data.Float {
		return nil, "", "", false
	}
	m := amount.FindStringSubmatch(strings.TrimSpace(v.Text))
	if m == nil {
		return nil, "", "", false
	}
	n, ok = new(big.Rat).SetString(m[1])
	return n, strings.ToLower(m[2]), m[2], ok
}

// times multiplies by an integer.
func times(n *big.Rat, factor int64) *big.Rat {
	return new(big.Rat).Mul(n, new(big.Rat).SetInt64(factor))
}

// over divides by an integer and rounds up, and reports whether the division was exact. It
// returns 0 and false outside int64.
func over(n *big.Rat, divisor int64) (whole int64, exact bool) {
	q := new(big.Rat).Quo(n, new(big.Rat).SetInt64(divisor))
	up := new(big.Int).Add(q.Num(), new(big.Int).Sub(q.Denom(), big.NewInt(1)))
	up.Quo(up, q.Denom())
	if !up.IsInt64() {
		return 0, false
	}
	return up.Int64(), q.IsInt()
}

const mebibyte = 1 << 20

// binaryUnits are the unambiguous units of memory (IEC 80000-13), in bytes.
var binaryUnits = map[string]int64{
	"ki": 1 << 10, "kib": 1 << 10, "mi": 1 << 20, "mib": 1 << 20, "gi": 1 << 30, "gib": 1 << 30, "ti": 1 << 40, "tib": 1 << 40,
}

// twoUnits are units that mean powers of 1024 to some and powers of 1000 to others.
var twoUnits = map[string]struct{ binary, decimal int64 }{
	"k": {1 << 10, 1e3}, "kb": {1 << 10, 1e3}, "m": {1 << 20, 1e6}, "mb": {1 << 20, 1e6},
	"g": {1 << 30, 1e9}, "gb": {1 << 30, 1e9}, "t": {1 << 40, 1e12}, "tb": {1 << 40, 1e12},
}

// wholeMiB rewrites an amount of memory that is a whole number of MiB, with a binary unit or in
// bytes.
func wholeMiB(v mistaken) []guess {
	n, unit, _, ok := amountOf(v)
	if !ok {
		return nil
	}
	factor, known := binaryUnits[unit]
	switch unit {
	case "", "b", "byte", "bytes":
		factor, known = 1, true
	}
	if mib, exact := over(times(n, factor), mebibyte); known && exact {
		return texts(mebibytes(mib))
	}
	return nil
}

// nearMiB rounds up to whole MiB, and guesses ambiguous units: none as MiB or GiB, the others
// as the tools that write them so: Kubernetes M and G as decimal (resource.Quantity), Docker m
// and g as binary (units.RAMInBytes).
func nearMiB(v mistaken) []guess {
	n, unit, written, ok := amountOf(v)
	if !ok {
		if digits := strings.Replace(v.Text, ",", ".", 1); digits != v.Text && v.Kind == data.String {
			w := v
			w.Node = textNode(digits)
			return append(wholeMiB(w), nearMiB(w)...)
		}
		return nil
	}
	in := func(factor int64, note string) []guess {
		mib, exact := over(times(n, factor), mebibyte)
		if mib <= 0 {
			return nil
		}
		if !exact {
			note = strings.TrimPrefix(note+", rounded up", ", ")
		}
		return []guess{{textNode(mebibytes(mib)), note}}
	}
	if factor, ok := binaryUnits[unit]; ok {
		return in(factor, "")
	}
	if two, ok := twoUnits[unit]; ok {
		binary, decimal := in(two.binary, "powers of 1024"), in(two.decimal, "powers of 1000")
		switch {
		case written == "m":
			return in(two.binary, "")
		case len(written) == 1 && (written == "k" || strings.ToUpper(written) == written):
			return append(decimal, binary...)
		}
		return append(binary, decimal...)
	}
	if unit != "" && unit != "b" {
		return nil
	}
	if n.Cmp(new(big.Rat).SetInt64(mebibyte)) >= 0 || unit == "b" {
		return in(1, "bytes")
	}
	return append(in(1<<20, ""), in(1<<30, "")...)
}

// secondsIn are the unambiguous units of time, in seconds.
var secondsIn = map[string]int64{
	"s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
	"m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
	"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
	"d": 86400, "day": 86400, "days": 86400,
}

// secondsOf parses texts such as 1 minute 30 seconds, or 1.5h.
func secondsOf(v mistaken) (seconds *big.Rat, ok bool) {
	seconds = new(big.Rat)
	if v.Kind != data.String {
		return seconds, v.Text == "0" // of any unit
	}
	known := true
	rest := amountIn.ReplaceAllStringFunc(v.Text, func(part string) string {
		m := amountIn.FindStringSubmatch(part)
		n, ok := new(big.Rat).SetString(m[1])
		unit := strings.ToLower(m[2])
		switch {
		case !ok:
		case m[2] == "M": // M may mean months
			known = false
		case unit == "ms" || unit == "millisecond" || unit == "milliseconds":
			seconds.Add(seconds, n.Quo(n, new(big.Rat).SetInt64(1000)))
			return ""
		case secondsIn[unit] > 0:
			seconds.Add(seconds, times(n, secondsIn[unit]))
			return ""
		}
		return part
	})
	for _, word := range strings.Fields(strings.ReplaceAll(rest, ",", " ")) {
		known = known && word == "and"
	}
	return seconds, known && rest != v.Text || strings.TrimSpace(v.Text) == "0"
}

func wholeSeconds(v mistaken) []guess {
	if seconds, ok := secondsOf(v); ok {
		if whole, exact := over(seconds, 1); exact {
			return texts(durationOf(whole))
		}
	}
	return nil
}

// nearSeconds rounds up to whole seconds, and guesses a number without a unit as seconds or
// minutes.
func nearSeconds(v mistaken) []guess {
	if seconds, ok := secondsOf(v); ok {
		if whole, _ := over(seconds, 1); whole > 0 {
			return []guess{{textNode(durationOf(whole)), "rounded up"}}
		}
		return nil
	}
	n, _, written, ok := amountOf(v)
	if !ok || !n.IsInt() {
		return nil
	}
	switch written {
	case "":
		return texts(n.Num().String()+"s", n.Num().String()+"m")
	case "M":
		return texts(n.Num().String() + "m")
	}
	return nil
}

// durationOf formats seconds in the largest units that divide them.
func durationOf(seconds int64) string {
	var b strings.Builder
	for _, u := range []struct {
		size int64
		name string
	}{{3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := seconds / u.size; n > 0 || u.size == 1 && b.Len() == 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
		}
		seconds %= u.size
	}
	return b.String()
}

// millisIn are the units of processor time, in thousandths.
var millisIn = map[string]int64{
	"": 1000, "cpu": 1000, "cpus": 1000, "core": 1000, "cores": 1000, "vcpu": 1000, "vcpus": 1000,
	"millicore": 1, "millicores": 1, "millicpu": 1, "mcpu": 1,
}

// wholeMillis rewrites an amount of processor time that is a whole number of thousandths, with
// a zero before a leading point.
func wholeMillis(v mistaken) []guess {
	n, unit, written, ok := amountOf(v)
	factor, known := millisIn[unit]
	if written == "m" {
		factor, known = 1, true
	}
	if !ok || !known || v.Kind != data.String {
		return nil
	}
	if s := strings.TrimSpace(v.Text); unit == "" && s[0] == '.' {
		return texts("0" + s)
	}
	if millis, exact := over(times(n, factor), 1); exact {
		return texts(millicores(millis))
	}
	return nil
}

// nearMillis guesses a comma as a decimal point, a percentage as part of one processor, and M
// as m.
func nearMillis(v mistaken) []guess {
	if v.Kind != data.String {
		return nil
	}
	if s := strings.Replace(strings.TrimSpace(v.Text), ",", ".", 1); s != strings.TrimSpace(v.Text) {
		return texts(s)
	}
	n, unit, written, ok := amountOf(v)
	switch {
	case !ok:
	case unit == "%":
		if millis, exact := over(times(n, 10), 1); exact {
			return texts(millicores(millis))
		}
	case written == "M" && n.IsInt():
		return texts(n.Num().String() + "m")
	case unit == "":
		if millis, _ := over(times(n, 1000), 1); millis > 0 {
			return []guess{{textNode(millicores(millis)), "rounded up"}}
		}
	}
	return nil
}

func millicores(n int64) string {
	if n%1000 == 0 {
		return strconv.FormatInt(n/1000, 10)
	}
	return strconv.FormatInt(n, 10) + "m"
}

// plainPercent removes the spaces from a percentage.
func plainPercent(v mistaken) []guess { return texts(strings.Join(strings.Fields(v.Text), "")) }

func percentOf(v mistaken) []guess {
	if n, unit, _, ok := amountOf(v); ok && unit == "" && n.IsInt() {
		return texts(n.Num().String() + "%")
	}
	return nil
}

func mebibytes(n int64) string {
	if n%1024 == 0 && n > 0 {
		return strconv.FormatInt(n/1024, 10) + "Gi"
	}
	return strconv.FormatInt(n, 10) + "Mi"
}
