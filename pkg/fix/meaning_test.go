package fix_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// spec is a YAML spec with a value of each kind, at %s. Each gets a valid value except the one
// under test.
const spec = `id: %s
provider: compose
labels: {release: %s}
secrets: {db: {path: acme-db, key: password}}
workloads:
  web:
    kind: %s
    replicas: %s
    stopGrace: %s
    rollout: {maxUnavailable: %s}
    placement: {spread: %s}
    containers:
      app:
        image: %s
        stopSignal: %s
        args: [--rev, %s]
        env: {PASSWORD: {secret: %s}}
        ports: {http: %s}
        resources: {cpu: %s, memory: %s}
        security: {capabilities: {add: [%s]}}
        ready: {http: {port: %s}}
    ingress: [{host: %s, port: http}]
`

// meaning returns an unambiguous text with the same meaning as an author's text; ok is false if
// the text has several meanings, or none.
type meaning func(text string, quoted bool) (right string, ok bool)

// field is a field of the spec: a valid value, and the meaning of other texts.
type field struct {
	name, right string
	denotes     meaning
}

// fields are the fields of the spec, in its order.
var fields = []field{
	{"id", "acme", characters},
	{"labels", "v1", characters},
	{"kind", "service", word("service", "job", "cron", "daemon")},
	{"replicas", "2", digitsOf},
	{"stopGrace", "30s", timeOf},
	{"maxUnavailable", "1", percentOf},
	{"spread", "true", boolOf},
	{"image", `"ghcr.io/acme/web:1.2-RC"`, imageOf},
	{"stopSignal", "SIGTERM", signalOf},
	{"args", "a", characters},
	{"secret", "db", word("db")},
	{"port", "8080", digitsOf},
	{"cpu", "250m", processorOf},
	{"memory", "512Mi", memoryOf},
	{"capability", "NET_ADMIN", capabilityOf},
	{"check port", "http", portOf},
	{"host", "shop.example.com", hostOf},
}

func percentOf(text string, _ bool) (string, bool) {
	ok, _ := regexp.MatchString(`^ *[0-9]+ *% *$`, text)
	return strconv.Quote(strings.ReplaceAll(text, " ", "")), ok
}

// characters returns a text literally, whatever YAML makes of it. A leading 0 may mean an octal
// number.
func characters(text string, _ bool) (string, bool) {
	octal, _ := regexp.MatchString(`^[-+]?0[0-9_]+$`, text)
	return strconv.Quote(text), !octal
}

// word matches a word of a list in any case, or with one typing error if that is unambiguous.
func word(words ...string) meaning {
	return func(text string, _ bool) (string, bool) {
		text = strings.ToLower(text)
		var near []string
		for _, w := range words {
			if w == text {
				return w, true
			}
			if oneMistake(w, text) {
				near = append(near, w)
			}
		}
		return strings.Join(near, ""), len(near) == 1 && words[0] != "db" // names are not a closed list
	}
}

// oneMistake reports whether two words differ by one letter more, less or other, or by two
// swapped.
func oneMistake(a, b string) bool {
	for i := range len(a) + 1 {
		if i < len(a) && a[:i]+a[i+1:] == b {
			return true
		}
		if i+1 < len(a) && a[:i]+a[i+1:i+2]+a[i:i+1]+a[i+2:] == b {
			return true
		}
		for _, c := range "abcdefghijklmnopqrstuvwxyz0123456789-_. " {
			if a[:i]+string(c)+a[i:] == b || i < len(a) && a[:i]+string(c)+a[i+1:] == b {
				return true
			}
		}
	}
	return false
}

func digitsOf(text string, _ bool) (string, bool) {
	ok, _ := regexp.MatchString(`^ *(0|[1-9][0-9]*) *$`, text)
	return strings.TrimSpace(text), ok
}

// exact returns a number times a factor if that is an integer.
func exact(number string, factor *big.Rat) (string, bool) {
	if strings.HasPrefix(number, ".") {
		number = "0" + number
	}
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return "", false
	}
	n.Mul(n, factor)
	return n.Num().String(), n.IsInt()
}

