package lsp

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestSessions replays what editors do. An archive of testdata has the files of a folder, and a
// file session with a command a line, whose answers follow it after "> ".
func TestSessions(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			session := -1
			o := Options{}
			s := &script{texts: map[string]string{}}
			for i, f := range a.Files {
				if f.Name == "session" {
					session = i
					continue
				}
				if strings.HasPrefix(f.Name, "policies/") {
					o.Policies.Files = append(o.Policies.Files, filepath.Join(folder, f.Name))
				}
				s.texts[f.Name] = string(f.Data)
				path := filepath.Join(folder, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.client = connect(t, folder, o)
			var got strings.Builder
			for line := range strings.Lines(string(a.Files[session].Data)) {
				if strings.HasPrefix(line, "> ") || line == ">\n" {
					continue
				}
				got.WriteString(line)
				if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
					continue
				}
				for answer := range strings.Lines(s.command(line)) {
					got.WriteString(strings.TrimRight("> "+answer, " \n") + "\n")
				}
			}
			if got.String() == string(a.Files[session].Data) {
				return
			}
			if *update {
				a.Files[session].Data = []byte(got.String())
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the session is\n%s\nnot\n%s", got.String(), a.Files[session].Data)
		})
	}
}

// script is a session under way.
type script struct {
	*client
	texts map[string]string // of files, as the editor has them
}

// words takes a line apart; a word in quotes is written as Go writes it.
func (s *script) words(line string) (words []string) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if quoted, err := strconv.QuotedPrefix(line); err == nil {
			word, _ := strconv.Unquote(quoted)
			words, line = append(words, word), line[len(quoted):]
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	return words
}

// command does what a line says and returns the answer.
func (s *script) command(line string) string {
	words := s.words(line)
	file := ""
	if len(words) > 1 {
		file = words[1]
	}
	switch words[0] {
	case "open":
		s.open(file, s.texts[file])
	case "close":
		s.close(file)
	case "save":
		if err := os.WriteFile(s.path(file), []byte(s.texts[file]), 0o600); err != nil {
			s.t.Fatal(err)
		}
		s.another()
		s.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}})
	case "remove":
		if err := os.Remove(s.path(file)); err != nil {
			s.t.Fatal(err)
		}
		s.another()
		s.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": s.uri(file), "type": 3}}})
	case "replace": // the first such text in a file that is open, as an edit of that place
		before, after := words[2], words[3]
		at := strings.Index(s.texts[file], before)
		if at < 0 {
			s.t.Fatalf("%s has no %q", file, before)
		}
		r := newLines(s.texts[file]).span(at, at+len(before))
		s.texts[file] = strings.Replace(s.texts[file], before, after, 1)
		s.edit(file, map[string]any{"range": r, "text": after})
	case "diagnostics":
		s.settled()
		if all := s.lines(); len(all) > 0 {
			return strings.Join(all, "\n")
		}
		return "none"
	default:
		s.t.Fatalf("unknown command %q", line)
	}
	return ""
}

// at is where a text begins in a file, or where | stands in it.
func (s *script) at(file, text string) map[string]any {
	mark := strings.Index(text, "|")
	plain := strings.Replace(text, "|", "", 1)
	at := strings.Index(s.texts[file], plain)
	if at < 0 {
		s.t.Fatalf("%s has no %q", file, plain)
	}
	p := newLines(s.texts[file]).at(at + max(mark, 0))
	return map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}, "position": p}
}
