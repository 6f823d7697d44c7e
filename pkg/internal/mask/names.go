package mask

import "strings"

// certainty is how likely a variable's value is secret, judging by its name.
type certainty uint8

const (
	no     certainty = iota
	random           // a secret if the value looks like one
	yes              // a secret, whatever it looks like
)

// secretWords are last words in the names of secrets. The last word of a compound name is its
// subject: TOKEN_TTL is a time, PASSWORD_FILE a file.
var secretWords = map[string]bool{
	"password": true, "passwords": true, "passwd": true, "pass": true, "passphrase": true, "pwd": true, "passcode": true,
	"secret": true, "token": true, "tokens": true, "credential": true, "credentials": true, "creds": true, "dsn": true,
}

// endings are the ends of compound words: PGPASSWORD, AUTHTOKEN, APIKEY.
var endings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "secretkey", "privatekey", "accountkey", "authkey"}

// keys are words before "key" that always make a secret key.
var keys = map[string]bool{
	"api": true, "access": true, "secret": true, "private": true, "encryption": true, "signing": true, "auth": true,
	"master": true, "account": true, "license": true, "shared": true, "app": true, "admin": true, "session": true,
}

// openKeys are words before "key" that never make a secret key: a location, an order, a public
// half.
var openKeys = map[string]bool{
	"public": true, "pub": true, "publishable": true, "primary": true, "foreign": true, "sort": true, "partition": true, "range": true,
	"hash": true, "cache": true, "routing": true, "object": true, "label": true, "annotation": true, "group": true, "site": true,
	"index": true, "shard": true, "lookup": true, "idempotency": true, "unique": true, "hot": true, "map": true, "topology": true,
	"translation": true, "config": true, "host": true,
}

// sides are last words that distinguish several secrets.
var sides = map[string]bool{
	"base": true, "value": true, "old": true, "new": true, "current": true, "previous": true, "next": true, "secondary": true,
	"prod": true, "production": true, "staging": true, "dev": true, "test": true, "live": true, "base64": true, "b64": true,
	"raw": true, "plain": true, "hex": true, "default": true,
}

// abouts are last words that describe a secret, and are not one.
var abouts = map[string]bool{
	"id": true, "name": true, "file": true, "path": true, "url": true, "uri": true, "header": true, "ttl": true, "length": true,
	"arn": true, "ref": true, "version": true, "fingerprint": true, "issuer": true, "audience": true, "endpoint": true, "host": true,
}

// quantities are first words of amounts: MAX_TOKEN.
var quantities = map[string]bool{"max": true, "min": true, "num": true}

// certaintyOf returns how likely a variable of that name is secret.
func certaintyOf(name string) certainty {
	if !suspicious(name) {
		return no
	}
	words := wordsOf(name)
	last := len(words) - 1
	for last > 0 && sides[words[last]] {
		last--
	}
	if last < 0 || quantities[words[0]] && last > 0 {
		return no
	}
	switch w := words[last]; {
	case w == "secret" && len(words) == 1:
		return random // a reference to a secret often has such a name
	case secretWords[w]:
		return yes
	case w == "key" || w == "keys":
		switch {
		case last == 0 || openKeys[words[last-1]]:
			return no
		case keys[words[last-1]]:
			return yes
		}
		return random
	case abouts[w]:
		return no
	default:
		for _, end := range endings {
			if strings.HasSuffix(w, end) {
				return yes
			}
		}
	}
	for _, w := range words[:last] {
		if secretWords[w] {
			return random
		}
	}
	return no
}

// suspicious is a quick test for whether a name may be a secret's. Most names are not.
func suspicious(name string) bool {
	for i := 0; i+2 < len(name); i++ {
		switch name[i] | 0x20 {
		case 'p', 's', 't', 'k', 'c', 'd':
			switch strings.ToLower(name[i : i+3]) {
			case "pas", "pwd", "sec", "tok", "key", "cre", "dsn":
				return true
			}
		}
	}
	return false
}

// wordsOf splits a name at punctuation and capitals, into lower case and without trailing
// digits: apiKey2 is api, key.
func wordsOf(name string) []string {
	var words []string
	start := 0
	add := func(end int) {
		w := strings.TrimRight(name[start:end], digits)
		if w != "" {
			words = append(words, strings.ToLower(w))
		}
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case !alnum[c]:
			add(i)
			start = i + 1
		case i > start && isUpper(c) && (!isUpper(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			add(i)
			start = i
		}
	}
	add(len(name))
	return words
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
