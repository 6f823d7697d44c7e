package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/load"
	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/providers"
)

const (
	readme       = "../../README.md"
	contributing = "../../.github/CONTRIBUTING.md"
)

// fenced is a block of code in a page: the comment on the line before it, its language
// and its text.
var fenced = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]*) -->\n)?```([a-z]*)\n(.*?)^```$")

// took is the time that a run ends with, which the page shows as 4ms.
var took = regexp.MustCompile(`\([0-9.]+m?s\)\n`)

// TestReadme does what README.md tells a reader to do, from top to bottom in one empty
// directory: it writes each block marked <!-- file: NAME -->, and runs each console
// block, which shows its exact output, but for those marked <!-- skip: REASON -->. $? is
// the exit code of the command before. A block of another language that is marked
// <!-- prints: COMMAND --> is just that command's output.
func TestReadme(t *testing.T) {
	page := read(t, readme)
	dir := t.TempDir()
	files, commands, code := 0, 0, 0
	var updated strings.Builder
	end := 0
	for _, at := range fenced.FindAllStringSubmatchIndex(page, -1) {
		comment, lang, text := "", page[at[4]:at[5]], page[at[6]:at[7]]
		if at[2] >= 0 {
			comment = page[at[2]:at[3]]
		}
		if name, ok := strings.CutPrefix(comment, "file: "); ok {
			files++
			write(t, filepath.Join(dir, name), text)
		}
		command, isOutput := strings.CutPrefix(comment, "prints: ")
		if !isOutput && (lang != "console" || strings.HasPrefix(comment, "skip: ")) {
			continue
		}
		var shown strings.Builder
		try := func(command string) {
			commands++
			c := exec.Command("sh", "-c", fmt.Sprintf("(exit %d); %s", code, command))
			c.Dir = dir
			out, err := c.CombinedOutput()
			if c.ProcessState == nil {
				t.Fatal(err)
			}
			code = c.ProcessState.ExitCode()
			shown.Write(took.ReplaceAll(out, []byte("(4ms)\n")))
		}
		if isOutput {
			try(command)
		}
		for line := range strings.Lines(text) {
			if command, ok := strings.CutPrefix(line, "$ "); ok && !isOutput {
				shown.WriteString(line)
				try(command)
			}
		}
		updated.WriteString(page[end:at[6]] + shown.String())
		end = at[7]
		if diff := cmp.Diff(text, shown.String()); diff != "" && !*update {
			t.Errorf("line %d (-shown +true):\n%s", 1+strings.Count(page[:at[6]], "\n"), diff)
		}
	}
	if files == 0 || commands == 0 {
		t.Fatalf("README.md has %d files and %d commands to try", files, commands)
	}
	if *update {
		write(t, readme, updated.String()+page[end:])
	}
}

// TestReadmeInCI: what README.md says that CI runs, it runs.
func TestReadmeInCI(t *testing.T) {
	ci := read(t, "../../.ci/run")
	commands := 0
	for _, block := range fenced.FindAllStringSubmatch(read(t, readme), -1) {
		if block[1] != "skip: .ci/run runs these" {
			continue
		}
		for line := range strings.Lines(block[3]) {
			commands++
			if step := strings.Replace(line, "$", "step", 1); !strings.Contains(ci, "\n"+step) {
				t.Errorf(".ci/run has no line %q", step)
			}
		}
	}
	if commands == 0 {
		t.Error("README.md names no command that CI runs")
	}
}