func timeOf(text string, _ bool) (string, bool) {
	total := new(big.Rat)
	rest := regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?) *([A-Za-z]+)`).ReplaceAllStringFunc(text, func(part string) string {
		m := regexp.MustCompile(`([0-9.]+) *([A-Za-z]+)`).FindStringSubmatch(part)
		n, ok := new(big.Rat).SetString(m[1])
		unit := map[string]int64{"ms": 1, "s": 1e3, "sec": 1e3, "second": 1e3, "m": 6e4, "min": 6e4, "minute": 6e4, "h": 36e5, "hr": 36e5, "hour": 36e5, "d": 864e5, "day": 864e5}[strings.ToLower(strings.TrimSuffix(m[2], "s"))]
		if l := strings.ToLower(m[2]); l == "s" || l == "ms" || l == "milliseconds" {
			unit = map[string]int64{"s": 1e3, "ms": 1, "milliseconds": 1}[l]
		}
		if !ok || unit == 0 || m[2] == "M" {
			return "?"
		}
		total.Add(total, n.Mul(n, new(big.Rat).SetInt64(unit)))
		return ""
	})
	if strings.TrimSpace(text) == "0" || text == "-0" {
		return "0s", true
	}
	total.Quo(total, new(big.Rat).SetInt64(1000))
	blank, _ := regexp.MatchString(`^( |,|\band\b)*$`, rest)
	return total.Num().String() + "s", total.IsInt() && rest != text && blank
}

func boolOf(text string, _ bool) (string, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "yes", "on", "true", "enabled":
		return "true", true
	case "no", "off", "false", "disabled":
		return "false", true
	}
	return "", false
}

func imageOf(text string, _ bool) (string, bool) {
	m := regexp.MustCompile(`^((?:[^/]*[.:][^/]*/|localhost/)?)([A-Za-z0-9._/-]+)((?::[^:@/]+)?(?:@[^@]+)?)$`).FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || m[3] == "" {
		return "", false
	}
	return strconv.Quote(m[1] + strings.ToLower(m[2]) + m[3]), true
}

func signalOf(text string, _ bool) (string, bool) {
	name := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "SIG")
	ok, _ := regexp.MatchString(`^(HUP|INT|QUIT|KILL|TERM|USR1|USR2|RTMIN(\+[0-9]+)?)$`, name)
	return "SIG" + name, ok
}

func processorOf(text string, _ bool) (string, bool) {
	m := regexp.MustCompile(`^ *([0-9.]+) *(|m|(?i:cpus?|cores?|vcpus?|millicores?)) *$`).FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	factor := new(big.Rat).SetInt64(1000)
	if strings.HasPrefix(strings.ToLower(m[2]), "m") {
		factor.SetInt64(1)
	}
	millis, ok := exact(m[1], factor)
	return millis + "m", ok
}

func memoryOf(text string, _ bool) (string, bool) {
	m := regexp.MustCompile(`(?i)^ *([0-9.]+) *(?:|([KMGT])i(?:B)?|B|bytes?) *$`).FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	power := strings.Index("KMGT", strings.ToUpper(m[2])) + 1
	if m[2] == "" {
		power = 0
	}
	mib, ok := exact(m[1], new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), uint(10*power)), big.NewInt(1<<20)))
	return mib + "Mi", ok
}

func capabilityOf(text string, _ bool) (string, bool) {
	return strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "CAP_"), true
}

// portOf returns a port's number, or its name in any case.
func portOf(text string, quoted bool) (string, bool) {
	if strings.EqualFold(text, "http") {
		return "http", true
	}
	return digitsOf(text, quoted)
}

func hostOf(text string, _ bool) (string, bool) {
	return strconv.Quote(strings.ToLower(strings.TrimSpace(text))), true
}

// oddities are texts that people write, each wrong in some field.
var oddities = strings.Split(strings.TrimSpace(`
5e10|0x1F|1_000|1.10|0o17|010|-0|007|.5|1.|+5|12e4|1e3|0b11|1K|0|1|2|3|30|64|404|8080|65536|129e6|536870912|1073741824|1000000000|-1|0.5|1.5|2.25
true|True|FALSE|yes|No|on|OFF|enabled|disabled|y
512mi|512 Mi|512MiB|512MB|512M|512m|1G|2g|1GB|1.5Gi|1.5GiB|0.5Gi|0.1Gi|100Ki|2048KiB|1T|1024|1 Gi|1gib|512 megabytes|1b|1048576 bytes
30 s|30S|90 sec|1 minute|1 minutes and 30 seconds|1M|1H|1.5h|0.5s|1500ms|2000ms|2 days|30s1m|1m 30s|PT30S|1 month|1hour|1w|90s, 1m
250 m|250M|250millicores|2 cores|1 cpu|0.5 vCPU|0,5|50%|1/2|0.0005|0.5m|100 %|25 %|25%|125%
ghcr.io/Acme/Web:1.2-RC|ACME/web:1|https://ghcr.io/acme/web:1|ghcr.io/acme/web| a/B:1 |Localhost/A:1|localhost/A:1|a/B@sha256:ABC|GHCR.io/A/b:T|a/b:1/C
term|SIGterm|TERM|15|404|Kill|rtmin+3|foo|sigfoo|SIGTERM
cap_net_admin|net_admin|CAP_SYS_TIME|NET ADMIN|all
Service|jobs|serivce|crons|daemon|Job |crno|DB|db2|dv|HTTP|htpp|Acme|ACME |my_app|9lives|Shop.Example.COM|https://shop.example.com/|shop.example.com:443|SHOP
~|null|2024-01-01|1:30|a b|a,b|"|{}|[]|é
`), "\n")

// TestMeaning checks every edit for an odd text: the plan with the edit is the same as with the
// text's unambiguous form.
func TestMeaning(t *testing.T) {
	m := newMeanings(t)
	for _, line := range oddities {
		for _, odd := range strings.Split(line, "|") {
			for field := range fields {
				m.check(t, field, odd)
			}
		}
	}
	if m.edits < 150 {
		t.Errorf("%d edits were offered: too few to hold anything", m.edits)
	}
	t.Logf("%d edits", m.edits)
}

func FuzzMeaning(f *testing.F) {
	for _, line := range oddities {
		for i, odd := range strings.Split(line, "|") {
			f.Add(i%len(fields), odd)
		}
	}
	m := newMeanings(f)
	f.Fuzz(func(t *testing.T, field int, odd string) {
		if field >= 0 && field < len(fields) && len(odd) < 100 && !strings.ContainsAny(odd, "\n\r") {
			m.check(t, field, odd)
		}
	})
}

// meanings compile specs.
type meanings struct {
	compiler *compile.Compiler
	dir      string
	edits    int
}

func newMeanings(t testing.TB) *meanings {
	t.Helper()
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compile.New(reg, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &meanings{compiler: c, dir: t.TempDir()}
}

// check tries a text in a field, plain and quoted.
func (m *meanings) check(t *testing.T, field int, odd string) {
	t.Helper()
	for _, quoted := range []bool{false, true} {
		text := odd
		if quoted {
			text = strconv.Quote(odd)
		} else if strings.ContainsAny(odd, ",[]{}\"'#") {
			continue // the text is not a complete value
		}
		name := m.write(t, "odd.yaml", field, text)
		files, _, err := fix.Run(t.Context(), judgeOf(m.compiler, compile.Input{Paths: []string{name}, Memory: &compile.Memory{}}), fix.Read)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			continue
		}
		m.edits++
		right, ok := fields[field].denotes(odd, quoted)
		if !ok {
			t.Errorf("%s: %s is rewritten, and denotes nothing for certain:\n%s", fields[field].name, text, changed(files[0]))
			continue
		}
		want := m.verdict(t, m.write(t, "right.yaml", field, right), nil)
		got := m.verdict(t, name, map[string][]byte{name: files[0].Now})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s is rewritten to another meaning than %s (-denoted +written):\n%s\n%s", fields[field].name, text, right, diff, changed(files[0]))
		}
	}
}

// write writes the spec with a text in one field.
func (m *meanings) write(t *testing.T, name string, field int, text string) string {
	t.Helper()
	args := make([]any, len(fields))
	for i, f := range fields {
		args[i] = f.right
	}
	args[field] = text
	path := filepath.Join(m.dir, name)
	if err := os.WriteFile(path, fmt.Appendf(nil, spec, args...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// verdict returns the plan of a file, optionally with another text, or its problems.
func (m *meanings) verdict(t *testing.T, name string, overlay map[string][]byte) string {
	t.Helper()
	plans, diags, err := m.compiler.Compile(t.Context(), compile.Input{Paths: []string{name}, Overlay: overlay})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, d := range diags {
		if d.Severity == diag.Error {
			said = append(said, d.Message)
		}
	}
	text, err := json.MarshalIndent(plans, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(said, string(text)), "\n")
}

// changed returns the changed lines, before and after.
func changed(f fix.File) string {
	was, now := strings.Split(string(f.Was), "\n"), strings.Split(string(f.Now), "\n")
	i := slices.IndexFunc(was, func(line string) bool { return !slices.Contains(now, line) })
	if i < 0 || i >= len(now) {
		return ""
	}
	return "-" + was[i] + "\n+" + now[i]
}
