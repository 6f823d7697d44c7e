package load

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cuelang.org/go/cue/ast"

	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// TestForecastRandom evaluates random texts of which it is said that they are quickly done,
// and holds them to the memory that their steps are given. One that is not ends the test
// process, or makes it hang: the text is printed by then. TEXTS is how many are tried, and
// SEED where that begins.
func TestForecastRandom(t *testing.T) {
	texts, _ := strconv.Atoi(cmp.Or(os.Getenv("TEXTS"), "20000"))
	seed, _ := strconv.ParseUint(cmp.Or(os.Getenv("SEED"), "1"), 10, 64)
	little := sandbox.Limits{Time: 1000 * stepTime, Memory: 1000 * stepMemory}
	evaluated := 0
	for i := range uint64(texts) {
		w := author{Rand: rand.New(rand.NewPCG(seed, i)), left: 3 + int(i%40)}
		text := w.decls(0)
		f, err := library.Parse("-", []byte(text))
		if err != nil {
			continue
		}
		files := []*ast.File{f}
		if !staysWithin(little, files) {
			continue
		}
		evaluated++
		slow := time.AfterFunc(2*time.Second, func() { fmt.Fprintf(os.Stderr, "this hangs: %q\n", text) })
		took := allocated(t, files)
		slow.Stop()
		if took > little.Memory {
			t.Errorf("%q takes %d bytes", text, took)
		}
	}
	if t.Logf("%d of %d texts evaluated", evaluated, texts); evaluated < texts/50 {
		t.Errorf("only %d of %d texts are let pass", evaluated, texts)
	}
}

// author writes random CUE: fields of some names are data, those of others refer to them.
type author struct {
	*rand.Rand
	left      int      // parts that are still to be written
	plain     bool     // what is written refers to nothing
	variables []string // of the loops around
}

var (
	dataNames  = []string{"a", "b", "_a", "_b", "#A", "#B"}
	otherNames = []string{"x", "y", "z", "_x", "_y", "#X"}
	leaves     = []string{"1", "2", "1.5", `"a"`, `"b"`, "int", "string", "_", "true", "null", "!=1", ">0", "{}", "[]", "*1 | int", `"a" | *"b" | string`, "int | string"}
)

func (w *author) one(of ...string) string { return of[w.IntN(len(of))] }

func (w *author) decls(depth int) string {
	all := make([]string, 1+w.IntN(4))
	for i := range all {
		all[i] = w.decl(depth)
	}
	return strings.Join(all, "\n")
}

func (w *author) decl(depth int) string {
	w.left--
	label := w.one(dataNames...)
	switch r := w.IntN(24); {
	case r < 7:
		return label + w.one("", "", "", "", "?", "!") + ": " + w.data(depth)
	case r < 13:
		return w.one(otherNames...) + w.one("", "", "", "", "?", "!") + ": " + w.value(depth)
	case r < 15:
		return w.value(depth)
	case r < 16:
		return "[string]: " + w.data(depth)
	case r < 17:
		return "..." + w.one("", w.data(depth))
	case r < 18:
		return "let " + w.one("l", "m") + " = " + w.data(depth)
	case w.plain:
		return strconv.Quote(label) + ": " + w.value(depth)
	case r < 22:
		return w.comprehension(depth)
	case r < 23:
		return "(" + w.reference() + "): " + w.value(depth)
	}
	return `"\(` + w.reference() + `)": ` + w.value(depth)
}

// data writes what refers to nothing.
func (w *author) data(depth int) string {
	defer func(plain bool) { w.plain = plain }(w.plain)
	w.plain = true
	return w.value(depth)
}

func (w *author) reference() string {
	s := w.one(dataNames...)
	switch {
	case len(w.variables) > 0 && w.IntN(2) == 0:
		s = w.one(w.variables...)
	case w.IntN(6) == 0:
		s = w.one("l", "m")
	}
	for w.IntN(4) == 0 {
		s += w.one("."+w.one(dataNames...), `["a"]`, "[0]")
	}
	return s
}

func (w *author) comprehension(depth int) string {
	outer := w.variables
	defer func() { w.variables = outer }()
	clauses := ""
	for range 1 + w.IntN(2) {
		source := w.one(w.reference(), w.reference(), w.data(depth+1))
		if w.IntN(2) == 0 {
			clauses += "for k, v in " + source + " "
			w.variables = append(w.variables, "k", "v")
		} else {
			clauses += "for w in " + source + " "
			w.variables = append(w.variables, "w")
		}
	}
	switch w.IntN(6) {
	case 0:
		clauses, w.variables = "if "+w.value(depth+1)+" ", outer
	case 1:
		clauses += "if " + w.value(depth+1) + " "
	case 2:
		clauses += "let o = " + w.value(depth+1) + " "
	}
	return clauses + "{" + w.decls(depth+1) + "}"
}

func (w *author) value(depth int) string {
	leaf := w.one(leaves...)
	if !w.plain && w.IntN(3) == 0 {
		leaf = w.reference()
	}
	if w.left < 0 || depth > 6 {
		return leaf
	}
	w.left--
	depth++
	switch r := w.IntN(24); {
	case r < 9:
		return "{" + w.decls(depth) + "}"
	case r < 11:
		return w.value(depth) + " & " + w.value(depth)
	case r < 13:
		return w.list(depth)
	case r < 14:
		return "{" + w.one(dataNames...) + ": " + w.data(depth) + "}"
	case r < 15:
		return "(" + w.value(depth) + ")"
	case w.plain || r < 20:
		return leaf
	case r < 21:
		return w.reference()
	case r < 22:
		return w.value(depth) + w.one(" + ", " == ", " < ", " || ", " / ", " != ") + w.value(depth)
	case r < 23:
		return `"\(` + w.reference() + `)-\(` + w.reference() + `)"`
	}
	return "3 * " + w.value(depth)
}

func (w *author) list(depth int) string {
	var elems []string
	for range w.IntN(4) {
		if w.plain || w.IntN(3) > 0 {
			elems = append(elems, w.value(depth))
		} else {
			elems = append(elems, w.comprehension(depth))
		}
	}
	if w.IntN(3) == 0 {
		elems = append(elems, "..."+w.one("", w.data(depth)))
	}
	return "[" + strings.Join(elems, ", ") + "]"
}
