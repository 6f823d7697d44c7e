package compile_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// TestInputFailsClosed: what an input asks for and does not get is an error.
func TestInputFailsClosed(t *testing.T) {
	specs := fstest.MapFS{"a.yaml": {Data: []byte("id: a\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n")}}
	loops := fstest.MapFS{"a.cue": {Data: []byte("import \"list\"\nx: list.Range(0, 300, 1)\nid: \"a\"\n")}}
	for name, tt := range map[string]struct {
		in   compile.Input
		want error
	}{
		"well":                {compile.Input{FS: specs, Paths: []string{"a.yaml"}}, nil},
		"language":            {compile.Input{FS: specs, Paths: []string{"a.yaml"}, Lang: "toml"}, compile.ErrInput},
		"text of no policy":   {compile.Input{FS: specs, Paths: []string{"a.yaml"}, PolicyTexts: map[string][]byte{"p.cue": nil}}, compile.ErrInput},
		"text of a misspelt":  {compile.Input{FS: specs, Paths: []string{"a.yaml"}, Policies: []string{"p.cue"}, PolicyTexts: map[string][]byte{"p.cue": []byte("tenant: {}"), "./p.cue": nil}}, compile.ErrInput},
		"bound below 0":       {compile.Input{FS: specs, Paths: []string{"a.yaml"}, Evaluation: compile.Evaluation{Timeout: -1}}, compile.ErrInput},
		"nothing to bound it": {compile.Input{FS: loops, Paths: []string{"a.cue"}}, compile.ErrUnbounded},
		"unbounded in words":  {compile.Input{FS: loops, Paths: []string{"a.cue"}, Evaluation: compile.Evaluation{Unbounded: true}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := compile.Compile(context.Background(), registry(t), tt.in); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("%v, not %v", err, tt.want)
			}
		})
	}
}
