package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"
	"github.com/hashicorp/nomad/command/agent"
	"github.com/hashicorp/nomad/nomad/structs"
)

// tenant is what the documents of one tenant say together.
type tenant struct {
	jobs     []*job
	services map[string]int // TAG.SERVICE → the port that the container listens on
}

// job is a job as it was written, and as the server has it.
type job struct {
	document string
	written  *api.Job
	server   *structs.Job
}

// jobFile is what `nomad job run -json` reads (command/helpers.go).
type jobFile struct{ Job *api.Job }

// read takes a document up.
func (t *tenant) read(d document) []error {
	tree, err := strictTree(d.Data)
	if err != nil {
		return []error{err}
	}
	if strings.HasSuffix(d.Name, ".volume.json") {
		return volume(d.Data)
	}
	if problems := unknown(tree, reflect.TypeOf(jobFile{}), ""); len(problems) > 0 {
		return problems
	}
	var file jobFile
	if err := json.Unmarshal([]byte(d.Data), &file); err != nil {
		return []error{err}
	}
	if file.Job == nil {
		return []error{errors.New("there is no Job")}
	}
	j := &job{document: d.Name, written: file.Job, server: agent.ApiJobToStructJob(file.Job)}
	j.server.Canonicalize()
	t.jobs = append(t.jobs, j)
	for _, group := range j.server.TaskGroups {
		t.publish(group)
	}
	return nil
}

// publish takes up the services of a group, by which others find it.
func (t *tenant) publish(group *structs.TaskGroup) {
	ports := map[string]int{}
	for _, net := range group.Networks {
		for _, port := range append(append([]structs.Port{}, net.ReservedPorts...), net.DynamicPorts...) {
			ports[port.Label] = port.To
		}
	}
	services := append([]*structs.Service{}, group.Services...)
	for _, task := range group.Tasks {
		services = append(services, task.Services...)
	}
	for _, s := range services {
		for _, tag := range s.Tags {
			t.services[tag+"."+s.Name] = ports[s.PortLabel]
		}
	}
}

// strictTree reads JSON, and refuses a second member of one name.
func strictTree(data string) (any, error) {
	d := json.NewDecoder(strings.NewReader(data))
	tree, err := value(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more than one value")
	}
	return tree, nil
}

func value(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		members := map[string]any{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string) // nothing else comes before a colon
			if _, ok := members[name]; ok {
				return nil, fmt.Errorf("two members are called %q", name)
			}
			if members[name], err = value(d); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return members, err
	case json.Delim('['):
		var entries []any
		for d.More() {
			entry, err := value(d)
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
		}
		_, err := d.Token()
		return entries, err
	}
	return t, nil
}

// unknown finds members that a type does not have, by their exact names.
func unknown(tree any, t reflect.Type, at string) []error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var problems []error
	switch tree := tree.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(tree)) {
			v := tree[name]
			switch t.Kind() {
			case reflect.Map:
				problems = append(problems, unknown(v, t.Elem(), at+"."+name)...)
			case reflect.Struct:
				field, ok := t.FieldByName(name)
				switch {
				case ok:
					problems = append(problems, unknown(v, field.Type, at+"."+name)...)
				default:
					kind, ok := laterFields[t.Name()+"."+name]
					switch {
					case !ok:
						problems = append(problems, fmt.Errorf("unknown field %s", at+"."+name))
					case reflect.TypeOf(v) != reflect.TypeOf(kind):
						problems = append(problems, fmt.Errorf("field %s is no %T", at+"."+name, kind))
					}
				}
			}
		}
	case []any:
		for i, v := range tree {
			if t.Kind() == reflect.Slice {
				problems = append(problems, unknown(v, t.Elem(), fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	}
	return problems
}
