package cli_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/providers"
)

// TestExtensionSchema holds the schema of project files that the extension for VS Code carries to
// what config prints.
func TestExtensionSchema(t *testing.T) {
	have, err := os.ReadFile("../vscode/project.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	cli.Main([]string{"config", "--schema"}, strings.NewReader(""), &want, io.Discard, providers.All()...)
	if *update {
		have = want.Bytes()
		if err := os.WriteFile("../vscode/project.schema.json", have, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(have, want.Bytes()) {
		t.Error("cmd/vscode/project.schema.json is not what config --schema prints: run make golden")
	}
}
