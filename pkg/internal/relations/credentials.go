package relations

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// Everyone who can read the spec, the plan or the platform's description of the workload can
// read a credential in it. A spec names only the location of a secret's value.

// noCredentials checks what a container's process gets: variables, command, arguments and the
// commands of checks.
func noCredentials(c *container) {
	if acceptsCredentials(c.Container) {
		return
	}
	for name, e := range plan.Sorted(c.Env) {
		switch {
		case e.Value != nil:
			inlineSecret(&c.diags, c.at("env", name), "the value of "+name, mask.KindOf(name, *e.Value))
		case e.Format != "":
			inlineSecret(&c.diags, c.at("env", name, "format"), "the format of "+name, mask.Kind(e.Format))
		}
	}
	credentialWords(c, c.at("command"), c.Command)
	credentialWords(c, c.at("args"), c.Args)
	for field, check := range c.Checks() {
		if check.Exec != nil {
			credentialWords(c, c.at(field, "exec", "command"), check.Exec.Command)
		}
	}
}

// credentialWords checks the words of a command, of which one may be the value of the flag
// before it.
func credentialWords(c *container, at diag.Path, words []string) {
	for i, word := range words {
		kind := mask.Kind(word)
		if kind == "" && i > 0 && mask.IsFlag(words[i-1]) {
			kind = mask.KindOf(words[i-1], word)
		}
		inlineSecret(&c.diags, at.To(i), "a word of the command", kind)
	}
}

// noCredentialsBeside checks texts outside the containers: labels, configuration files, and the
// platform's extensions.
func noCredentialsBeside(w *workload) {
	for name, value := range plan.Sorted(w.plan.Labels) {
		inlineSecret(&w.diags, diag.At("labels", name), "label "+name, mask.Kind(value))
	}
	for config, files := range plan.Sorted(w.plan.Config) {
		for name, text := range plan.Sorted(files) {
			kind := mask.Kind(text)
			if kind == "" && !strings.Contains(text, "\n") {
				kind = mask.KindOf(name, text) // it is mounted as one variable, or read into one
			}
			if kind != "" && !acceptsConfig(w.plan, config) {
				inlineSecret(&w.diags, diag.At("config", config, name), "configuration file "+name, kind)
			}
		}
	}
	credentialTexts(w, diag.At("extensions", w.plan.Provider), w.tenant.Get("extensions", w.plan.Provider))
	for name, of := range plan.Sorted(w.plan.Workloads) {
		accepted := true
		for _, c := range of.Containers {
			accepted = accepted && acceptsCredentials(c)
		}
		if !accepted {
			path := diag.At("workloads", name, "extensions", w.plan.Provider)
			credentialTexts(w, path, w.tenant.Find(path))
		}
	}
}

// credentialTexts checks all texts of an extension except the locations of secrets.
func credentialTexts(w *workload, at diag.Path, n *data.Node) {
	if n == nil {
		return
	}
	if n.Kind == data.String {
		inlineSecret(&w.diags, at, at[len(at)-1], mask.Kind(n.Text))
		return
	}
	for _, f := range n.Fields {
		if f.Name != "secrets" {
			credentialTexts(w, at.To(f.Name), f.Value)
		}
	}
	for i, e := range n.Elems {
		credentialTexts(w, at.To(i), e)
	}
}

// inlineSecret warns of a credential of that kind, "" for none.
func inlineSecret(diags *diag.List, at diag.Path, what, kind string) {
	if kind == "" {
		return
	}
	d := diags.Warnf(diag.InlineSecret, at, "%s looks like a credential (%s), and all who see the spec can read it", what, kind)
	d.Help = "put it in the platform's store, its place under secrets, and {secret: NAME} here; if it is none, list inline-secret in the container's accept"
}

func readsConfig(c plan.Container, config string) bool {
	for _, e := range c.Sources() {
		if e.Config == config {
			return true
		}
	}
	for _, m := range c.Mounts {
		if m.Config == config {
			return true
		}
	}
	return false
}

// acceptsCredentials reports whether a container accepts texts that look like credentials.
func acceptsCredentials(c plan.Container) bool {
	return slices.Contains(c.Accept, string(diag.InlineSecret))
}

// acceptsConfig reports whether all containers that read a configuration accept its content. A
// configuration that no container reads is not accepted.
func acceptsConfig(p *plan.Plan, config string) bool {
	accepted := false
	for _, w := range p.Workloads {
		for _, c := range w.Containers {
			if readsConfig(c, config) {
				if !acceptsCredentials(c) {
					return false
				}
				accepted = true
			}
		}
	}
	return accepted
}
