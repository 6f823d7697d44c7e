package compile_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// TestMistakes compiles the specs in testdata/mistakes, one mistake each, and compares the only
// diagnostic with the expectation on the line that it is about:
//
//	replicsa: 3 # want unknown-field "\"replicsa\"" help "did you mean \"replicas\"" range "replicsa"
//
// a code, a regular expression on the message, and then as needed:
//
//	help   a regular expression on the help
//	range  the text that is marked
//	also   the line of a related place
//
// names  words, each of which occurs in the message or the help
// severity  if it is not an error
//
// If the help says what to write, the spec with that text has no errors.
//
// JSON has no comments: its expectation is in a file "want", after the line number.
func TestMistakes(t *testing.T) {
	archives, err := filepath.Glob("../../testdata/mistakes/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no mistakes", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(strings.TrimSpace(string(a.Comment)), ".") {
				t.Error("no sentence says what the author did wrong")
			}
			m := theMistake(t, a.Files)
			if diags := judge(t, a.Files); len(diags) == 1 {
				m.check(t, diags[0])
				m.fixed(t, a.Files, diags[0])
			} else {
				t.Errorf("%d diagnostics, not one:%s", len(diags), listing(diags))
			}
		})
	}
}

// judge compiles the files of a case: a single one, or the directory of several.
func judge(t *testing.T, files []txtar.File) diag.List {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, f := range specs(files) {
		paths = append(paths, filepath.Join(dir, f.Name))
		if err := os.WriteFile(paths[len(paths)-1], f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(paths) > 1 {
		paths = []string{dir}
	}
	_, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, compile.Input{Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	return diags
}

func specs(files []txtar.File) []txtar.File {
	return slices.DeleteFunc(slices.Clone(files), func(f txtar.File) bool { return f.Name == "want" })
}

// mistake is the expectation of a case.
type mistake struct {
	file    txtar.File
	line    int
	code    diag.Code
	message string
	parts   map[string]string // by keyword
}

var (
	inComment = regexp.MustCompile(`(?:#|//) want (.*)$`)
	inFile    = regexp.MustCompile(`^([0-9]+) (.*)$`)
	codeFirst = regexp.MustCompile(`^([a-z-]+)(.*)$`)
	nextPart  = regexp.MustCompile("^ ?([a-z]*) (\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")
)

// theMistake reads the only expectation of a case.
func theMistake(t *testing.T, files []txtar.File) mistake {
	t.Helper()
	var found []mistake
	for _, f := range files {
		for i, text := range strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n") {
			if f.Name == "want" {
				at := inFile.FindStringSubmatch(text)
				if at == nil {
					t.Fatalf("want: no number of a line in %q", text)
				}
				line, _ := strconv.Atoi(at[1])
				found = append(found, readMistake(t, specs(files)[0], line, at[2]))
			} else if c := inComment.FindStringSubmatch(text); c != nil {
				found = append(found, readMistake(t, f, i+1, c[1]))
			}
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d expectations, not one", len(found))
	}
	return found[0]
}

func readMistake(t *testing.T, file txtar.File, line int, text string) mistake {
	t.Helper()
	m := mistake{file: file, line: line, parts: map[string]string{}}
	first := codeFirst.FindStringSubmatch(text)
	if first == nil {
		t.Fatalf("line %d: no code in %q", line, text)
	}
	m.code = diag.Code(first[1])
	for rest := first[2]; strings.TrimSpace(rest) != ""; {
		p := nextPart.FindStringSubmatch(rest)
		if p == nil {
			t.Fatalf("line %d: cannot read %q", line, rest)
		}
		value, err := strconv.Unquote(p[2])
		if err != nil {
			t.Fatalf("line %d: %s: %v", line, p[2], err)
		}
		switch p[1] {
		case "":
			m.message = value
		case "help", "range", "also", "names", "severity":
			m.parts[p[1]] = value
		default:
			t.Fatalf("line %d: no keyword %q", line, p[1])
		}
		rest = rest[len(p[0]):]
	}
	return m
}

// check compares a diagnostic with its expectation, and with what all diagnostics must satisfy.
func (m mistake) check(t *testing.T, d diag.Diagnostic) {
	t.Helper()
	at := marked(d.Range, m.file)
	wrong := func(format string, args ...any) {
		t.Errorf("%s\ngot %s\n marks %q", fmt.Sprintf(format, args...), describe(d), at)
	}
	if severity := cmp.Or(diag.Severity(m.parts["severity"]), diag.Error); d.Severity != severity || d.Code != m.code || d.Line != m.line || filepath.Base(d.File) != m.file.Name {
		wrong("not an %s %s at %s:%d", severity, m.code, m.file.Name, m.line)
	}
	if !regexp.MustCompile(m.message).MatchString(d.Message) {
		wrong("the message does not match %s", m.message)
	}
	if !regexp.MustCompile(m.parts["help"]).MatchString(d.Help) {
		wrong("the help does not match %s", m.parts["help"])
	}
	for word := range strings.FieldsSeq(m.parts["names"]) {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(d.Message + "\n" + d.Help) {
			wrong("neither message nor help names %s", word)
		}
	}
	if want, ok := m.parts["range"]; at == "" || ok && at != want {
		wrong("does not mark %q", want)
	}
	if line := m.parts["also"]; line != "" && !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return strconv.Itoa(r.Line) == line }) {
		wrong("does not point at line %s", line)
	}
	if internal.MatchString(d.Message+"\n"+d.Help) || strings.HasSuffix(d.Message, ".") {
		wrong("the message is not in an author's words")
	}
	if said, err := json.Marshal(d); err != nil || secretValue.MatchString(string(said)+d.Source) {
		t.Errorf("the diagnostic repeats a secret's value (%v)", err)
	}
}

var (
	// internal matches CUE's internal terms, which no message may contain.
	internal = regexp.MustCompile(`[=!]~"|"\^|\^[\[(/]|#[A-Z]|_\|_|disjunction|MinFields|MinItems|incomplete value`)

	// secretValue matches the secret values in the cases, which no report may contain.
	secretValue = regexp.MustCompile(`hunter2|AKIAIOSFODNN7EXAMPLE`)
)

var (
	// offered matches a help that says what to write in place of the marked text.
	offered = regexp.MustCompile(`^(?:write|quote it:|did you mean) ((?:["\[{0-9-]|true|false).*?)(?:\?.*)?$`)

	// reading matches the interpretation of an alternative.
	reading = regexp.MustCompile(` \([^"]*\)$`)
)

// fixed applies each suggestion of the help to the marked text. For a list or map, YAML and
// JSON mark only the beginning; JSON quotes the keys in the suggestion.
func (m mistake) fixed(t *testing.T, files []txtar.File, d diag.Diagnostic) {
	t.Helper()
	offer := offered.FindStringSubmatch(d.Help)
	if offer == nil {
		return
	}
	for _, alternative := range strings.Split(offer[1], ", or ") {
		m.fixedWith(t, files, d, reading.ReplaceAllString(alternative, ""))
	}
}

func (m mistake) fixedWith(t *testing.T, files []txtar.File, d diag.Diagnostic, text string) {
	t.Helper()
	if strings.HasSuffix(m.file.Name, ".json") && text[0] == '{' {
		return
	}
	start, end := span(d.Range, m.file)
	if at := m.file.Data[start:end]; len(at) == 1 && strings.Contains("[{-", string(at)) {
		return
	}
	files = slices.Clone(files)
	for i, f := range files {
		if f.Name == m.file.Name {
			files[i].Data = slices.Concat(f.Data[:start], []byte(text), f.Data[end:])
		}
	}
	diags := slices.DeleteFunc(judge(t, files), func(d diag.Diagnostic) bool { return d.Code == diag.UnknownName }) // such as the name of a secret
	if diags.HasErrors() {
		t.Errorf("with %s of the help %q there is:%s", text, d.Help, listing(diags))
	}
}

// marked returns the text of a range.
func marked(r diag.Range, f txtar.File) string {
	start, end := span(r, f)
	return string(f.Data[start:end])
}

// span returns the byte offsets of a range.
func span(r diag.Range, f txtar.File) (start, end int) {
	src := data.NewSource(f.Name, f.Data)
	start = src.Offset(r.Line, r.Column)
	return start, max(start, src.Offset(r.EndLine, r.EndColumn))
}

func describe(d diag.Diagnostic) string {
	return fmt.Sprintf("%s:%d: %s [%s] help: %s", filepath.Base(d.File), d.Line, d.Message, d.Code, d.Help)
}

func listing(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags {
		b.WriteString("\n" + describe(d))
	}
	return b.String()
}
