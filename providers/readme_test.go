package providers_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// quoted is a block of code in README.md that is quoted from a file.
var quoted = regexp.MustCompile("(?ms)^<!-- from: ([^\n]*) -->\n```[a-z]+\n(.*?)^```$")

// TestReadme compares what README.md quotes with the files that it is from, which are
// compiled and tested.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	quotes := quoted.FindAllStringSubmatch(string(page), -1)
	if fences := strings.Count("\n"+string(page), "\n```") / 2; len(quotes) == 0 || len(quotes) != fences {
		t.Errorf("%d of %d blocks are quoted from a file", len(quotes), fences)
	}
	for _, q := range quotes {
		file, err := os.ReadFile(q[1])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains("\n"+string(file), "\n"+q[2]) {
			t.Errorf("%s does not have:\n%s", q[1], q[2])
		}
	}
}
