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
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/report"
	"github.com/cuecompute/cuecompute/providers"
)

const (
	readme       = "../../README.md"
	contributing = "../../.github/CONTRIBUTING.md"
	topics       = "../cli/topics/"
)

// triedPages returns the pages whose commands are run: README.md, the help topics and the guide
// for providers.
func triedPages(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(topics + "*.md")
	if err != nil || len(all) == 0 {
		t.Fatal("no topics", err)
	}
	return append(all, readme, "../../providers/README.md")
}

// fenced matches a code block of a page: the comment on the line before it, its language and
// its text.
var fenced = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]*) -->\n)?```([a-z]*)\n(.*?)^```$")

// took matches the duration at the end of a run, which a page shows as 4ms.
var took = regexp.MustCompile(`\([0-9.]+m?s\)\n`)

// TestPages follows each page's instructions, from top to bottom in one empty directory. A code
// block is a console with commands to run and their exact output ($? is the exit code of the
// previous command), or has a comment:
//
//	<!-- file: NAME -->        the block is written to the file, which the text names
//	<!-- prints: COMMAND -->   the block is the output of the command
//	<!-- from: FILE -->        the block is a part of a file beside the page
//	<!-- skip: REASON -->      the block is only shown
func TestPages(t *testing.T) {
	for _, path := range triedPages(t) {
		t.Run(strings.ReplaceAll(strings.TrimLeft(path, "./"), "/", "-"), func(t *testing.T) {
			t.Parallel()
			tryPage(t, path)
		})
	}
}

func tryPage(t *testing.T, path string) {
	page := read(t, path)
	dir := t.TempDir()
	code, tried, end := 0, 0, 0
	try := func(command string) string {
		c := exec.Command("sh", "-c", fmt.Sprintf("(exit %d); %s", code, command))
		c.Dir = dir
		out, err := c.CombinedOutput()
		if c.ProcessState == nil {
			t.Fatal(err)
		}
		code = c.ProcessState.ExitCode()
		return string(took.ReplaceAll(out, []byte("(4ms)\n")))
	}
	var updated strings.Builder
	for _, at := range fenced.FindAllStringSubmatchIndex(page, -1) {
		tried++
		comment, lang, text := "", page[at[4]:at[5]], page[at[6]:at[7]]
		if at[2] >= 0 {
			comment = page[at[2]:at[3]]
		}
		what, of, _ := strings.Cut(comment, ": ")
		line := 1 + strings.Count(page[:at[6]], "\n")
		got := text
		switch {
		case what == "skip":
		case what == "file":
			if !strings.Contains(page, "`"+of+"`") {
				t.Errorf("line %d: the text does not name the file `%s`", line, of)
			}
			write(t, filepath.Join(dir, of), text)
		case what == "prints":
			got = try(of)
		case what == "from":
			if !strings.Contains("\n"+read(t, filepath.Join(filepath.Dir(path), of)), "\n"+text) {
				t.Errorf("line %d: %s does not have:\n%s", line, of, text)
			}
		case comment == "" && lang == "console":
			got = ""
			for l := range strings.Lines(text) {
				if command, ok := strings.CutPrefix(l, "$ "); ok {
					got += l + try(command)
				}
			}
		default:
			t.Errorf("line %d: a block that is no console, with the comment %q", line, comment)
		}
		updated.WriteString(page[end:at[6]] + got)
		end = at[7]
		if diff := cmp.Diff(text, got); diff != "" && !*update {
			t.Errorf("line %d (-shown +true), regenerate with make golden:\n%s", line, diff)
		}
	}
	if tried == 0 {
		t.Error("no block of code to try")
	}
	if *update {
		write(t, path, updated.String()+page[end:])
	}
}

// TestReadmeInCI: CI runs what README.md says.
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

// TestTables compares the tables of the topics, and README.md's list of topics, with the code.
func TestTables(t *testing.T) {
	out, err := exec.Command("cuecompute", "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(out), "\nTopics:\n")
	var listed []string
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) +(.*)$`).FindAllStringSubmatch(list, -1) {
		listed = append(listed, m[1]+": "+m[2])
	}
	var codes []string
	for _, c := range diag.Codes() {
		codes = append(codes, string(c.Code)+": "+c.Doc)
	}
	var limits []string
	for _, l := range limit.All() {
		limits = append(limits, fmt.Sprintf("%s: %s | %d", l.Name, l.Doc, l.Default))
	}
	formats := table(t, topics+"formats.md", "Reports")
	for i, row := range formats {
		formats[i], _, _ = strings.Cut(row, ":")
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(formats)), report.Formats()); diff != "" {
		t.Errorf("formats.md (-shown +true):\n%s", diff)
	}
	for _, tt := range []struct {
		page, heading string
		want          []string
	}{
		{readme, "Where to read on", listed},
		{topics + "formats.md", "Codes", codes},
		{topics + "limits.md", "The limits", limits},
	} {
		if diff := cmp.Diff(table(t, tt.page, tt.heading), tt.want); diff != "" {
			t.Errorf("%s, %s (-shown +true):\n%s", tt.page, tt.heading, diff)
		}
	}
}

// TestLinks opens the files that pages link to.
func TestLinks(t *testing.T) {
	for _, page := range append(triedPages(t), contributing, "../../.github/CHANGELOG.md") {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(read(t, page), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestNamedCommands: commands that pages name, in the text or in blocks that the tests skip,
// exist with those flags, or are targets of the Makefile.
func TestNamedCommands(t *testing.T) {
	root, err := cli.Command(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	targets := read(t, "../../Makefile")
	command := regexp.MustCompile(`(?m)\b(cuecompute|make) ([a-z][^` + "`" + `\n|>]*)`)
	for _, page := range append(triedPages(t), contributing) {
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

// TestHooks: the hook in ci.md is one of .pre-commit-hooks.yaml, and its command works.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Entry, Files string
		Args             []string
	}
	if err := yaml.Unmarshal([]byte(read(t, "../../.pre-commit-hooks.yaml")), &hooks); err != nil {
		t.Fatal(err)
	}
	for _, h := range hooks {
		if !strings.Contains(read(t, topics+"ci.md"), "- id: "+h.ID+"\n") {
			t.Errorf("ci.md does not show %s", h.ID)
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

// table returns the rows of the table under a heading that begin with a name in code, or with a
// link on such a name.
func table(t *testing.T, page, heading string) []string {
	_, rest, _ := strings.Cut(read(t, page), "\n## "+heading+"\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| \\[?`([^`]+)`(?:\\]\\([^)]*\\))? +\\| (.*?) +\\|$").FindAllStringSubmatch(section, -1) {
		cells := regexp.MustCompile(` +\| +`).ReplaceAllString(m[2], " | ")
		rows = append(rows, m[1]+": "+cells)
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
