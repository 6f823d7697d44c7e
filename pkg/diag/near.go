package diag

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nearest returns the candidate that a misspelt name most likely means: the one with the fewest
// edits (insert, delete, replace, swap two neighbours), ignoring case, if they are few for the
// name's length. It returns "" if none is near.
func Nearest(name string, candidates []string) string {
	best, fewest := "", max(1, utf8.RuneCountInString(name)/3)
	if fewest > 3 {
		fewest = 3
	}
	x := []rune(strings.ToLower(name))
	for _, c := range candidates {
		y := []rune(strings.ToLower(c))
		if max(len(x)-len(y), len(y)-len(x)) > fewest {
			continue // at least as many edits
		}
		if d := distance(x, y); d < fewest || d == fewest && best == "" {
			best, fewest = c, d
		}
	}
	return best
}

// Misspelt returns the candidate that a name of a closed set must mean: it differs only in
// case, or by a single typing error (a letter more, less or other, or two swapped), no second
// candidate is near, and the digits are the same, because digits are chosen, not mistyped. Two
// errors are too many: cpuMin is not cpuMax, nor runAsRoot runAsNonRoot. It returns "" if the
// name is ambiguous.
func Misspelt(name string, candidates []string) string {
	near := Nearest(name, candidates)
	if strings.EqualFold(name, near) {
		return near
	}
	if distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(near))) > 1 {
		return ""
	}
	others := slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return c == near })
	if near == "" || Nearest(name, others) != "" || digits(name) != digits(near) {
		return ""
	}
	return near
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// distance returns the optimal string alignment distance.
func distance(x, y []rune) int {
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}
