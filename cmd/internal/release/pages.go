package main

import (
	"bytes"
	"io"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// pages returns the completions for each shell, and a man page for each command.
func pages(root *cobra.Command, made time.Time) ([]file, error) {
	var files []file
	for _, shell := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"cuecompute.bash", func(w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
		{"_cuecompute", root.GenZshCompletion},
		{"cuecompute.fish", func(w io.Writer) error { return root.GenFishCompletion(w, true) }},
		{"cuecompute.ps1", root.GenPowerShellCompletionWithDesc},
	} {
		var text bytes.Buffer
		if err := shell.write(&text); err != nil {
			return nil, err
		}
		files = append(files, file{name: path.Join("completions", shell.name), data: text.Bytes()})
	}
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true
	return manPages(files, root, made)
}

// manPages adds the man pages of a command and its subcommands.
func manPages(files []file, c *cobra.Command, made time.Time) ([]file, error) {
	if c.Hidden || c.IsAdditionalHelpTopicCommand() {
		return files, nil
	}
	c.InitDefaultHelpFlag()
	var text bytes.Buffer
	header := &doc.GenManHeader{Section: "1", Date: &made, Source: "cuecompute", Manual: "cuecompute"}
	if err := doc.GenMan(c, header, &text); err != nil {
		return nil, err
	}
	name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
	files = append(files, file{name: path.Join("man", "man1", name), data: text.Bytes()})
	for _, below := range c.Commands() {
		var err error
		if files, err = manPages(files, below, made); err != nil {
			return nil, err
		}
	}
	return files, nil
}
