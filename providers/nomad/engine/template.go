package main

import (
	"fmt"
	"maps"
	"strings"
	gotemplate "text/template"
	"text/template/parse"

	dep "github.com/hashicorp/consul-template/dependency"
	"github.com/hashicorp/consul-template/template"
	"github.com/hashicorp/go-envparse"
	"github.com/hashicorp/nomad/client/taskenv"
	"github.com/hashicorp/nomad/nomad/structs"
)

// render writes a task's templates: the files by their paths below the task's own
// directory, and the environment that they set (client/allocrunner/taskrunner/template).
func (t *tenant) render(task *structs.Task, env *taskenv.TaskEnv) (files, vars map[string]string, err error) {
	files, vars = map[string]string{}, map[string]string{}
	for _, tmpl := range task.Templates {
		text, err := t.execute(tmpl, env)
		if err != nil {
			return nil, nil, fmt.Errorf("template %s: %w", tmpl.DestPath, err)
		}
		files[env.ReplaceEnv(tmpl.DestPath)] = text
		if !tmpl.Envvars {
			continue
		}
		set, err := envparse.Parse(strings.NewReader(text))
		if err != nil {
			return nil, nil, fmt.Errorf("template %s: %w", tmpl.DestPath, err)
		}
		maps.Copy(vars, set)
	}
	return files, vars, nil
}

// execute runs a template with stand-ins for what it would look up.
func (t *tenant) execute(tmpl *structs.Template, env *taskenv.TaskEnv) (string, error) {
	keys := names(tmpl)
	var wrong error
	fail := func(err error) error {
		wrong = err
		return err
	}
	ct, err := template.NewTemplate(&template.NewTemplateInput{
		Contents:      tmpl.EmbeddedTmpl,
		LeftDelim:     tmpl.LeftDelim,
		RightDelim:    tmpl.RightDelim,
		ErrMissingKey: tmpl.ErrMissingKey,
		ExtFuncMap: gotemplate.FuncMap{
			"nomadVar": func(path string) (dep.NomadVarItems, error) {
				v := structs.VariableDecrypted{
					VariableMetadata: structs.VariableMetadata{Namespace: structs.DefaultNamespace, Path: path},
					Items:            structs.VariableItems{"key": "value"},
				}
				if err := v.Validate(); err != nil {
					return nil, fail(err)
				}
				if _, err := dep.NewNVGetQuery("", path); err != nil {
					return nil, fail(err)
				}
				items := dep.NomadVarItems{}
				for _, key := range keys {
					items[key] = dep.NomadVarItem{Key: key, Value: secret(path, key)}
				}
				return items, nil
			},
			"secret": func(path string) (*dep.Secret, error) {
				if _, err := dep.NewVaultReadQuery(path); err != nil {
					return nil, fail(err)
				}
				data := map[string]any{}
				for _, key := range keys {
					data[key] = secret(path, key)
				}
				whole := maps.Clone(data)
				whole["data"] = data
				return &dep.Secret{Data: whole}, nil
			},
			"nomadService": func(count int, key, query string) ([]*dep.NomadService, error) {
				if _, err := dep.NewNomadServiceChooseQuery(count, key, query); err != nil {
					return nil, fail(err)
				}
				port, err := t.port(query)
				if err != nil {
					return nil, fail(err)
				}
				return []*dep.NomadService{{Address: query, Port: port}}, nil
			},
			"service": func(query string) ([]*dep.HealthService, error) {
				if _, err := dep.NewHealthServiceQuery(query); err != nil {
					return nil, fail(err)
				}
				port, err := t.port(query)
				if err != nil {
					return nil, fail(err)
				}
				return []*dep.HealthService{{Address: query, Port: port}}, nil
			},
		},
	})
	if err != nil {
		return "", err
	}
	result, err := ct.Execute(&template.ExecuteInput{Brain: template.NewBrain(), Env: env.List()})
	switch {
	case wrong != nil:
		return "", wrong
	case err != nil:
		return "", err
	}
	return string(result.Output), nil
}

func secret(path, key string) string { return "secret:" + path + "/" + key }

// port is the port behind a service that another workload looks for.
func (t *tenant) port(query string) (int, error) {
	port, ok := t.services[query]
	if !ok {
		return 0, fmt.Errorf("no workload has the service %s", query)
	}
	return port, nil
}

// names are the fields and texts in a template's actions: the keys that it may ask a
// secret for.
func names(tmpl *structs.Template) []string {
	tree := parse.New("names")
	tree.Mode = parse.SkipFuncCheck
	parsed, err := tree.Parse(tmpl.EmbeddedTmpl, tmpl.LeftDelim, tmpl.RightDelim, map[string]*parse.Tree{})
	if err != nil {
		return nil // the engine's own parser will say so
	}
	var out []string
	var visit func(parse.Node)
	pipe := func(p *parse.PipeNode) {
		for _, command := range p.Cmds {
			visit(command)
		}
	}
	list := func(l *parse.ListNode) {
		if l != nil {
			visit(l)
		}
	}
	visit = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			for _, child := range n.Nodes {
				visit(child)
			}
		case *parse.ActionNode:
			pipe(n.Pipe)
		case *parse.WithNode:
			pipe(n.Pipe)
			list(n.List)
			list(n.ElseList)
		case *parse.PipeNode:
			pipe(n)
		case *parse.CommandNode:
			for _, arg := range n.Args {
				visit(arg)
			}
		case *parse.ChainNode:
			visit(n.Node)
		case *parse.FieldNode:
			out = append(out, n.Ident...)
		case *parse.StringNode:
			out = append(out, n.Text)
		}
	}
	visit(parsed.Root)
	return out
}
