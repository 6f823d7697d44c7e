package cli_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/providers"
)

// TestPages compares the page of each code with vet: the wrong example gives the output of the
// page, with that code; the right one gives none.
func TestPages(t *testing.T) {
	dir, err := filepath.Abs("../../pkg/diag/pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range diag.Codes() {
		t.Run(string(c.Code), func(t *testing.T) {
			name := filepath.Join(dir, string(c.Code)+".txtar")
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			args := []string{"vet"}
			if strings.Contains(string(a.Comment), "`vet --fleet`") {
				args = append(args, "--fleet")
			}
			var wrong, right string
			var want *txtar.File
			for i, f := range a.Files {
				switch f.Name {
				case "policy.cue":
					args = append(args, "--policy", f.Name)
				case "want":
					want = &a.Files[i]
					continue
				default:
					if strings.HasPrefix(f.Name, "wrong.") {
						wrong = f.Name
					} else {
						right = f.Name
					}
				}
				if err := os.WriteFile(f.Name, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if len(a.Files) == 0 && len(a.Comment) > 0 {
				return // no files, only text
			}
			if wrong == "" || right == "" || want == nil {
				t.Fatal("a page with examples has a wrong one, what vet says of it, and a right one")
			}
			got := vet(append(args, wrong)...)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("of %s (-want +got), regenerate with make golden:\n%s", wrong, diff)
			}
			if diags := strings.Count("\n"+got, "\n"+wrong+":"); diags == 0 || strings.Count(got, " ["+string(c.Code)+"]\n") != diags {
				t.Errorf("of %s, vet gives not %s alone:\n%s", wrong, c.Code, got)
			}
			if got := vet(append(args, right)...); got != "" {
				t.Errorf("of %s, vet says:\n%s", right, got)
			}
		})
	}
}

// vet returns the output of vet.
func vet(args ...string) string {
	var out bytes.Buffer
	cli.Main(args, strings.NewReader(""), &out, io.Discard, providers.All()...)
	return out.String()
}
