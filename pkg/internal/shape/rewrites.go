package shape

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/decimal"
)

// rewrite is another way to write a value that is not admitted.
type rewrite struct {
	of     class // the class of values; "" for all
	to     func(v mistaken) []guess
	quotes bool // it only adds quotes
	texts  bool // it applies to strings only
}

func (r rewrite) guesses(v mistaken) []guess {
	if r.of != "" && r.of != v.class || r.texts && v.Kind != data.String {
		return nil
	}
	return r.to(v)
}

// mistaken is a value that is not admitted, with its types and their class.
type mistaken struct {
	*data.Node
	types Types
	class class
}

// sameMeaning are the rewrites that keep the meaning: both texts mean the same, or the first
// can mean nothing else. Only these are edits. (Names have one more: a field, a word of a list
// or a provider with one typing error, see [diag.Surely].)
var sameMeaning = []rewrite{
	{to: ownCharacters, quotes: true}, // 5e10 → "5e10", where only a text is admitted
	{to: plainNumber},                 // "3" → 3, where no text is
	{to: boolWord},                    // yes → true, where no text is
	{of: memory, to: wholeMiB},        // 512 MiB → 512Mi, 1.5Gi → 1536Mi, 1073741824 → 1Gi
	{of: duration, to: wholeSeconds},  // 1 minute → 1m, 1.5h → 1h30m
	{of: processor, to: wholeMillis},  // .5 → 0.5, 250 m → 250m, 2 cores → 2
	{of: percentage, to: plainPercent, texts: true},
	{of: image, to: lowerRepository, texts: true}, // ghcr.io/Acme/Web:1.2-RC → ghcr.io/acme/web:1.2-RC
	{of: signal, to: signalName, texts: true},     // term → SIGTERM
	{of: capability, to: capabilityName, texts: true},
	{of: host, to: lowerHost, texts: true}, // host names are case-insensitive (RFC 4343)
}

// otherMeaning are the rewrites that may change the meaning: they are suggestions, the most
// likely first.
func otherMeaning() []rewrite {
	return []rewrite{
		{to: boolOfDigit},
		{to: numberOfText},
		{of: memory, to: nearMiB},
		{of: duration, to: nearSeconds},
		{of: processor, to: nearMillis},
		{of: percentage, to: percentOf},
		{to: otherSpellings},
		{to: otherShapes},
	}
}

// class is what a text represents. A rewrite applies to one class only: 1m is a duration and an
// amount of processor time.
type class string

const (
	memory     class = "memory"
	duration   class = "duration"
	processor  class = "processor"
	percentage class = "percentage"
	image      class = "image"
	signal     class = "signal"
	capability class = "capability"
	host       class = "host"
	path       class = "path"
	fileName   class = "file name"
	variable   class = "environment variable"
)

// classes identify a class by texts that its types admit and refuse, so that third-party
// providers' definitions are recognised too.
var classes = []struct {
	class           class
	takes, takesNot []string
}{
	{memory, []string{"512Mi", "2Gi"}, []string{"30s", "x"}},
	{duration, []string{"30s", "1m30s"}, []string{"512Mi", "x"}},
	{processor, []string{"250m", "0.5"}, []string{"512Mi", "x"}},
	{percentage, []string{"25%"}, []string{"512Mi", "x"}},
	{image, []string{"a/b:1"}, []string{"a/b", "a/B:1"}},
	{signal, []string{"SIGTERM"}, []string{"TERM"}},
	{capability, []string{"NET_ADMIN"}, []string{"CAP_NET_ADMIN", "x"}},
	{host, []string{"*.example.com"}, []string{"A.example.com", "a/b"}},
	{path, []string{"/a"}, []string{"a"}},
	{variable, []string{"LOG_LEVEL"}, []string{"9", "a b"}},
	{fileName, []string{"a.toml"}, []string{"a/b"}},
}

