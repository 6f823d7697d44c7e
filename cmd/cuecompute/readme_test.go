package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/load"
)

const readme = "../../README.md"

// fenced is a block of code in a page: the comment on the line before it, its language
// and its text.
var fenced = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]*) -->\n)?```([a-z]*)\n(.*?)^```$")

// TestReadme does what README.md tells a reader to do, from top to bottom in one empty
// directory: it writes each block marked <!-- file: NAME -->, and runs each console
// block that is not marked <!-- skip -->, which shows its exact output. $? is the exit
// code of the command before. A block of another language that is marked
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
		if !isOutput && (lang != "console" || comment == "skip") {
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
			shown.Write(out)
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

// TestReadmeTables holds the tables of README.md to the commands and the codes that
// there are.
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
	for heading, want := range map[string][]string{"Commands": commands, "Diagnostic codes": codes, "Limits": limits} {
		if diff := cmp.Diff(table(page, heading), want); diff != "" {
			t.Errorf("%s (-shown +true):\n%s", heading, diff)
		}
	}
}

// TestReadmeLinks opens what README.md points at in the repository.
func TestReadmeLinks(t *testing.T) {
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(read(t, readme), -1) {
		if _, err := os.Stat(filepath.Join("../..", m[1])); err != nil {
			t.Error(err)
		}
	}
}

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
