package datatest

import (
	"math/rand/v2"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Recombine returns a copy of a tenant with one random change that is likely to make
// sense: a value of another tenant's at the same place, a value left out, or another
// value of the same form.
func Recombine(r *rand.Rand, tenant *data.Node, others []*data.Node) *data.Node {
	n := clone(tenant)
	switch r.IntN(4) {
	case 0:
		structs := collect(n, hasFields)
		s := structs[r.IntN(len(structs))]
		i := r.IntN(len(s.Fields))
		s.Fields = append(s.Fields[:i], s.Fields[i+1:]...)
	case 1:
		scalars := collect(n, isScalar)
		vary(r, scalars[r.IntN(len(scalars))])
	default:
		graft(r, n, others[r.IntN(len(others))])
	}
	return n
}

// graft takes a field over from another tenant, into the struct that stands at the same
// place: below workloads, whatever the names are.
func graft(r *rand.Rand, to, from *data.Node) {
	for range 2 + r.IntN(5) {
		if len(from.Fields) == 0 {
			return
		}
		f := from.Fields[r.IntN(len(from.Fields))]
		mine := to.Field(f.Name)
		if mine == nil && len(to.Fields) > 0 && f.Value.Kind == data.Struct && r.IntN(2) == 0 {
			mine = &to.Fields[r.IntN(len(to.Fields))] // another name's
		}
		if mine == nil || mine.Value.Kind != data.Struct || f.Value.Kind != data.Struct {
			if f.Name != "id" && f.Name != "provider" {
				to.Set(f.Name, data.Pos{}, clone(f.Value))
			}
			return
		}
		to, from = mine.Value, f.Value
	}
}

// vary gives a scalar another value of its form.
func vary(r *rand.Rand, v *data.Node) {
	pick := func(values ...string) { v.Text = values[r.IntN(len(values))] }
	switch v.Kind {
	case data.Bool:
		pick("true", "false")
	case data.Int:
		v.Text = strconv.Itoa([]int{0, 1, 2, 3, 5, 7, 10, 11, 20, 50, 63, 64, 80, 100, 255, 443, 1000, 8080, 32767, 65535, 86400}[r.IntN(21)])
	case data.Float:
		pick("0.1", "0.25", "0.5", "1.5", "2.0", "16.0")
	case data.String:
		switch last := lastByte(v.Text); {
		case last == 's' || last == 'm' && len(v.Text) < 5 || last == 'h':
			pick("0s", "1s", "2s", "5s", "30s", "1m30s", "120s", "10m", "1h", "100h", "250m", "1m", "2000m")
		case last == 'i':
			pick("1Mi", "4Mi", "6Mi", "10Mi", "64Mi", "512Mi", "1Gi", "3Gi", "8Gi", "30Gi", "120Gi", "1Ti")
		default:
			pick("service", "job", "cron", "always", "never", "on-failure", "main", "init", "sidecar", "internal", "public", "none",
				"started", "healthy", "completed", "udp", "tcp", "memory", "disk", "forbid", "replace", "allow", "0", "1000", "root", "nobody", "1000:1000",
				"arm64", "amd64", "linux", "windows", "$(HOME)", "${HOME}", "{{ x }}", "a b", "", "x", "alloc", "0 3 * * *", "*/5 1-3 * * 1-5", "UTC",
				"Europe/Berlin", "/", "/data", "25%", "100%", "0%", "1", "a-rather-long-name-of-a-thing-that-is-here", "SIGTERM", "SIGQUIT")
		}
	}
}

func lastByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}