// TestReadmeTables holds the tables of README.md to what there is.
func TestReadmeTables(t *testing.T) {
	page := read(t, readme)
	out, err := exec.Command("cuecompute", "__complete", "").Output()
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for line := range strings.Lines(string(out)) {
		if name, doc, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			commands = append(commands, name+": "+doc)
		}
	}
	var codes []string
	for _, c := range diag.Codes() {
		codes = append(codes, string(c.Code)+": "+c.Doc)
	}
	var limits []string
	for _, l := range load.AllLimits() {
		limits = append(limits, fmt.Sprintf("%s: %s | %d", l.Limit, l.Doc, l.Default))
	}
	var formats []string
	for _, row := range table(page, "Formats") {
		name, _, _ := strings.Cut(row, ":")
		formats = append(formats, name)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(formats)), report.Formats()); diff != "" {
		t.Errorf("Formats (-shown +true):\n%s", diff)
	}
	for heading, want := range map[string][]string{"Commands": commands, "Diagnostic codes": codes, "Limits": limits} {
		if diff := cmp.Diff(table(page, heading), want); diff != "" {
			t.Errorf("%s (-shown +true):\n%s", heading, diff)
		}
	}
}

// TestLinks opens what pages point at in the repository.
func TestLinks(t *testing.T) {
	for _, page := range []string{readme, contributing, "../../.github/CHANGELOG.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(read(t, page), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestNamedCommands: commands that pages only name, in their text or in what the tests do
// not run, are commands with those flags, or targets of the Makefile.
func TestNamedCommands(t *testing.T) {
	root, err := cli.Command(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	targets := read(t, "../../Makefile")
	command := regexp.MustCompile(`(?m)\b(cuecompute|make) ([a-z][^` + "`" + `\n|>]*)`)
	for _, page := range []string{readme, contributing} {
		for _, quoted := range regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]+`").FindAllString(read(t, page), -1) {
			for _, m := range command.FindAllStringSubmatch(quoted, -1) {
				words := strings.Fields(m[2])
				if m[1] == "make" {
					if !strings.Contains(targets, "\n"+words[0]+":") {
						t.Errorf("%s: no target %s in the Makefile", page, words[0])
					}
					continue
				}
				c, _, err := root.Find(words[:1])
				if err != nil {
					t.Errorf("%s: %q: %v", page, m[0], err)
					continue
				}
				for _, word := range words {
					flag, _, _ := strings.Cut(word, "=")
					if name, ok := strings.CutPrefix(flag, "--"); ok && c.Flags().Lookup(name) == nil {
						t.Errorf("%s: %q: no flag --%s", page, m[0], name)
					}
				}
			}
		}
	}
}

// TestHooks: the hook that README.md tells of is one of .pre-commit-hooks.yaml, whose
// command judges as it should.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Entry, Files string
		Args             []string
	}
	if err := yaml.Unmarshal([]byte(read(t, "../../.pre-commit-hooks.yaml")), &hooks); err != nil {
		t.Fatal(err)
	}
	for _, h := range hooks {
		if !strings.Contains(read(t, readme), "- id: "+h.ID+"\n") {
			t.Errorf("README.md does not tell of %s", h.ID)
		}
		for file, want := range map[string]int{"tenants/acme.yaml": 0, "tenants/wrong/acme.cue": 1} {
			dir := t.TempDir()
			write(t, filepath.Join(dir, file), map[int]string{0: sound, 1: `id: "acme"`}[want])
			c := exec.Command("sh", "-c", h.Entry+` "$@"`, "sh")
			c.Args = append(c.Args, h.Args...)
			c.Dir = dir
			if out, _ := c.CombinedOutput(); c.ProcessState.ExitCode() != want {
				t.Errorf("%s of %s: exit code %d, not %d\n%s", h.ID, file, c.ProcessState.ExitCode(), want, out)
			}
			if !regexp.MustCompile(h.Files).MatchString(file) {
				t.Errorf("%s is not run when %s changes", h.ID, file)
			}
		}
	}
}

const sound = "id: acme\nprovider: nomad\nworkloads: {web: {containers: {app: {image: \"ghcr.io/acme/web:1\"}}}}\n"

// table returns the rows of the table under a heading that begin with a name in code.
func table(page, heading string) []string {
	_, rest, _ := strings.Cut(page, "\n## "+heading+"\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*) \\|$").FindAllStringSubmatch(section, -1) {
		rows = append(rows, m[1]+": "+m[2])
	}
	return rows
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
