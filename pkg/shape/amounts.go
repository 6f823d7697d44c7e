package shape

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

var (
	amount   = lazyregexp.New(`^\s*([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-z%]*)\s*$`)
	amountIn = lazyregexp.New(`([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)`)
)

// units are what other tools call an amount, and how much of the smallest unit here it
// is: MiB, seconds, thousandths of a processor.
var units = map[string]struct {
	factor float64
	unit   string
}{
	"b": {1. / (1 << 20), "Mi"}, "k": {1. / 1024, "Mi"}, "kb": {1. / 1024, "Mi"}, "ki": {1. / 1024, "Mi"}, "kib": {1. / 1024, "Mi"},
	"mb": {1, "Mi"}, "mi": {1, "Mi"}, "mib": {1, "Mi"},
	"g": {1024, "Mi"}, "gb": {1024, "Mi"}, "gi": {1024, "Mi"}, "gib": {1024, "Mi"},
	"t": {1 << 20, "Mi"}, "tb": {1 << 20, "Mi"}, "ti": {1 << 20, "Mi"}, "tib": {1 << 20, "Mi"},
	"ms": {0.001, "s"}, "s": {1, "s"}, "sec": {1, "s"}, "secs": {1, "s"}, "second": {1, "s"}, "seconds": {1, "s"},
	"min": {60, "s"}, "mins": {60, "s"}, "minute": {60, "s"}, "minutes": {60, "s"},
	"h": {3600, "s"}, "hour": {3600, "s"}, "hours": {3600, "s"}, "hr": {3600, "s"},
	"d": {86400, "s"}, "day": {86400, "s"}, "days": {86400, "s"},
	"cpu": {1000, "m"}, "cpus": {1000, "m"}, "core": {1000, "m"}, "cores": {1000, "m"}, "vcpu": {1000, "m"}, "vcpus": {1000, "m"},
	"millicores": {1, "m"},
}

// amounts are ways to write an amount with the units of the spec.
func amounts(s string) []string {
	m := amount.FindStringSubmatch(s)
	if m == nil {
		return durations(s)
	}
	digits, unit := strings.ReplaceAll(m[1], ",", "."), strings.ToLower(m[2])
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return nil
	}
	switch unit {
	case "":
		if bytes := int64(number); bytes >= 1<<20 && bytes%(1<<20) == 0 {
			return []string{mebibytes(bytes >> 20)}
		}
		return []string{digits + "Mi", digits + "s", digits + "%"}
	case "m":
		return []string{digits + "m", digits + "Mi"}
	}
	u, ok := units[unit]
	if !ok {
		return nil
	}
	whole := int64(math.Ceil(number * u.factor))
	switch u.unit {
	case "Mi":
		return []string{mebibytes(whole)}
	case "s":
		return []string{duration(whole)}
	}
	return []string{strconv.FormatInt(whole, 10) + u.unit}
}

// isExact reports whether [amounts] tells just how much a text says, in no other way.
func isExact(s string) bool {
	if m := amount.FindStringSubmatch(s); m != nil {
		number, err := strconv.ParseFloat(m[1], 64)
		u, known := units[strings.ToLower(m[2])]
		if m[2] == "" {
			return err == nil && number >= 1<<20 && math.Mod(number, 1<<20) == 0 // bytes
		}
		return err == nil && known && number*u.factor == math.Trunc(number*u.factor)
	}
	seconds, ok := secondsOf(s)
	return ok && seconds == math.Trunc(seconds)
}

// durations reads words such as 1 minute 30 seconds, or 1.5h.
func durations(s string) []string {
	seconds, ok := secondsOf(s)
	if !ok {
		return nil
	}
	return []string{duration(int64(math.Ceil(seconds)))}
}

// secondsOf is how long that is.
func secondsOf(s string) (seconds float64, ok bool) {
	rest := amountIn.ReplaceAllStringFunc(s, func(part string) string {
		m := amountIn.FindStringSubmatch(part)
		n, err := strconv.ParseFloat(m[1], 64)
		name := strings.ToLower(m[2])
		if name == "m" {
			name = "min"
		}
		u, ok := units[name]
		if err != nil || !ok || u.unit != "s" {
			return part
		}
		seconds += n * u.factor
		return ""
	})
	return seconds, seconds != 0 && strings.Trim(rest, " ,and") == ""
}

// duration writes seconds in the largest units that they fill.
func duration(seconds int64) string {
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

func mebibytes(n int64) string {
	if n%1024 == 0 && n > 0 {
		return strconv.FormatInt(n/1024, 10) + "Gi"
	}
	return strconv.FormatInt(n, 10) + "Mi"
}
