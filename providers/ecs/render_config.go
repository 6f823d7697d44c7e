package ecs

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// configContainer writes configuration files, and configVolume begins the names of the
// volumes that they are in. No name of an author's has an underscore.
const (
	configContainer = "config_writer"
	configVolume    = "config_"
)

// configFile is a file of one of the tenant's configurations.
type configFile struct{ config, file string }

// configDir is a directory of configuration files, which is a volume of the task.
type configDir struct {
	volume string
	files  map[string]configFile            // by their names in it
	mounts []struct{ container, at string } // where it is mounted
}

type configFiles []*configDir

// configFiles are the directories that a workload mounts: all files of a configuration,
// or the single ones that are to stand in one directory of a container. Those with the
// same files are one, for nobody writes to them.
func (t *tenant) configFiles(w *workload) configFiles {
	var dirs configFiles
	for cname, c := range plan.Sorted(w.Containers) {
		byPath := map[string]map[string]configFile{}
		for mpath, m := range plan.Sorted(c.Mounts) {
			switch {
			case m.Config == "":
			case m.File != "":
				dir, name := path.Split(mpath)
				dir = path.Clean(dir)
				if byPath[dir] == nil {
					byPath[dir] = map[string]configFile{}
				}
				byPath[dir][name] = configFile{m.Config, m.File}
			default:
				byPath[mpath] = map[string]configFile{}
				for file := range t.Plan.Config[m.Config] {
					byPath[mpath][file] = configFile{m.Config, file}
				}
			}
		}
		for at, files := range plan.Sorted(byPath) {
			d := dirs.of(files)
			if d == nil {
				d = &configDir{volume: fmt.Sprint(configVolume, len(dirs)+1), files: files}
				dirs = append(dirs, d)
			}
			d.mounts = append(d.mounts, struct{ container, at string }{cname, at})
		}
	}
	return dirs
}

func (dirs configFiles) of(files map[string]configFile) *configDir {
	for _, d := range dirs {
		if maps.Equal(d.files, files) {
			return d
		}
	}
	return nil
}

// mountsOf returns the volumes of configuration files in a container, by path.
func (dirs configFiles) mountsOf(cname string) map[string]string {
	at := map[string]string{}
	for _, d := range dirs {
		for _, m := range d.mounts {
			if m.container == cname {
				at[m.at] = d.volume
			}
		}
	}
	return at
}

func (dirs configFiles) volumes() []types.Volume {
	var volumes []types.Volume
	for _, d := range dirs {
		volumes = append(volumes, types.Volume{Name: &d.volume})
	}
	return volumes
}

// configWriter is the container that writes configuration files. Their texts are in
// its environment, where no shell reads them, and printf is the shell's own, so that
// the image needs nothing else. It is root, to whom new volumes belong.
func (t *tenant) configWriter(w *workload, dirs configFiles) types.ContainerDefinition {
	def := types.ContainerDefinition{
		Name:                   new(configContainer),
		Image:                  &t.Ext.ConfigImage,
		RepositoryCredentials:  t.credentials(t.Ext.ConfigImage),
		EntryPoint:             []string{"/bin/sh", "-c"},
		Essential:              new(false),
		LogConfiguration:       t.logConfiguration(w),
		ReadonlyRootFilesystem: new(true),
		User:                   new("0"),
	}
	script := []string{"set -e"}
	variables := map[configFile]string{}
	for _, d := range dirs {
		def.MountPoints = append(def.MountPoints, types.MountPoint{ContainerPath: new("/" + d.volume), SourceVolume: &d.volume})
		for name, f := range plan.Sorted(d.files) {
			variable, ok := variables[f]
			if !ok {
				variable = fmt.Sprintf("CONFIG_%d", len(variables)+1)
				variables[f] = variable
				def.Environment = append(def.Environment, types.KeyValuePair{Name: &variable, Value: new(t.Plan.Config[f.config][f.file])})
			}
			script = append(script, fmt.Sprintf(`printf %%s "$%s" >%s`, variable, shellQuote("/"+d.volume+"/"+name)))
		}
	}
	def.Command = []string{strings.Join(script, "\n")}
	if task, _ := t.task(w); task.memoryMiB == 0 {
		def.MemoryReservation = new(int32(minContainerMiB)) // on EC2 a container must ask for some
	}
	return def
}

// shellQuote quotes a word for a shell.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'"
}
