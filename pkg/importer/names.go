package importer

import (
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Name makes a name of the vocabulary of another: lower case, hyphens for what is neither
// letter nor digit, beginning with a letter.
func Name(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "x" + name
	}
	return name
}

// The most characters that names may have.
const (
	ShortName = 30 // of tenants and workloads
	LongName  = 63
	PortName  = 15
)

// Names gives names to what has others, and reports those that become one.
type Names struct {
	draft   *Draft
	what    string // workload
	maximum int
	taken   map[string]*data.Node
}

// Names begins a space of names of so many characters at most.
func (d *Draft) Names(what string, maximum int) *Names {
	return &Names{draft: d, what: what, maximum: maximum, taken: map[string]*data.Node{}}
}

// Take returns the name of something that the input calls text, and where.
func (s *Names) Take(text string, at *data.Node) string {
	name := Name(text)
	if len(name) > s.maximum {
		e := s.draft.Errorf(at, diag.BadFormat, "%s %q has %d characters in its name, and a tenant's have %d at most", s.what, text, len(name), s.maximum)
		e.Help = "rename it"
	}
	if first, ok := s.taken[name]; ok && first != at {
		e := s.draft.Errorf(at, diag.Duplicate, "%s %q becomes %s, as another does", s.what, text, name)
		e.Help = "rename one of them"
		key := first.At
		if k, ok := s.draft.keys[first]; ok {
			key = k
		}
		e.Related = []diag.Related{{Range: key.Range(), Message: "the other"}}
	}
	s.taken[name] = at
	return name
}

// wellKnown are ports that have a name by custom (IANA service names, and what Docker's
// official images listen on).
var wellKnown = map[int]string{
	22: "ssh", 25: "smtp", 53: "dns", 80: "http", 443: "https", 1883: "mqtt", 3306: "mysql", 4222: "nats", 5432: "postgres",
	5672: "amqp", 6379: "redis", 8080: "http", 8443: "https", 9090: "metrics", 9092: "kafka", 9200: "elastic", 11211: "memcached", 27017: "mongodb",
	3000: "http", 5000: "http", 8000: "http",
}

// PortOf names a port that has no name: by custom, or else by its number.
func PortOf(number int, udp bool, taken func(string) bool) string {
	name := wellKnown[number]
	if udp && name != "" {
		name += "-udp"
	}
	if name == "" || taken(name) {
		name = "port-" + strconv.Itoa(number)
		if udp {
			name = "udp-" + strconv.Itoa(number)
		}
	}
	return name
}
