package cli

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// topics are Markdown pages, which the repository shows too.
//
//go:embed topics/*.md
var topics embed.FS

// topic is a help page. The heading of its file is "# name: short".
type topic struct{ name, short, text string }

// helpTopics returns all topics, sorted by name.
func helpTopics() ([]topic, error) {
	files, err := topics.ReadDir("topics")
	if err != nil {
		return nil, err
	}
	var all []topic
	for _, f := range files {
		text, err := topics.ReadFile("topics/" + f.Name())
		if err != nil {
			return nil, err
		}
		heading, _, _ := strings.Cut(string(text), "\n")
		name, short, _ := strings.Cut(strings.TrimPrefix(heading, "# "), ": ")
		all = append(all, topic{name, short, string(text)})
	}
	return all, nil
}

// findTopic returns the topic of that name, or nil.
func findTopic(name string) (*topic, error) {
	all, err := helpTopics()
	for _, t := range all {
		if t.name == name {
			return &t, nil
		}
	}
	return nil, err
}

// helpCommand replaces cobra's own, which has no topics and accepts any name.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Explain a command or a topic",
		Long:  "help explains a command, or prints a page on a topic. Without an argument, it lists both.",
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			above, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, below := range above.Commands() {
				if below.IsAvailableCommand() || below.Name() == "help" {
					names = append(names, below.Name()+"\t"+below.Short)
				}
			}
			if above == c.Root() {
				all, err := helpTopics()
				if err != nil {
					return nil, cobra.ShellCompDirectiveError
				}
				for _, t := range all {
					names = append(names, t.name+"\t"+t.short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err == nil && (found != c.Root() || len(rest) == 0) {
				found.InitDefaultHelpFlag()
				return found.Help()
			}
			t, err := findTopic(args[0])
			if err != nil {
				return err
			}
			if t != nil {
				_, err := io.WriteString(c.OutOrStdout(), plainText(t.text))
				return err
			}
			all, err := helpTopics()
			if err != nil {
				return err
			}
			var known []string
			for _, t := range all {
				known = append(known, t.name)
			}
			for _, below := range c.Root().Commands() {
				known = append(known, below.Name())
			}
			if near := diag.Nearest(args[0], known); near != "" {
				return usage("no command or topic %q: did you mean %s?", args[0], near)
			}
			return usage("no command or topic %q (see cuecompute help)", args[0])
		},
	}
}

// writeTopics lists the topics after the commands.
func writeTopics(w io.Writer) error {
	all, err := helpTopics()
	if err != nil {
		return err
	}
	fmt.Fprint(w, "\nTopics:\n")
	for _, t := range all {
		fmt.Fprintf(w, "  %-11s %s\n", t.name, t.short)
	}
	_, err = fmt.Fprint(w, "\nUse \"cuecompute help TOPIC\" to read about one.\n")
	return err
}

var (
	comment      = regexp.MustCompile(`(?m)^<!--.*-->\n`)
	fence        = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```\n")
	line         = regexp.MustCompile(`(?m)^(.)`)
	relativeLink = regexp.MustCompile(`\[([^]\n]+)\]\([^):]+\)`)
)

// plainText converts a page for a terminal: code blocks are indented, and links into the
// repository become their text.
func plainText(markdown string) string {
	text := comment.ReplaceAllString(markdown, "")
	text = relativeLink.ReplaceAllString(text, "$1")
	return fence.ReplaceAllStringFunc(text, func(block string) string {
		return line.ReplaceAllString(fence.FindStringSubmatch(block)[1], "    $1")
	})
}