func classOf(ts Types) class {
	takes := func(text string) bool { return admits(textNode(text), ts) }
	for _, c := range classes {
		if !slices.ContainsFunc(c.takes, func(s string) bool { return !takes(s) }) && !slices.ContainsFunc(c.takesNot, takes) {
			return c.class
		}
	}
	return ""
}

func textNode(s string) *data.Node { return &data.Node{Kind: data.String, Text: s} }

// texts returns guesses of one interpretation.
func texts(all ...string) []guess {
	var out []guess
	for _, s := range all {
		if s != "" {
			out = append(out, guess{value: textNode(s)})
		}
	}
	return out
}

// ownCharacters quotes a number or bool as the author wrote it.
func ownCharacters(v mistaken) []guess {
	if v.types.kinds().Has(v.Kind) || v.Kind != data.Int && v.Kind != data.Float && v.Kind != data.Bool || v.class == memory {
		return nil
	}
	own, ok := v.Written()
	if !ok || isOctal(own) {
		return nil
	}
	return texts(own)
}

// isOctal reports whether a number begins with a 0: 010 is 8 in YAML, and 10 to many people.
func isOctal(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789_") == ""
}

// plainNumber converts a string of digits to a number. If some strings are admitted, one of
// those may be meant.
func plainNumber(v mistaken) []guess {
	if v.class != "" {
		return nil
	}
	return numberOfText(v)
}

func numberOfText(v mistaken) []guess {
	s := strings.TrimSpace(v.Text)
	if n, err := decimal.Parse(s); v.Kind == data.String && err == nil && n.Text == s {
		return []guess{{value: &n}}
	}
	return nil
}

// boolWord converts a word for a bool in YAML 1.1 and on switches.
func boolWord(v mistaken) []guess {
	if v.Kind != data.String || v.types.kinds().Has(data.String) {
		return nil
	}
	switch strings.ToLower(strings.TrimSpace(v.Text)) {
	case "true", "yes", "on", "enabled":
		return []guess{{value: &data.Node{Kind: data.Bool, Text: "true"}}}
	case "false", "no", "off", "disabled":
		return []guess{{value: &data.Node{Kind: data.Bool, Text: "false"}}}
	}
	return nil
}

func boolOfDigit(v mistaken) []guess {
	if v.Kind == data.Int && (v.Text == "0" || v.Text == "1") {
		return []guess{{value: &data.Node{Kind: data.Bool, Text: strconv.FormatBool(v.Text == "1")}}}
	}
	return nil
}

// lowerRepository converts an image's repository to lower case, the only valid form (the
// grammar of github.com/distribution/reference); registry, tag and digest stay.
func lowerRepository(v mistaken) []guess {
	s := strings.TrimSpace(v.Text)
	registry, rest, ok := strings.Cut(s, "/")
	if !ok || !strings.ContainsAny(registry, ".:") && registry != "localhost" {
		registry, rest = "", s
	} else {
		registry += "/"
	}
	end := strings.IndexAny(rest, ":@")
	if end < 0 {
		return nil
	}
	return texts(registry + strings.ToLower(rest[:end]) + rest[end:])
}

// signals are the names of signals without SIG (Linux, signal(7)).
var signals = strings.Fields(`ABRT ALRM BUS CHLD CONT FPE HUP ILL INT IO KILL PIPE POLL PROF PWR QUIT SEGV STKFLT
	STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX`)

func signalName(v mistaken) []guess {
	name := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(v.Text)), "SIG")
	if base := strings.TrimRight(name, "+-0123456789"); !slices.Contains(signals, name) && !slices.Contains([]string{"RTMIN", "RTMAX"}, base) {
		return nil
	}
	return texts("SIG" + name)
}

func capabilityName(v mistaken) []guess {
	return texts(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(v.Text)), "CAP_"))
}

func lowerHost(v mistaken) []guess { return texts(strings.ToLower(strings.TrimSpace(v.Text))) }
