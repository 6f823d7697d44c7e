package importer

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the account for people: counts first, then what is not exact, grouped by
// its verdict and its reason.
func (a Account) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.counts())
	for _, v := range []Verdict{Lost, Approximated, Native} {
		groups := a.groups(v)
		if len(groups) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", v)
		for _, g := range groups {
			fmt.Fprintf(&b, "  %s\n", g.why)
			for _, e := range g.entries {
				if v == Native {
					e.Becomes = "" // the same path in a patch
				}
				fmt.Fprintf(&b, "    %s:%d:%d: %s%s\n", e.File, e.Line, e.Column, e.Path, arrow(" -> ", e.Becomes))
			}
		}
	}
	if len(a.Additions) > 0 {
		b.WriteString("\nadded:\n")
		for _, g := range a.added() {
			fmt.Fprintf(&b, "  %s\n", g[0].Why)
			for _, add := range g[:min(len(g), mostAdded)] {
				fmt.Fprintf(&b, "    %s: %s\n", add.Path, oneLine(add.Value))
			}
			if more := len(g) - mostAdded; more > 0 {
				fmt.Fprintf(&b, "    and %d more\n", more)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostAdded is how many additions with one reason people are shown.
const mostAdded = 8

// added are the additions by their reasons.
func (a Account) added() (all [][]Addition) {
	index := map[string]int{}
	for _, add := range a.Additions {
		i, ok := index[add.Why]
		if !ok {
			i = len(all)
			index[add.Why] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], add)
	}
	return all
}

// oneLine is the beginning of a text.
func oneLine(s string) string {
	first, _, more := strings.Cut(s, "\n")
	if runes := []rune(first); len(runes) > 60 {
		first, more = string(runes[:60]), true
	}
	if more {
		return first + "…"
	}
	return first
}

// WriteMarkdown writes the account for a pull request.
func (a Account) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", a.counts())
	for _, v := range []Verdict{Lost, Approximated, Native} {
		groups := a.groups(v)
		if len(groups) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s | where | becomes | why |\n| --- | --- | --- | --- |\n", v)
		for _, g := range groups {
			for _, e := range g.entries {
				fmt.Fprintf(&b, "| `%s` | %s:%d | %s | %s |\n", cell(e.Path), cell(e.File), e.Line, code(e.Becomes), cell(g.why))
			}
		}
	}
	if len(a.Additions) > 0 {
		b.WriteString("\n| added | value | why |\n| --- | --- | --- |\n")
		for _, add := range a.Additions {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cell(add.Path), code(oneLine(add.Value)), cell(add.Why))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ", "`", "'").Replace(s) }

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

func arrow(sign, to string) string {
	if to == "" {
		return ""
	}
	return sign + to
}

// counts says how many values of the input there are, and what became of them.
func (a Account) counts() string {
	var parts []string
	for _, v := range Verdicts {
		if n := a.Summary[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%d values: %s", len(a.Entries), strings.Join(parts, ", "))
}

type group struct {
	why     string
	entries []Entry
}

// groups are the entries of a verdict by their reasons, in the order of the first of each.
func (a Account) groups(v Verdict) (all []group) {
	index := map[string]int{}
	for _, e := range a.Entries {
		if e.Verdict != v {
			continue
		}
		i, ok := index[e.Why]
		if !ok {
			i = len(all)
			index[e.Why] = i
			all = append(all, group{why: e.Why})
		}
		all[i].entries = append(all[i].entries, e)
	}
	return all
}
