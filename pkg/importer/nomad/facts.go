package nomad

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// factsOf returns what jobs state, by their groups.
func factsOf(_ *importer.Draft, docs []*importer.Document, id string) []importer.Fact {
	var all []importer.Fact
	for _, doc := range docs {
		job := jobOf(doc.Root)
		if job == nil {
			continue
		}
		for _, group := range elems(job.Get("TaskGroups")) {
			if len(elems(group.Get("Tasks"))) == 0 {
				continue // it runs nothing
			}
			w := importer.Name(workloadName(job, group, id))
			add := func(f importer.Fact) {
				f.Key = w + f.Key
				all = append(all, normal(f))
			}
			importer.Flatten("/job", job, keyOf, add)
			importer.Flatten("/group", group, keyOf, add)
			for _, s := range elems(group.Get("Services")) {
				checks(s, add)
			}
			for _, task := range elems(group.Get("Tasks")) {
				key := "/tasks/" + importer.Name(task.TextAt("Name"))
				importer.Flatten(key, task, keyOf, add)
				for _, s := range elems(task.Get("Services")) {
					checks(s, add)
				}
				for _, b := range elems(task.Get("Config", "volumes")) {
					source, target, _ := strings.Cut(b.Text, ":")
					add(importer.Fact{Key: key + "/volumes/" + target, Value: source, Node: b})
				}
				if task.Get("KillTimeout") == nil {
					add(importer.Fact{Key: key + "/KillTimeout", Value: "5000000000"})
				}
			}
			if job.Get("Region") == nil {
				add(importer.Fact{Key: "/job/Region", Value: "global"})
			}
		}
	}
	return all
}

// checks are facts of what each check asks, wherever it stands.
func checks(s *data.Node, add func(importer.Fact)) {
	if p := s.Get("Provider"); p != nil {
		add(importer.Fact{Key: "/catalog", Value: cmp.Or(p.Text, "consul"), Node: p})
	}
	for _, c := range elems(s.Get("Checks")) {
		key := fmt.Sprint("/checks/", c.TextAt("Type"), " ", c.TextAt("Path"), c.TextAt("GRPCService"), c.TextAt("Command"), " ", c.Get("CheckRestart") != nil && !empty(c.Get("CheckRestart")))
		importer.Flatten(key, c, keyOf, add)
	}
}

// keyOf names elements of lists by what tells them apart, and leaves out what is a fact of its own.
func keyOf(path, name string, value *data.Node) string {
	last := path[strings.LastIndex(path, "/")+1:]
	switch name {
	case "TaskGroups", "Tasks", "Services":
		return ""
	}
	switch last {
	case "Config":
		if name == "volumes" {
			return ""
		}
	case "DynamicPorts", "ReservedPorts":
		return cmp.Or(value.TextAt("Label"), name)
	case "VolumeMounts":
		return value.TextAt("Destination")
	case "Constraints", "Affinities":
		return fmt.Sprint(value.TextAt("LTarget"), cmp.Or(value.TextAt("Operand"), "="), value.TextAt("RTarget"))
	case "Spreads":
		return value.TextAt("Attribute")
	}
	return name
}

// normal is a fact with its words in one form.
func normal(f importer.Fact) importer.Fact {
	switch {
	case strings.HasSuffix(f.Key, "/Config/image"):
		f.Value = strings.TrimSuffix(f.Value, ":latest")
	case strings.Contains(f.Key, "/Config/cap_"):
		f.Value = strings.ReplaceAll(strings.ToUpper(f.Value), "CAP_", "")
	case strings.HasSuffix(f.Key, "/Periodic/Spec"):
		f.Key += "s"
		f.Value = sunday(fmt.Sprintf("%q", []string{f.Value}))
	case strings.HasSuffix(f.Key, "/Periodic/Specs"):
		f.Value = sunday(f.Value)
	case strings.Contains(f.Key, "/group/Constraints/"):
		f.Key = strings.Replace(f.Key, "/group/", "/job/", 1)
	case strings.Contains(f.Key, "/tasks/") && strings.Contains(f.Key, "/Constraints/"):
		w, rest, _ := strings.Cut(f.Key, "/tasks/")
		f.Key = w + "/job/" + rest[strings.Index(rest, "Constraints/"):]
	case strings.Contains(f.Key, "/job/Update/"):
		f.Key = strings.Replace(f.Key, "/job/", "/group/", 1)
	case strings.HasSuffix(f.Key, "/work_dir"):
		f.Key = strings.TrimSuffix(f.Key, "work_dir") + "working_dir"
	case strings.HasSuffix(f.Key, "ShutdownDelay"):
		w, _, _ := strings.Cut(f.Key, "/")
		f.Key = w + "/ShutdownDelay"
	}
	return f
}

// sunday is a schedule in a list, whose Sunday is 0.
func sunday(list string) string {
	if rest, ok := strings.CutSuffix(list, ` 7"]`); ok {
		return rest + ` 0"]`
	}
	return list
}

// added returns why rendering states what the jobs do not.
func added(key string) string {
	_, field, _ := strings.Cut(key, "/")
	switch {
	case strings.HasPrefix(field, "job/"):
		return "what all jobs of a tenant have is stated"
	case strings.HasPrefix(field, "checks/"):
		return "it stands for what the account calls approximated"
	case strings.HasPrefix(field, "group/RestartPolicy/"), strings.HasPrefix(field, "group/ReschedulePolicy/"), strings.HasPrefix(field, "group/Update/"):
		return "the pace of restarts and updates is stated"
	case strings.HasPrefix(field, "group/Networks/"), strings.HasPrefix(field, "group/Volumes/"), strings.HasPrefix(field, "group/Scaling/"), strings.HasPrefix(field, "group/EphemeralDisk/"):
		return "it stands for what the account calls approximated"
	case field == "group/Name", field == "group/Count":
		return "a workload has one group, which is called like it"
	case field == "ShutdownDelay":
		return "a service leaves the catalog before it stops"
	case strings.HasSuffix(field, "/KillTimeout"), strings.Contains(field, "/Resources/"), strings.HasSuffix(field, "/Lifecycle/Sidecar"):
		return "it is stated, though it is the default"
	case strings.Contains(field, "/Templates/"), strings.Contains(field, "/volumes/"), field == "catalog", strings.Contains(field, "/Config/"), strings.Contains(field, "/Env/"), strings.Contains(field, "/VolumeMounts/"), strings.Contains(field, "/Lifecycle/"):
		return "it stands for what the account calls approximated"
	}
	return ""
}
