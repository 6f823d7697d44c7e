package mask

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// A span is the position and kind of a credential in a text.
type span struct {
	kind       string
	start, end int
}

// Kind returns the kind of the first credential in a text, such as "GitHub token" or "login in
// a URL", or "".
func Kind(text string) string {
	kind := ""
	find(text, func(s span) bool {
		kind = s.kind
		return false
	})
	return kind
}

// KindOf returns the kind of the credential in a variable's value, to which its name is a hint.
func KindOf(name, value string) string {
	if kind := Kind(value); kind != "" {
		return kind
	}
	if secretValue(certaintyOf(name), name, value) {
		return "by its name"
	}
	return ""
}

// find calls yield for each credential of a text, until yield returns false. It scans the bytes
// once, and a table skips most of them. The regular expressions that it replaced took two
// thirds of the time of a run with warnings.
func find(text string, yield func(span) bool) {
	last := 0 // spans do not overlap
	for i := 0; i < len(text); i++ {
		switch starts[text[i]] {
		case nothing:
			continue
		case prefixed: // the first byte of a prefix: check the second, and the word boundary
			if i > 0 && alnum[text[i-1]] || i+1 == len(text) || !pairs.has(text[i], text[i+1]) {
				continue
			}
		}
		for _, s := range at(text, i) {
			s.start = max(s.start, last)
			if s.start >= s.end {
				continue
			}
			if !yield(s) {
				return
			}
			last = s.end
		}
		i = max(i, last-1)
	}
}

// at returns the credentials that begin at byte i.
func at(text string, i int) []span {
	var s span
	switch starts[text[i]] {
	case prefixed:
		kind, n := known(text[i:])
		s = span{kind, i, i + n}
	case dash:
		if i > 0 && (alnum[text[i-1]] || text[i-1] == '-') {
			return nil
		}
		kind, n := known(text[i:])
		if n == 0 {
			return afterFlag(text, i)
		}
		s = span{kind, i, i + n}
	case colon:
		if strings.HasPrefix(text[i:], "://") {
			s = login(text, i+3)
			break
		}
		if values := assigned(text, i); values != nil {
			return values
		}
		s = telegram(text, i)
	case equals:
		return assigned(text, i)
	case sign:
		s = dataSource(text, i)
	}
	if s.end == 0 || s.kind == "" {
		return nil
	}
	return []span{s}
}

// starts maps a byte to what it may begin; pairs are the first two bytes of the prefixes.
var starts, pairs = func() (table [256]uint8, two bigrams) {
	add := func(prefix string) {
		table[prefix[0]] = prefixed
		two.add(prefix[0], prefix[1])
	}
	for _, f := range forms {
		add(f.prefix)
	}
	for _, other := range []string{"eyJ", "s.", "Bearer", "bearer", "Basic", "basic", "Token", "token"} {
		add(other)
	}
	table['-'], table[':'], table['='], table['@'] = dash, colon, equals, sign
	return table, two
}()

// bigrams is a set of byte pairs.
type bigrams [1 << 10]uint64

func (b *bigrams) add(x, y byte)      { b[int(x)<<2|int(y)>>6] |= 1 << (y & 63) }
func (b *bigrams) has(x, y byte) bool { return b[int(x)<<2|int(y)>>6]&(1<<(y&63)) != 0 }

const (
	nothing uint8 = iota
	prefixed
	dash
	colon
	equals
	sign // @
)

// afterFlag returns the argument of a flag for a secret: --password hunter2 in one text.
func afterFlag(text string, i int) []span {
	start := i
	for start < len(text) && text[start] == '-' {
		start++
	}
	end := start + word.count(text[start:])
	if end == len(text) || text[end] != ' ' {
		return nil
	}
	sure := certaintyOf(text[start:end])
	if sure != yes {
		return nil
	}
	from := skipSpaces(text, end)
	if from == len(text) || text[from] == '-' {
		return nil
	}
	return values(sure, text[start:end], text, from)
}

func skipSpaces(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return i
}

