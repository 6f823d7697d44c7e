package data_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

func TestSourceCountsCodePoints(t *testing.T) {
	s := data.NewSource("f", []byte("ab\nä€🙂x\r\n"))
	got := s.Range(strings.Index(string(s.Text), "🙂"), strings.Index(string(s.Text), "x"))
	want := diag.Range{File: "f", Line: 2, Column: 3, EndLine: 2, EndColumn: 4}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("range (-want +got):\n%s", diff)
	}
	if line := s.Line(2); line != "ä€🙂x" {
		t.Errorf("line is %q", line)
	}
	if at := s.Offset(2, 4); s.Text[at] != 'x' {
		t.Errorf("offset of 2:4 is %d", at)
	}
}

func TestWithoutLeavesTheRestAlone(t *testing.T) {
	leaf := func(s string) *data.Node { return &data.Node{Kind: data.String, Text: s} }
	n := &data.Node{Kind: data.Struct, Fields: []data.Field{
		{Name: "a", Value: &data.Node{Kind: data.List, Elems: []*data.Node{leaf("x"), leaf("y")}}},
		{Name: "b", Value: leaf("z")},
	}}
	m := n.Without(diag.At("a", 0))
	if got := m.Get("a").Elems; len(got) != 1 || got[0].Text != "y" {
		t.Errorf("left in a: %+v", got)
	}
	if len(n.Get("a").Elems) != 2 {
		t.Error("the tree itself was changed")
	}
	if n.Without(diag.At("c")) != n {
		t.Error("a path that does not exist made a copy")
	}
	place := n.Locate(diag.At("a", 5, "deeper"))
	if place.Found {
		t.Error("a path that does not exist was found")
	}
}

// TestSourceOfLongLines compares positions in a line of many strides with a plain count.
func TestSourceOfLongLines(t *testing.T) {
	text := "first\n" + strings.Repeat("ab€d🙂", 500) + "\n" + strings.Repeat("é\n", 20) + "last"
	s := data.NewSource("f", []byte(text))
	line, column := 1, 1
	for at, r := range text {
		got := s.Range(at, at)
		if later := s.Pos(at, at).Range(); later != got {
			t.Fatalf("byte %d is at %v, and its Pos says %v", at, got, later)
		}
		if got.Line != line || got.Column != column {
			t.Fatalf("byte %d is at %d:%d, not %d:%d", at, got.Line, got.Column, line, column)
		}
		if back := s.Offset(line, column); back != at {
			t.Fatalf("%d:%d is byte %d, not %d", line, column, back, at)
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	if got := s.Range(len(text), len(text)); got.Line != 23 || got.Column != 5 {
		t.Errorf("the end is at %d:%d", got.Line, got.Column)
	}
}

// TestFinder looks up fields of a struct that grows from few fields to many.
func TestFinder(t *testing.T) {
	var find data.Finder
	n := &data.Node{Kind: data.Struct}
	for i := range 1000 {
		name := strconv.Itoa(i)
		if find.Field(n, name) != nil {
			t.Fatalf("field %s is there too early", name)
		}
		n.Fields = append(n.Fields, data.Field{Name: name})
		for _, i := range []int{0, i / 2, i} {
			if got := find.Field(n, strconv.Itoa(i)); got != &n.Fields[i] {
				t.Fatalf("field %d of %d is %v", i, len(n.Fields), got)
			}
		}
	}
}

// TestNodes makes nodes for texts of many sizes: each is empty and distinct.
func TestNodes(t *testing.T) {
	for _, n := range []int{0, 1, 3, 46, 47, 200, 500} {
		nodes := data.NodesOf(40 * n)
		made := map[*data.Node]bool{}
		for range n {
			node := nodes.New()
			if made[node] || node.Text != "" || node.Fields != nil {
				t.Fatalf("of %d nodes, %+v was there before", n, *node)
			}
			made[node] = true
			node.Text = "taken"
			fields := nodes.Room(2)
			if len(fields) != 0 || cap(fields) != 2 || fields[:2][0].Name != "" || fields[:2][1].Name != "" {
				t.Fatalf("of %d nodes, one has room for %+v", n, fields[:cap(fields)])
			}
			node.Fields = append(fields, data.Field{Name: "a", Value: node}, data.Field{Name: "b"})
		}
		for node := range made {
			if node.Text != "taken" || node.Fields[0].Value != node || node.Fields[1].Name != "b" {
				t.Fatalf("of %d nodes, one is another's: %+v", n, *node)
			}
		}
	}
}
