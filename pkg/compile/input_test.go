package compile_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// TestInputFailsClosed: an invalid input is an error, never ignored.
func TestInputFailsClosed(t *testing.T) {
	specs := fstest.MapFS{"a.yaml": {Data: []byte("id: a\nprovider: kubernetes\nworkloads: {web: {containers: {app: {image: \"nginx:1\"}}}}\n")}}
	loops := fstest.MapFS{"a.cue": {Data: []byte("import \"list\"\nx: list.Range(0, 300, 1)\nid: \"a\"\n")}}
	for name, tt := range map[string]struct {
		opts compile.Options
		in   compile.Input
		want error
	}{
		"well":                {compile.Options{}, compile.Input{FS: specs, Paths: []string{"a.yaml"}}, nil},
		"language":            {compile.Options{}, compile.Input{FS: specs, Paths: []string{"a.yaml"}, Lang: "toml"}, compile.ErrInput},
		"text of no policy":   {compile.Options{Policies: compile.Policies{Texts: map[string][]byte{"p.cue": nil}}}, compile.Input{FS: specs, Paths: []string{"a.yaml"}}, compile.ErrInput},
		"text of a misspelt":  {compile.Options{Policies: compile.Policies{Files: []string{"p.cue"}, Texts: map[string][]byte{"p.cue": []byte("tenant: {}"), "./p.cue": nil}}}, compile.Input{FS: specs, Paths: []string{"a.yaml"}}, compile.ErrInput},
		"bound below 0":       {compile.Options{Evaluation: compile.Evaluation{Timeout: -1}}, compile.Input{FS: specs, Paths: []string{"a.yaml"}}, compile.ErrInput},
		"nothing to bound it": {compile.Options{}, compile.Input{FS: loops, Paths: []string{"a.cue"}}, compile.ErrUnbounded},
		"unbounded in words":  {compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{FS: loops, Paths: []string{"a.cue"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := compile.Compile(context.Background(), registry(t), tt.opts, tt.in); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("%v, not %v", err, tt.want)
			}
		})
	}
}
