package nomad

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// template is a template for a file below the task's own directory.
func template(path, text string) *api.Template {
	return &api.Template{DestPath: &path, EmbeddedTmpl: &text}
}

// The directories of mounted templates, below the task's own directory.
func configDir(config string) string     { return "local/config/" + config }
func configFile(config, f string) string { return configDir(config) + "/" + f }
func secretFile(secret string) string    { return "secrets/mounts/" + secret }

// configFiles returns the configuration files that a container mounts.
func (r *renderer) configFiles(container plan.Container) []*api.Template {
	texts := map[string]string{}
	for _, m := range container.Mounts {
		for file, text := range r.Plan.Config[m.Config] {
			if m.Config != "" && (m.File == "" || m.File == file) {
				texts[configFile(m.Config, file)] = text
			}
		}
	}
	var out []*api.Template
	for path, text := range plan.Sorted(texts) {
		out = append(out, verbatim(path, text))
	}
	return out
}

// verbatim writes a text literally: its delimiters do not occur in the text, so it has no
// actions. Nomad refuses an empty template (structs.Template.Validate).
func verbatim(path, text string) *api.Template {
	if text == "" {
		return template(path, `{{ "" }}`)
	}
	t := template(path, text)
	left, right := "{{", "}}"
	for n := 2; strings.Contains(text, left); n++ {
		left, right = strings.Repeat("[", n), strings.Repeat("]", n)
		t.LeftDelim, t.RightDelim = &left, &right
	}
	return t
}

// secretFiles returns the secrets that a container mounts.
func (r *renderer) secretFiles(w *workload, container plan.Container) []*api.Template {
	names := map[string]bool{}
	for _, m := range container.Mounts {
		if m.Secret != "" {
			names[m.Secret] = true
		}
	}
	var out []*api.Template
	for _, name := range slices.Sorted(maps.Keys(names)) {
		t := template(secretFile(name), r.secretAction(name, "{{ ", " }}"))
		t.ErrMissingKey = new(true)
		w.Ext.SecretChange.of(t)
		out = append(out, t)
	}
	return out
}
