package cli

import (
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// linkHelp describes the templates of addresses.
const linkHelp = "`address` of a line, with {file} from the root of the repository and {line}"

// links returns a function for the address of a line from a template, nil for an empty
// template.
func links(flag, template string) (func(file string, line int) string, error) {
	if template == "" {
		return nil, nil
	}
	if u, err := url.Parse(template); err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(template, "{file}") {
		return nil, usage("--%s %q is no address with {file} in it", flag, template)
	}
	fromRoot := fromRepository()
	return func(file string, line int) string {
		if _, path, isGit := splitRevision(file); isGit {
			file = path
		} else if file = fromRoot(file); filepath.IsAbs(file) || strings.HasPrefix(file, "../") {
			return "" // outside of a repository
		}
		parts := strings.Split(filepath.ToSlash(file), "/")
		for i := range parts {
			parts[i] = url.PathEscape(parts[i])
		}
		// Parentheses would end a Markdown link.
		return strings.NewReplacer("{file}", strings.NewReplacer("(", "%28", ")", "%29").Replace(strings.Join(parts, "/")), "{line}", strconv.Itoa(max(line, 1))).Replace(template)
	}, nil
}
