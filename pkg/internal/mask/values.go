package mask

import (
	"encoding/base64"
	"strings"
)

// secretValue reports whether a value is secret, given its name's certainty: it is not a
// placeholder, a boolean or a location.
func secretValue(sure certainty, name, value string) bool {
	value = strings.TrimSpace(value)
	switch {
	case sure == no, len(value) < 3, isWord(value), isPlaceholder(value), isPlace(value):
		return false
	case sure == random:
		return looksRandom(value)
	case isNumber(value) && (len(value) < 4 || strings.Contains(strings.ToLower(name), "token") && len(value) < 8):
		return false // an amount
	case strings.HasSuffix(strings.ToLower(name), "dsn"):
		return holdsLogin(value)
	}
	return true
}

// isWord reports whether a value is a boolean word.
func isWord(value string) bool {
	switch strings.ToLower(value) {
	case "true", "false", "yes", "off", "none", "null", "nil", "enabled", "disabled", "required", "optional":
		return true
	}
	return false
}

// isPlaceholder reports whether a value is replaced later: ${X}, $(X), {{X}}, {x}, %X%, <x>,
// xxx.
func isPlaceholder(value string) bool {
	switch first, last := value[0], value[len(value)-1]; first {
	case '$', '`':
		return true
	case '{':
		return last == '}'
	case '<':
		return last == '>'
	case '%':
		return last == '%'
	case '*', 'x', 'X', '.':
		return isHidden(value)
	}
	return false
}

// isHidden reports whether a value repeats one character, as a masked value does.
func isHidden(value string) bool { return strings.Trim(value, value[:1]) == "" }

// isPlace reports whether a value is the location of a secret: a path, a URL (whose login is
// checked separately), a name in a store.
func isPlace(value string) bool {
	if value[0] == '/' || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "../") || strings.HasPrefix(value, "~/") {
		for i := 0; i < len(value); i++ {
			if c := value[i]; !word[c] && c != '/' && c != '.' && c != '$' && c != '{' && c != '}' {
				return false
			}
		}
		return len(value) != 40 // an AWS secret key has 40 characters
	}
	for _, store := range []string{"arn:", "vault:", "file:", "ssm:", "env:", "secret:", "ref+", "projects/"} {
		if strings.HasPrefix(value, store) {
			return true
		}
	}
	return strings.Contains(value, "://")
}

func isNumber(value string) bool { return strings.Trim(value, digits) == "" }

// looksRandom reports whether a value looks generated: long, without separators, with letters
// and digits.
func looksRandom(value string) bool {
	return len(value) >= 12 && token.count(value) == len(value) && mixed(value)
}

// mixed reports whether a text has digits and letters.
func mixed(text string) bool {
	return hasDigit(text) && strings.ContainsFunc(text, func(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' })
}

func hasDigit(text string) bool { return strings.ContainsAny(text, digits) }

// isLogin reports whether a text is a user and a password in base64.
func isLogin(text string) bool {
	b, err := base64.StdEncoding.DecodeString(text)
	user, password, ok := strings.Cut(string(b), ":")
	return err == nil && ok && user != "" && password != ""
}

// holdsLogin reports whether a data source's name contains a user and a password, as in
// app:pw@tcp(db:3306)/app or host=db password=pw.
func holdsLogin(value string) bool {
	login, _, ok := cutLast(value, "@")
	_, password, two := strings.Cut(login, ":")
	return ok && two && password != "" && !isPlaceholder(password)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
