package nomad

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// configOf is the configuration that a file written by a template belongs to.
func configOf(dest string) string {
	dir := path.Base(path.Dir(dest))
	if dir == "local" || dir == "." || dir == "/" || dir == "secrets" {
		dir = strings.TrimSuffix(path.Base(dest), path.Ext(dest))
	}
	return importer.Name(dir)
}

// verbatim is the text of a template that replaces nothing.
func verbatim(t *data.Node) (string, bool) {
	text, left := t.TextAt("EmbeddedTmpl"), t.TextAt("LeftDelim")
	if left == "" {
		left = "{{"
	}
	if text == `{{ "" }}` {
		return "", true
	}
	return text, text != "" && !strings.Contains(text, left)
}

var (
	secretLine = lazyregexp.New(`^\{\{ with nomadVar ("(?:[^"\\]|\\.)*") \}\}([A-Za-z_][A-Za-z0-9_.-]*)=\{\{ (?:\.([A-Za-z_][A-Za-z0-9_]*)\.Value|\(index \. ("(?:[^"\\]|\\.)*")\)\.Value) \| toJSON \}\}\{\{ end \}\}$`)
	secretText = lazyregexp.New(`^\{\{ with nomadVar ("(?:[^"\\]|\\.)*") \}\}\{\{ (?:\.([A-Za-z_][A-Za-z0-9_]*)\.Value|\(index \. ("(?:[^"\\]|\\.)*")\)\.Value) \}\}\{\{ end \}\}$`)
	addressOf  = lazyregexp.New(`^\{\{ with nomadService \d+ \(env "NOMAD_ALLOC_ID"\) "([a-z0-9-]+)\.([a-z0-9-]+)" \}\}\{\{ with index \. 0 \}\}([A-Za-z_][A-Za-z0-9_.-]*)=\{\{ printf ("(?:[^"\\]|\\.)*")((?: \.(?:Address|Port))*) \| toJSON \}\}`)
	rankedOf   = lazyregexp.New(`^\{\{ \$rank := .*\{\{ range service "([a-z0-9-]+)\.([a-z0-9-]+)" \}\}.*\$found = printf ("(?:[^"\\]|\\.)*")((?: \.(?:Address|Port))*) \}\}.*\}\}([A-Za-z_][A-Za-z0-9_.-]*)=\{\{ \$found \| toJSON \}\}`)
	plainLine  = lazyregexp.New(`^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$`)
)

func unquoted(s string) string {
	var text string
	_ = json.Unmarshal([]byte(s), &text)
	return text
}

// template reads what a template writes: a configuration file, or variables line by line.
func (r *reader) template(w *workload, at diag.Path, task, t *data.Node) {
	text := t.Get("EmbeddedTmpl")
	dest := path.Clean(t.TextAt("DestPath"))
	becomes := at
	plain, verbatim := verbatim(t)
	switch {
	case text == nil || empty(text):
		r.loseStated("what a template reads is not in the job", t)
		return
	case t.TextAt("Envvars") == "true":
		if !r.lines(at, text) {
			r.loseStated("a template is written out only where it is plain, or reads secrets and services as a tenant does", t)
			return
		}
		becomes = at.To("env")
	case secretText.MatchString(text.Text):
		r.Nearly(at, "a secret is mounted", t)
		return
	case verbatim && bound(task, dest) && importer.Credential("", plain) == "":
		becomes = diag.At("config", configOf(dest), path.Base(dest))
		r.Put(becomes, plain, text)
	default:
		r.loseStated("a template is written out only where it is plain, and mounted", t)
		return
	}
	r.Nearly(becomes, "a template is made of what it says", t)
}

// loseStated loses what a part states, and not what Nomad prints of what it does not.
func (r *reader) loseStated(why string, n *data.Node) {
	for _, leaf := range importer.Leaves(n) {
		if empty(leaf) || leaf.Text == "0" || leaf.Text == "false" {
			r.Holds("nothing is stated", leaf)
		} else {
			r.Lose(why, leaf)
		}
	}
}

// bound reports whether a task sees a file that a template writes at a path of its own.
func bound(task *data.Node, dest string) bool {
	return slices.ContainsFunc(elems(task.Get("Config", "volumes")), func(n *data.Node) bool {
		from, _, _ := strings.Cut(n.Text, ":")
		from = path.Clean(from)
		return from == dest || strings.HasPrefix(dest, from+"/")
	})
}

// lines reads a template of variables; false where a line is none that a tenant writes.
func (r *reader) lines(at diag.Path, n *data.Node) bool {
	type variable struct {
		name  string
		value *data.Node
	}
	var all []variable
	for line := range strings.SplitSeq(strings.TrimSpace(n.Text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case secretLine.MatchString(line):
			m := secretLine.FindStringSubmatch(line)
			key := m[3]
			if key == "" {
				key = unquoted(m[4])
			}
			all = append(all, variable{m[2], importer.Struct(n.At, "secret", r.Secret(m[2], unquoted(m[1]), key, n))})
		case addressOf.MatchString(line), rankedOf.MatchString(line):
			m := addressOf.FindStringSubmatch(line)
			if ranked := rankedOf.FindStringSubmatch(line); ranked != nil {
				m = []string{"", ranked[1], ranked[2], ranked[5], ranked[3], ranked[4]}
			}
			to, ok := strings.CutPrefix(m[2], r.id+"-")
			if !ok {
				return false
			}
			format := unquoted(m[4])
			for _, field := range strings.Fields(m[5]) {
				if field == ".Address" {
					format = strings.Replace(format, "%s", "{host}", 1)
				} else {
					format = strings.Replace(format, "%d", "{port}", 1)
				}
			}
			fields := []any{"endpoint", to + "." + m[1], "format", nil}
			if format != "{host}:{port}" {
				fields[3] = strings.ReplaceAll(format, "%%", "%")
			}
			all = append(all, variable{m[3], importer.Struct(n.At, fields...)})
		case strings.Contains(line, "{{"):
			return false
		default:
			m := plainLine.FindStringSubmatch(line)
			if m == nil || importer.Credential(m[1], m[2]) != "" {
				return false
			}
			value := m[2]
			if len(value) > 1 && value[0] == '"' {
				value = unquoted(value)
			}
			all = append(all, variable{m[1], &data.Node{Kind: data.String, Text: value, At: n.At}})
		}
	}
	for _, v := range all {
		r.Put(at.To("env", v.name), v.value, n)
	}
	return true
}
