package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// classes are the effects of plan --against by what the API server shows of them: whether
// anything differs, whether pods are replaced, and whether applying does not do it.
var classes = map[string]int{
	"none":        0,
	"create":      1,
	"in-place":    1,
	"rolling":     2,
	"replacement": 3,
	"destroy":     3,
	"data-loss":   3,
}

// pair is a tenant before and after a change, and what plan --against says of the change.
type pair struct {
	name     string
	old, new string // directories of rendered objects
	effect   string
	advice   []string
}

// pairs reads a directory: old and new as rendered, and effects.json, which plan --against
// wrote of both.
func pairs(dir string) ([]pair, error) {
	text, err := os.ReadFile(filepath.Join(dir, "effects.json"))
	if err != nil {
		return nil, err
	}
	var predicted struct {
		Tenants []struct {
			ID      string `json:"tenant"`
			Effect  string `json:"effect"`
			Changes []struct {
				Advice string `json:"advice"`
			} `json:"changes"`
		} `json:"tenants"`
	}
	if err := json.Unmarshal(text, &predicted); err != nil {
		return nil, err
	}
	dirs, err := filepath.Glob(filepath.Join(dir, "new", "*", "kubernetes"))
	if err != nil || len(dirs) == 0 {
		return nil, fmt.Errorf("no pairs in %s", dir)
	}
	var all []pair
	for _, d := range dirs {
		id := filepath.Base(filepath.Dir(d))
		p := pair{name: id, old: filepath.Join(dir, "old", id, "kubernetes"), new: d, effect: "none"}
		for _, t := range predicted.Tenants {
			if t.ID != id {
				continue
			}
			p.effect = t.Effect
			for _, c := range t.Changes {
				if c.Advice != "" && !slices.Contains(p.advice, c.Advice) {
					p.advice = append(p.advice, c.Advice)
				}
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// storageClasses are those that the pairs name: claims of one of them grow.
const storageClasses = `
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fixed}, provisioner: example.com/none}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: grows}, provisioner: example.com/none, allowVolumeExpansion: true}
`

// effects holds every pair to the server.
func (c *cluster) effects(ctx context.Context, dir string) error {
	all, err := pairs(dir)
	if err != nil {
		return err
	}
	file := filepath.Join(c.dir, "classes.yaml")
	if err := os.WriteFile(file, []byte(storageClasses), 0o600); err != nil {
		return err
	}
	if _, err := c.kubectl(ctx, "apply", "-f", file); err != nil {
		return err
	}
	if err := c.namespaces(ctx, filepath.Join(dir, "*")); err != nil {
		return err
	}
	var wrong []error
	counts := map[string]int{}
	for _, p := range all {
		if err := c.holds(ctx, p); err != nil {
			wrong = append(wrong, fmt.Errorf("%s, whose effect is said to be %s: %w\nadvice: %q", p.name, p.effect, err, p.advice))
		}
		counts[p.effect]++
	}
	fmt.Printf("%-22s %d %v\n", "changed in pairs", len(all), counts)
	return errors.Join(wrong...)
}

// holds applies both sides of a pair: as they are, and as the advice says.
func (c *cluster) holds(ctx context.Context, p pair) error {
	if err := c.before(ctx, p); err != nil {
		return err
	}
	seen, how, err := c.update(ctx, p)
	if err != nil {
		return err
	}
	fmt.Printf("  %-20s %-12s %s\n", p.name, p.effect, how)
	advice := strings.Join(p.advice, "\n")
	if want := classes[p.effect]; seen != want && !(seen == 3 && strings.Contains(advice, "is refused otherwise")) {
		return fmt.Errorf("applying shows %s", how)
	}
	if seen == 3 && advice == "" {
		return fmt.Errorf("applying shows %s, and nothing says what to do", how)
	}
	if strings.Contains(advice, "is refused otherwise") && seen == 3 {
		return c.clear(ctx, p)
	}
	return c.advised(ctx, p, advice)
}

// runs are the kinds of object that run something, or hold data.
var runs = map[string]bool{"deployment": true, "statefulset": true, "job": true, "cronjob": true, "persistentvolumeclaim": true}

// refusal is how kubectl reports an object that the server does not take.
var refusal = regexp.MustCompile(`(?: is invalid: | is forbidden: )(.{0,70})`)

// update applies the new side over the old one, and returns the class of the effect, and what
// showed it.
func (c *cluster) update(ctx context.Context, p pair) (class int, how string, err error) {
	before, err := c.objects(ctx, p.old, p.new)
	if err != nil {
		return 0, "", err
	}
	// Where kubectl's own merge is said not to do, the server's is held to the effect.
	_, refused := c.kubectl(ctx, append([]string{"apply", "-f", p.new}, applyFlags(strings.Join(p.advice, "\n"))...)...)
	if refused != nil {
		if m := refusal.FindStringSubmatch(refused.Error()); m != nil {
			return 3, "refused: " + m[1], nil
		}
		return 0, "", refused
	}
	after, err := c.objects(ctx, p.old, p.new)
	if err != nil {
		return 0, "", err
	}
	how = "unchanged"
	for key, now := range after {
		was := before[key]
		switch {
		case was == nil:
			class, how = worse(class, how, 1, "created "+key)
		case now["copies"] != nil && now.replicas() < was.replicas():
			class, how = worse(class, how, 3, fmt.Sprintf("%s has %d copies", key, now.replicas()))
		case now.rolls() && now.part("spec", "template") != was.part("spec", "template"):
			class, how = worse(class, how, 2, "other pods of "+key)
		case now.part() != was.part():
			class, how = worse(class, how, 1, "changed "+key)
		}
	}
	left, err := leftover(p)
	for _, name := range left {
		if kind := name[strings.LastIndexByte(name, '.')+1:]; runs[kind] {
			class, how = worse(class, how, 3, "left over "+name)
		} else {
			class, how = worse(class, how, 1, "left over "+name)
		}
	}
	return class, how, err
}

func worse(class int, how string, other int, shown string) (int, string) {
	if other > class || other == class && shown < how {
		return other, shown
	}
	return class, how
}

// advised applies the new side over the old one as the advice says. Then nothing of the old
// one is left, and the objects are those that applying the new one alone makes.
func (c *cluster) advised(ctx context.Context, p pair, advice string) error {
	if err := errors.Join(c.clear(ctx, p), c.before(ctx, p)); err != nil {
		return err
	}
	if err := c.follow(ctx, advice); err != nil {
		return fmt.Errorf("the advice cannot be followed: %w", err)
	}
	apply := append([]string{"apply", "-f", p.new}, applyFlags(advice)...)
	if _, err := c.kubectl(ctx, apply...); err != nil {
		return fmt.Errorf("the advice does not do: %w", err)
	}
	updated, err := c.objects(ctx, p.old, p.new)
	if err != nil {
		return err
	}
	if err := c.clear(ctx, p); err != nil {
		return err
	}
	if _, err := c.kubectl(ctx, apply...); err != nil {
		return err
	}
	fresh, err := c.objects(ctx, p.old, p.new)
	if err != nil {
		return err
	}
	for key, o := range updated {
		switch {
		case fresh[key] == nil:
			err = errors.Join(err, fmt.Errorf("%s is left over", key))
		case fresh[key].part() != o.part():
			err = errors.Join(err, fmt.Errorf("%s is\n%s\nand applied alone it is\n%s", key, o.part(), fresh[key].part()))
		}
	}
	return errors.Join(err, c.clear(ctx, p))
}

// leftover are the objects of the old side that the new one does not have.
func leftover(p pair) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(p.old, "*.yaml"))
	var left []string
	for _, f := range files {
		name := filepath.Base(f)
		if _, err := os.Stat(filepath.Join(p.new, name)); err != nil {
			left = append(left, strings.TrimSuffix(name, ".yaml"))
		}
	}
	return left, err
}
