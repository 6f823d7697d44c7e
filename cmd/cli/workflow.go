package cli

import (
	"bytes"
	"embed"
	"os"
	"path/filepath"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
)

// forges are the forges with a workflow.
var forges = []string{"github", "gitlab"}

// workflowPaths are the workflow files of the forges, relative to the repository's root.
var workflowPaths = map[string]string{
	"github": ".github/workflows/cuecompute.yaml",
	"gitlab": ".gitlab-ci.yml",
}

// workflows are templates, which vet tenants/... until it is replaced.
//
//go:embed workflows
var workflows embed.FS

// newWorkflow returns a forge's workflow that vets a directory and everything below it.
func newWorkflow(forge, dir string) (newFile, error) {
	here, err := os.Getwd()
	if err != nil {
		return newFile{}, err
	}
	root, ok := gitrev.Root(here)
	if !ok {
		root = here
	}
	inside, err := below(root, dir)
	if err != nil {
		return newFile{}, usage("%s is not in the repository of the working directory, which the workflow would be for", dir)
	}
	text, err := workflows.ReadFile("workflows/" + forge + ".yaml")
	if err != nil {
		return newFile{}, err
	}
	paths := inside + "/..." // ./... at the root
	if forge == "gitlab" {
		paths = shellWord(paths)
	}
	path, err := filepath.Rel(here, filepath.Join(root, filepath.FromSlash(workflowPaths[forge])))
	return newFile{path, bytes.ReplaceAll(text, []byte("tenants/..."), []byte(paths))}, err
}

// shellWord quotes a text for a shell if necessary.
func shellWord(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r)
	}
	if strings.TrimFunc(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
