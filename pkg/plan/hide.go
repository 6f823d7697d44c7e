package plan

import (
	"encoding/json"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// lookForSecrets collects the texts of a plan's JSON that are secret values, or look like it.
func lookForSecrets(secrets *mask.Secrets, at diag.Path, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, v := range v {
			lookForSecrets(secrets, under(at, k), v)
		}
	case []any:
		before := ""
		for _, e := range v {
			lookForSecrets(secrets, mask.Arg(at, before), e)
			before, _ = e.(string)
		}
	case string:
		secrets.Look(at, v)
	case json.Number:
		secrets.Look(at, v.String())
	}
}

// under returns the path of a field; the value of a variable has the variable's path.
func under(at diag.Path, name string) diag.Path {
	if name == "value" && len(at) > 1 && at[len(at)-2] == "env" {
		return at
	}
	return at.To(name)
}

// hidden returns a value of a plan's JSON with its secrets masked.
func hidden(secrets *mask.Secrets, at diag.Path, v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = hidden(secrets, under(at, k), e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = hidden(secrets, at, e)
		}
		return l
	case string:
		return secrets.Hide(v, mask.Short)
	}
	return v
}
