package lsp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	case "show":
		return s.texts[file]
	case "hover":
		var h hover
		if !s.result("textDocument/hover", s.at(file, words[2]), &h) {
			return "nothing"
		}
		return h.Range.String() + "\n" + h.Contents.Value
	case "complete": // each item; with its name, what becomes of the file
		var items []completionItem
		s.result("textDocument/completion", s.at(file, words[2]), &items)
		slices.SortStableFunc(items, func(a, b completionItem) int {
			return cmp.Compare(cmp.Or(a.SortText, a.Label), cmp.Or(b.SortText, b.Label))
		})
		var all []string
		for _, item := range items {
			if len(words) > 3 && item.Label == words[3] {
				s.change(file, s.apply(file, []textEdit{*item.Edit}))
				return ""
			}
			all = append(all, fmt.Sprintf("%s %s %q", item.Label, item.Edit.Range, item.Edit.NewText))
		}
		return strings.Join(all, "\n")
	case "actions", "act": // what can be done about a place; act does what has a title
		s.settled()
		p := s.at(file, words[2])
		p["range"] = map[string]any{"start": p["position"], "end": p["position"]}
		p["context"] = map[string]any{"diagnostics": []any{}}
		var actions []action
		s.result("textDocument/codeAction", p, &actions)
		var all []string
		for _, a := range actions {
			all = append(all, a.Title)
			if words[0] == "act" && a.Title == words[3] {
				if a.Edit == nil {
					s.result("codeAction/resolve", a, &a)
				}
				return s.changes(a.Edit)
			}
		}
		return strings.Join(all, "\n")
	case "definition", "references":
		var places []location
		p := s.at(file, words[2])
		p["context"] = map[string]any{"includeDeclaration": true}
		s.result("textDocument/"+words[0], p, &places)
		var all []string
		for _, l := range places {
			all = append(all, s.name(l.URI)+":"+l.Range.String())
		}
		return strings.Join(all, "\n")
	case "rename":
		p := s.at(file, words[2])
		p["newName"] = words[3]
		m := s.call("textDocument/rename", p)
		if m.Error != nil {
			return m.Error.Message
		}
		var edit workspaceEdit
		if err := json.Unmarshal(m.Result, &edit); err != nil {
			s.t.Fatal(err)
		}
		return s.changes(&edit)
	case "symbols":
		var symbols []symbol
		s.result("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}}, &symbols)
		return outlined(symbols, "")
	case "folds":
		var folds []fold
		s.result("textDocument/foldingRange", map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}}, &folds)
		var all []string
		for _, f := range folds {
			all = append(all, fmt.Sprintf("%d-%d", f.StartLine+1, f.EndLine+1))
		}
		return strings.Join(all, " ")
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

// result has a request answered, and reports whether the answer is something.
func (s *script) result(method string, params, to any) bool {
	s.t.Helper()
	m := s.call(method, params)
	if m.Error != nil {
		s.t.Fatalf("%s: %s", method, m.Error.Message)
	}
	if err := json.Unmarshal(m.Result, to); err != nil {
		s.t.Fatal(err)
	}
	return string(m.Result) != "null"
}

// apply makes edits to a file, as the editor does.
func (s *script) apply(file string, edits []textEdit) string {
	text := s.texts[file]
	slices.SortFunc(edits, func(a, b textEdit) int {
		return cmp.Or(cmp.Compare(b.Range.Start.Line, a.Range.Start.Line), cmp.Compare(b.Range.Start.Character, a.Range.Start.Character))
	})
	l := newLines(text)
	for _, e := range edits {
		text = text[:l.offset(e.Range.Start)] + e.NewText + text[l.offset(e.Range.End):]
	}
	s.texts[file] = text
	return text
}

// changes makes the edits of a workspace, and returns the lines that differ.
func (s *script) changes(edit *workspaceEdit) string {
	var all []string
	for _, uri := range slices.Sorted(maps.Keys(edit.Changes)) {
		name := s.name(uri)
		was := strings.Split(s.texts[name], "\n")
		now := strings.Split(s.apply(name, edit.Changes[uri]), "\n")
		for _, line := range now {
			if !slices.Contains(was, line) {
				all = append(all, name+": "+line)
			}
		}
		if s.versions[s.path(name)] > 0 {
			s.change(name, s.texts[name])
		} else if err := os.WriteFile(s.path(name), []byte(s.texts[name]), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	return strings.Join(all, "\n")
}

func outlined(symbols []symbol, indent string) string {
	text := ""
	for _, x := range symbols {
		text += fmt.Sprintf("%s%s %s %s\n%s", indent, x.Name, x.Range, x.Detail, outlined(x.Children, indent+"  "))
	}
	return text
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
