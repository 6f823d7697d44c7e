package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// object is what the server has, without what it gives each object of its own.
type object map[string]any

// own are the fields that differ from one object to another that was applied the same.
var own = []string{
	"status", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
	"clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort", "controller-uid", "batch.kubernetes.io/controller-uid",
	"kubectl.kubernetes.io/last-applied-configuration", "deprecated.daemonset.template.generation",
}

// objects are those that the server has of what is rendered in directories, by kind and name.
func (c *cluster) objects(ctx context.Context, dirs ...string) (map[string]object, error) {
	args := []string{"get", "--ignore-not-found", "-o", "json"}
	for _, d := range dirs {
		args = append(args, "-f", d)
	}
	out, err := c.kubectl(ctx, args...)
	if err != nil || strings.TrimSpace(out) == "" {
		return nil, err
	}
	var list struct{ Items []object }
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		return nil, err
	}
	if list.Items == nil {
		var one object
		if err := json.Unmarshal([]byte(out), &one); err != nil {
			return nil, err
		}
		list.Items = []object{one}
	}
	all := map[string]object{}
	autoscaled := map[string]bool{}
	for _, o := range list.Items {
		key := fmt.Sprintf("%s %s/%s", o.text("kind"), o.text("metadata", "namespace"), o.text("metadata", "name"))
		all[key] = strip(map[string]any(o)).(map[string]any)
		if o.text("kind") == "HorizontalPodAutoscaler" {
			autoscaled[o.text("metadata", "name")] = true
		}
	}
	for _, o := range all {
		if spec, ok := o["spec"].(map[string]any); ok && autoscaled[o.text("metadata", "name")] {
			o["copies"] = spec["replicas"] // no longer ours
			delete(spec, "replicas")
		}
	}
	return all, nil
}

// strip takes out what is an object's own, and what is empty then.
func strip(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			e = strip(e)
			if m, ok := e.(map[string]any); slices.Contains(own, k) || ok && len(m) == 0 && k != "emptyDir" {
				delete(v, k)
			}
		}
	case []any:
		for _, e := range v {
			strip(e)
		}
	}
	return v
}

func (o object) at(path ...string) any {
	var v any = map[string]any(o)
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func (o object) text(path ...string) string {
	s, _ := o.at(path...).(string)
	return s
}

// part is a part of the object, or all but the number of copies that is not ours, as text.
func (o object) part(path ...string) string {
	v := o.at(path...)
	if m, ok := v.(map[string]any); ok && len(path) == 0 {
		all := make(map[string]any, len(m))
		for k, e := range m {
			if k != "copies" {
				all[k] = e
			}
		}
		v = all
	}
	b, _ := json.Marshal(v) // of what came as JSON
	return string(b)
}

// rolls reports whether a change of the object's pods replaces them.
func (o object) rolls() bool {
	return slices.Contains([]string{"Deployment", "StatefulSet"}, o.text("kind"))
}

// replicas is how many copies the object asks for.
func (o object) replicas() int {
	n, ok := o["copies"].(float64)
	if !ok {
		n, _ = o.at("spec", "replicas").(float64)
	}
	return int(n)
}

// before applies the old side of a pair, and does what controllers would: the claims of
// StatefulSets are made, and all claims bound, since only those grow.
func (c *cluster) before(ctx context.Context, p pair) error {
	if _, err := c.kubectl(ctx, "apply", "-f", p.old); err != nil {
		return err
	}
	all, err := c.objects(ctx, p.old)
	if err != nil {
		return err
	}
	for _, o := range all {
		switch o.text("kind") {
		case "PersistentVolumeClaim":
			err = c.bind(ctx, o.text("metadata", "name"), o)
		case "StatefulSet":
			err = c.claim(ctx, o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// claim makes the claims of a StatefulSet's copies.
func (c *cluster) claim(ctx context.Context, set object) error {
	templates, _ := set.at("spec", "volumeClaimTemplates").([]any)
	copies, _ := set.at("spec", "replicas").(float64)
	for _, t := range templates {
		template := object(t.(map[string]any))
		for i := range int(copies) {
			name := fmt.Sprintf("%s-%s-%d", template.text("metadata", "name"), set.text("metadata", "name"), i)
			text, err := json.Marshal(map[string]any{
				"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": map[string]any{"name": name}, "spec": template["spec"],
			})
			if err != nil {
				return err
			}
			file := filepath.Join(c.dir, "claim.json")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				return err
			}
			if _, err := c.kubectl(ctx, "apply", "-f", file); err != nil {
				return err
			}
			if err := c.bind(ctx, name, template); err != nil {
				return err
			}
		}
	}
	return nil
}

// bind says of a claim that it is bound, and has the size that it asks for.
func (c *cluster) bind(ctx context.Context, name string, claim object) error {
	status := fmt.Sprintf(`{"status":{"phase":"Bound","capacity":{"storage":%q}}}`, claim.text("spec", "resources", "requests", "storage"))
	_, err := c.kubectl(ctx, "patch", "pvc", name, "--subresource=status", "-p", status)
	return err
}

// clear deletes both sides of a pair, and all claims.
func (c *cluster) clear(ctx context.Context, p pair) error {
	_, err := c.kubectl(ctx, "delete", "--ignore-not-found", "--timeout=60s", "-f", p.old, "-f", p.new)
	if err == nil {
		_, err = c.kubectl(ctx, "delete", "pvc", "--all", "--timeout=60s")
	}
	return err
}

var (
	// command is one in an advice: up to the words that go on.
	command = regexp.MustCompile(`kubectl ((?:'[^']*'|[^',:\n])+?)(?: and | first\b|,|:|\n|$)`)
	word    = regexp.MustCompile(`'([^']*)'|\S+`)
)

// commands are the arguments of kubectl in an advice.
func commands(advice string) (all [][]string) {
	for _, m := range command.FindAllStringSubmatch(advice, -1) {
		var args []string
		for _, w := range word.FindAllStringSubmatch(m[1], -1) {
			args = append(args, cmp.Or(w[1], w[0]))
		}
		all = append(all, args)
	}
	return all
}

// applyFlags are the flags that an advice gives to kubectl apply.
func applyFlags(advice string) []string {
	for _, args := range commands(advice) {
		if args[0] == "apply" && strings.HasPrefix(args[1], "--") {
			return args[1:]
		}
	}
	return nil
}

// follow runs the commands of an advice that come before kubectl apply.
func (c *cluster) follow(ctx context.Context, advice string) (err error) {
	for _, args := range commands(advice) {
		switch {
		case args[0] == "apply" && strings.HasPrefix(args[1], "--"):
		case slices.Contains(args, "--cascade=orphan"):
			err = c.orphan(ctx, args)
		default:
			_, err = c.kubectl(ctx, args...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// orphan deletes an object but for what it owns. No garbage collector runs that would take its
// finalizer.
func (c *cluster) orphan(ctx context.Context, args []string) error {
	if _, err := c.kubectl(ctx, append(args, "--wait=false")...); err != nil {
		return err
	}
	patch := []string{"patch"}
	for _, a := range args {
		if a != "delete" && a != "--cascade=orphan" {
			patch = append(patch, a)
		}
	}
	_, err := c.kubectl(ctx, append(patch, "-p", `{"metadata":{"finalizers":null}}`)...)
	return err
}
