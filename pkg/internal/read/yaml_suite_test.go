package read

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// suiteCase is a case of the YAML test suite, https://github.com/yaml/yaml-test-suite (MIT, at
// commit ccfa74e): 406 texts, their content as JSON where JSON can represent it, and which of
// them are not YAML.
type suiteCase struct {
	ID    string
	YAML  string
	JSON  string
	Error bool
}

// TestYAMLSuite compares the verdict on each case of the YAML test suite with the suite's own,
// except for the cases in testdata/yaml-test-suite.txt, which gives the reasons.
func TestYAMLSuite(t *testing.T) {
	known, err := os.ReadFile("testdata/yaml-test-suite.txt")
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	for line := range strings.Lines(string(known)) {
		if columns := strings.Split(strings.TrimSpace(line), " | "); len(columns) == 3 && columns[2] != "" {
			verdicts[columns[0]] = columns[1]
		} else if !strings.HasPrefix(line, "#") {
			t.Errorf("not CASE | VERDICT | REASON: %s", line)
		}
	}
	f, err := os.Open("testdata/yaml-test-suite.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	n := 0
	for ; lines.Scan(); n++ {
		var c suiteCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		got := c.judge(t)
		if got != verdicts[c.ID] {
			t.Errorf("%s | %s\n\twant %q\n%s", c.ID, got, verdicts[c.ID], c.YAML)
		}
		delete(verdicts, c.ID)
	}
	if n != 406 {
		t.Errorf("%d cases", n)
	}
	for id := range verdicts {
		t.Errorf("no case %s", id)
	}
}

// judge reads a case, and returns the difference from the suite's verdict, or "".
func (c suiteCase) judge(t *testing.T) string {
	text := bytes.TrimPrefix([]byte(c.YAML), []byte("\uFEFF"))
	docs, diags := YAML(data.NewSource("in.yaml", text), nil, new(data.Nodes))
	if diags.HasErrors() {
		d := diags[0]
		if d.Line == 0 {
			t.Errorf("%s: no line: %s", c.ID, d.Message)
		}
		if c.Error {
			return ""
		}
		return "refused: " + d.Message
	}
	if c.Error {
		return "taken"
	}
	if c.JSON == "" {
		return ""
	}
	var want, got []string
	in := json.NewDecoder(strings.NewReader(c.JSON))
	for {
		var v any
		err := in.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(c.ID, err)
		}
		if v != nil {
			want = append(want, canonical(v))
		}
	}
	for _, doc := range docs {
		got = append(got, canonical(anyOf(doc)))
	}
	w, g := strings.Join(want, " "), strings.Join(got, " ")
	if strings.Contains(c.YAML, "!!binary") { // JSON has its text, with the line breaks
		w = strings.ReplaceAll(w, `\n`, "")
	}
	if w != g {
		return fmt.Sprintf("read as %s, not %s", g, w)
	}
	return ""
}

func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// anyOf converts a node to a value of encoding/json.
func anyOf(n *data.Node) any {
	switch n.Kind {
	case data.Struct:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Name] = anyOf(f.Value)
		}
		return m
	case data.List:
		l := []any{}
		for _, e := range n.Elems {
			l = append(l, anyOf(e))
		}
		return l
	case data.Null:
		return nil
	case data.String:
		return n.Text
	case data.Bytes:
		return base64.StdEncoding.EncodeToString([]byte(n.Text))
	}
	var v any
	_ = json.Unmarshal([]byte(n.Text), &v) // numbers and bools are JSON
	return v
}