// login returns the password in a URL whose authority begins at i: up to the last @, because a
// password may contain one. A user name without a password counts if it looks like a token.
func login(text string, i int) span {
	end := i
	for end < len(text) && !strings.ContainsRune(" \t\r\n\"'`<>", rune(text[end])) {
		end++
	}
	whole := text[i:end]
	authority := whole
	if n := strings.IndexAny(whole, "/?#"); n >= 0 {
		authority = whole[:n]
	}
	user, _, found := cutLast(authority, "@")
	if !found {
		// A password that contains a / or #, where no port is possible.
		_, password, two := strings.Cut(authority, ":")
		if user, _, found = cutLast(whole, "@"); !found || !two || password == "" || isNumber(password) || strings.ContainsAny(password, "{}[]") {
			return span{}
		}
	}
	name, password, two := strings.Cut(user, ":")
	switch {
	case two && password != "":
		if isPlaceholder(password) {
			return span{}
		}
		return span{"login in a URL", i + len(name) + 1, i + len(user)}
	case len(name) >= 20 && alnum.count(name) == len(name) && mixed(name):
		return span{"token in a URL", i, i + len(name)}
	}
	return span{}
}

// dataSource returns the password of user:password@tcp(host), the form of Go's MySQL driver.
func dataSource(text string, i int) span {
	if !strings.HasPrefix(text[i:], "@tcp(") && !strings.HasPrefix(text[i:], "@unix(") {
		return span{}
	}
	start := strings.LastIndexAny(text[:i], " \t\n\"'=") + 1
	user, password, two := strings.Cut(text[start:i], ":")
	if !two || password == "" || isPlaceholder(password) {
		return span{}
	}
	// The password precedes the sign.
	return span{"login of a data source", start + len(user) + 1, i}
}

// telegram returns a bot's token: its number, a colon, A and 34 characters (source: gitleaks,
// as for forms).
func telegram(text string, i int) span {
	start := i
	for start > 0 && '0' <= text[start-1] && text[start-1] <= '9' {
		start--
	}
	if i-start < 5 || i-start > 16 || i+1 >= len(text) || text[i+1] != 'A' || word.count(text[i+1:]) != 35 {
		return span{}
	}
	return span{"Telegram token", start, i + 36}
}

// assigned returns the value after the = or : at i, if the name before it suggests a secret:
// password = x, "apiKey": "x", token!: string & "x".
func assigned(text string, i int) []span {
	end := i
	for end > 0 && (text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	for end > 0 && strings.IndexByte("?!\"'", text[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && word[text[start-1]] {
		start--
	}
	if end-start < 3 {
		return nil
	}
	sure := certaintyOf(text[start:end])
	if sure == no {
		return nil
	}
	return values(sure, text[start:end], text, skipSpaces(text, i+1))
}

// part is a value in a text: quoted, or without spaces; in CUE also a default or a bound. whole
// is several parts joined by CUE's operators.
const part = `(?:\*|[=!]~\s*|!=\s*)?(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}\[\]"']+)`

var (
	whole = lazyregexp.New(`^` + part + `(?:\s+[&|]\s+` + part + `)*`)
	each  = lazyregexp.New(part)

	// plain is a part that is an expression of CUE rather than a value.
	plain = lazyregexp.New(`^(?:&|\||string|bytes|bool|number|int|float|_|strings\.M(?:in|ax)Runes\(\d+\))$`)
)

// values returns the secret parts of the value at i in a text.
func values(sure certainty, name, text string, i int) []span {
	found := whole.FindString(text[i:])
	if found == "" || strings.HasSuffix(found, ":") { // a key, in CUE's short form
		return nil
	}
	var spans []span
	for _, at := range each.FindAllStringIndex(found, -1) {
		if p := found[at[0]:at[1]]; plain.MatchString(p) {
			continue
		}
		start, end := at[0], at[1]
		for start < end && strings.IndexByte("*=!~ ", found[start]) >= 0 {
			start++
		}
		if end-start > 1 && (found[start] == '"' || found[start] == '\'') {
			start, end = start+1, end-1
		}
		if secretValue(sure, name, found[start:end]) {
			spans = append(spans, span{"value of " + name, i + start, i + end})
		}
	}
	return spans
}
