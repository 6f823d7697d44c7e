package mask_test

import (
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

func TestLook(t *testing.T) {
	for _, test := range []struct {
		why    string
		path   diag.Path
		text   string
		masked bool
	}{
		{"a variable of a telling name", diag.At("workloads", "web", "containers", "app", "env", "DB_PASSWORD"), "hunter2", true},
		{"another variable", diag.At("workloads", "web", "containers", "app", "env", "LOG"), "hunter2", false},
		{"a secret's place", diag.At("secrets", "db", "path"), "hunter2", false},
		{"a secret's value in its place's place", diag.At("secrets", "db"), "hunter2", true},
		{"a secret's name", diag.At("env", "DB", "secret"), "hunter2", false},
		{"what is no name of a secret", diag.At("env", "DB", "secret"), "Hunter2!", true},
		{"the value of a flag", mask.Arg(diag.At("args"), "--db-password"), "hunter2", true},
		{"that of another flag", mask.Arg(diag.At("args"), "--since"), "hunter2", false},
		{"too short to tell from anything", diag.At("PASSWORD"), "no", false},
	} {
		var s mask.Secrets
		s.Look(test.path, test.text)
		if got := s.Hide("it is "+test.text, mask.Short); (got == "it is "+mask.Masked) != test.masked {
			t.Errorf("%s: %s", test.why, got)
		}
	}
}

func TestHide(t *testing.T) {
	key := "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----" // not a real key
	for text, want := range map[string]string{
		"password = hunter2 # old":             "password = *** # old",
		`{"apiKey": "a b", "n": 1}`:            `{"apiKey": "***", "n": 1}`,
		"--token=abcd":                         "--token=***",
		"--api-key=abc":                        "--api-key=***",
		"client_secret: abc":                   "client_secret: ***",
		"amqp://app:pass@mq:5672/":             "amqp://app:***@mq:5672/",
		"http://{host}:{port}":                 "http://{host}:{port}",
		"a\n" + key + "\nb":                    "a\n***\nb",
		strings.TrimSuffix(key, "KEY-----"):    mask.Masked,
		"AKIA" + strings.Repeat("A", 16):       mask.Masked,
		"token: string":                        "token: string",
		"token?: string & strings.MinRunes(8)": "token?: string & strings.MinRunes(8)",
		`token: string | *"hunter2"`:           `token: string | *"***"`,
		`token: *"hunter2" | string`:           `token: *"***" | string`,
		`token!: string & "hunter2"`:           `token!: string & "***"`,
		`token: !="" & =~"^hunter"`:            `token: !="" & =~"***"`,
		`token: !="" & =~ "^hunter"`:           `token: !="" & =~ "***"`,
		"token: strings":                       "token: ***",
		"token: String":                        "token: ***",
		`token: "string"`:                      `token: "***"`,
		"token: string2":                       "token: ***",
		"TOKEN_2=hunter2":                      "TOKEN_2=***",
		"password: a&b|c":                      "password: ***",
		"password = abc | def":                 "password = *** | ***",
		"#Of: {token: string, n: int}":         "#Of: {token: string, n: int}",
		"no secret: here":                      "no secret: here",
		"TOKEN_TTL=3600":                       "TOKEN_TTL=3600",
		"DB_PASSWORD: {secret: db}":            "DB_PASSWORD: {secret: db}",
		"secrets: token: path: \"x\"":          "secrets: token: path: \"x\"",
		"mysql --password hunter2 app":         "mysql --password *** app",
		"mysql --password $PW app":             "mysql --password $PW app",
		"see ghp_" + strings.Repeat("a1", 18):  "see ***",
		"redis://:p@ss@cache:6379/0":           "redis://:***@cache:6379/0",
	} {
		var s mask.Secrets
		if got := s.Hide(text, mask.Short); got != want {
			t.Errorf("%q is shown as %q, not %q", text, got, want)
		}
	}
}

// TestHideLongestFirst: a secret that contains another is hidden completely.
func TestHideLongestFirst(t *testing.T) {
	var s mask.Secrets
	s.Look(diag.At("PASSWORD"), "hunter2")
	s.Look(diag.At("TOKEN"), "hunter2-and-more")
	if got := s.Hide("hunter2-and-more", mask.Short); got != mask.Masked {
		t.Error(got)
	}
}

func BenchmarkKind(b *testing.B) {
	for b.Loop() {
		for _, text := range []string{"info", "8080", "https://example.com", "ghcr.io/acme", "admin", "A"} {
			mask.Kind(text)
		}
	}
}
