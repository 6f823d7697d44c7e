package compose

import (
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestTextIsReadBack: every text is the same when YAML is read back.
func TestTextIsReadBack(t *testing.T) {
	for _, want := range []string{
		"", " ", "plain", "no", "Yes", "~", "null", "0755", "1e3", "1:30", "2026-01-02", "- a", "a: b", "# c", "a #b", "'", `"`, `\n`, "{{x}}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a`",
		"a\n", "a\nb", "a\n\n", "\n", "\na", " a\nb\n", "a\n b\n", "a \nb\n", "a\n \nb", "a\tb\n", "\ta\nb", "a\r\nb\r\n", "a\n---\nb\n", "a\n...\n", "é\n", "\u2028", "\ufeffa\nb", "\x07", "🙂\nb",
	} {
		b, err := yaml.Marshal(map[string]text{"k": text(want)})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := yaml.Unmarshal(b, &got); err != nil || got["k"] != want {
			t.Errorf("%q is written as %q, and read as %q (%v)", want, b, got["k"], err)
		}
	}
}
