package lazyregexp_test

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

func TestWords(t *testing.T) {
	for expr, want := range map[string][2]string{
		"^ghcr.io/acme/":      {`begins with "ghcr.io/acme/"`, `does not begin with "ghcr.io/acme/"`},
		`^ghcr\.io/acme/.*$`:  {`begins with "ghcr.io/acme/"`, `does not begin with "ghcr.io/acme/"`},
		`@sha256:`:            {`contains "@sha256:"`, `does not contain "@sha256:"`},
		`-rc$`:                {`ends with "-rc"`, `does not end with "-rc"`},
		`^a$`:                 {`is "a"`, `is not "a"`},
		"^fsap-[0-9a-zA-Z]+$": {"has the form that the rule asks for", "does not have the form that the rule asks for"},
		"^$":                  {"has the form that the rule asks for", "does not have the form that the rule asks for"},
		"(?i)a":               {"has the form that the rule asks for", "does not have the form that the rule asks for"},
		"(":                   {"has the form that the rule asks for", "does not have the form that the rule asks for"},
	} {
		if does, not := lazyregexp.Words(expr); does != want[0] || not != want[1] {
			t.Errorf("%s: %s, %s", expr, does, not)
		}
	}
}
