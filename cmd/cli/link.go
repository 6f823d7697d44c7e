package cli

import (
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/difference"
)

// linkHelp describes the templates of addresses.
const linkHelp = "`address` of a line in a browser, with {file} from the repository's root and {line}, such as https://github.com/acme/infra/blob/main/{file}#L{line}"

// links returns what makes the address of a place from a template; nil for an empty one.
func links(flag, template string) (func(difference.Place) string, error) {
	if template == "" {
		return nil, nil
	}
	if u, err := url.Parse(template); err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(template, "{file}") {
		return nil, usage("--%s %q is no address with {file} in it", flag, template)
	}
	fromRoot := fromRepository()
	return func(p difference.Place) string {
		file := p.File
		if _, path, isGit := splitRevision(file); isGit {
			file = path
		} else if file = fromRoot(file); filepath.IsAbs(file) || strings.HasPrefix(file, "../") {
			return "" // of no repository
		}
		parts := strings.Split(filepath.ToSlash(file), "/")
		for i := range parts {
			parts[i] = url.PathEscape(parts[i])
		}
		line := strconv.Itoa(max(p.Line, 1))
		// Round brackets would end the link of Markdown.
		return strings.NewReplacer("{file}", strings.NewReplacer("(", "%28", ")", "%29").Replace(strings.Join(parts, "/")), "{line}", line).Replace(template)
	}, nil
}
