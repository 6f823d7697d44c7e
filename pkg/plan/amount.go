package plan

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// amount converts between a number of the plan and its text in a spec.
type amount struct {
	read  func(v value) int64
	write func(n int64) string
}

// amounts are the units of the plan's fields, by the option of the field's tag.
var amounts = map[string]amount{
	"millis":          {value.millis, processors},
	"mebibytes":       {value.mebibytes, Size},
	"seconds":         {value.seconds, duration},
	"positiveSeconds": {value.positiveSeconds, duration},
}

// seconds returns a duration's length; the schema has checked its form.
func (v value) seconds() int64 {
	d, _ := time.ParseDuration(v.text())
	return int64(d / time.Second)
}

// positiveSeconds is seconds for a field whose 0 means not set.
func (v value) positiveSeconds() int64 {
	s := v.seconds()
	if s == 0 {
		v.diags.Errorf(diag.OutOfBounds, v.path(), "%s is %s, and must be more than 0", v.name, v.text())
	}
	return s
}

// mebibytes returns an amount such as 512Mi, 1.5Gi, 2G or 536870912, rounded up; the schema has
// checked its form.
func (v value) mebibytes() int64 {
	text := v.n.Text
	digits := strings.TrimRight(text, "KkMGTPi")
	amount, ok := new(big.Rat).SetString(digits)
	if !ok {
		return 0
	}
	amount.Mul(amount, big.NewRat(bytesIn[text[len(digits):]], mebibyte))
	up := new(big.Int).Add(amount.Num(), new(big.Int).Sub(amount.Denom(), big.NewInt(1)))
	up.Quo(up, amount.Denom())
	switch {
	case up.Sign() <= 0:
		d := v.diags.Errorf(diag.OutOfBounds, v.path(), "%s is %s, and must be more than 0", v.name, text)
		d.Help = "leave it out where nothing is to be set aside"
	case !up.IsInt64():
		v.diags.Errorf(diag.OutOfBounds, v.path(), "%s is %s, which is more than any platform has", v.name, text)
		return 0
	}
	return up.Int64()
}

const mebibyte = 1 << 20

// bytesIn are the units of resource.Quantity (k8s.io/apimachinery v0.37, pkg/api/resource,
// checked 2026-11-29): k is lower case, Ki is not.
var bytesIn = map[string]int64{
	"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50,
}

// millis returns an amount of processor time, 250m, 0.5 or 2, computed exactly.
func (v value) millis() int64 {
	digits, inMillis := strings.CutSuffix(v.n.Text, "m")
	amount, ok := new(big.Rat).SetString(digits)
	if !ok {
		v.diags.Errorf(diag.BadFormat, v.path(), "%s is %s, not an amount of processor", v.name, v.n.Text)
		return 0
	}
	if !inMillis {
		amount.Mul(amount, big.NewRat(1000, 1))
	}
	switch {
	case amount.Sign() <= 0:
		d := v.diags.Errorf(diag.OutOfBounds, v.path(), "%s is %s, and must be more than 0", v.name, v.n.Text)
		d.Help = "leave it out where nothing is to be set aside"
	case !amount.IsInt():
		d := v.diags.Errorf(diag.BadFormat, v.path(), "%s is %s, which is finer than a thousandth of a processor", v.name, v.n.Text)
		d.Help = "write a whole number of millicores, such as 250m"
	}
	return new(big.Int).Quo(amount.Num(), amount.Denom()).Int64()
}

func processors(millis int64) string {
	if millis%1000 == 0 {
		return fmt.Sprint(millis / 1000)
	}
	return fmt.Sprintf("%dm", millis)
}

// Size formats an amount of memory or storage as in a spec.
func Size(mebibytes int64) string {
	if mebibytes%1024 == 0 && mebibytes > 0 {
		return fmt.Sprintf("%dGi", mebibytes/1024)
	}
	return fmt.Sprintf("%dMi", mebibytes)
}

// duration formats seconds without zero parts: 1m30s, 2m; 0s for zero.
func duration(seconds int64) string {
	text := (time.Duration(seconds) * time.Second).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}
