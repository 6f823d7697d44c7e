package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
	"github.com/hashicorp/nomad/helper"
	"github.com/hashicorp/nomad/nomad/structs"
)

// volumeSpec is a volume specification, of the fields that are rendered
// (https://developer.hashicorp.com/nomad/docs/other-specifications/volume).
type volumeSpec struct {
	ID          string `hcl:"id"`
	Name        string `hcl:"name"`
	Namespace   string `hcl:"namespace"`
	Type        string `hcl:"type"`
	PluginID    string `hcl:"plugin_id"`
	NodePool    string `hcl:"node_pool"`
	CapacityMin string `hcl:"capacity_min"`
	CapacityMax string `hcl:"capacity_max"`

	// The blocks are read apart, as the command does.
	Capability []map[string]any `hcl:"-"`
	Constraint []map[string]any `hcl:"-"`

	Unknown []string `hcl:",unusedKeys"`
}

// volume judges a volume specification, which `nomad volume create` reads as HCL 1
// (command/volume_create.go). The server's rules for CSI volumes are those of 1.6.2; host
// volumes came later, so theirs are of the documentation.
func volume(data string) []error {
	file, err := hcl.Parse(data)
	if err != nil {
		return []error{err}
	}
	var v volumeSpec
	if err := hcl.DecodeObject(&v, file.Node); err != nil {
		return []error{err}
	}
	list, ok := file.Node.(*ast.ObjectList)
	if !ok {
		return []error{errors.New("a volume is an object")}
	}
	problems := v.read(list)
	for _, size := range []string{v.CapacityMin, v.CapacityMax} {
		if _, err := humanize.ParseBytes(size); err != nil { // command/volume_register.go
			problems = append(problems, fmt.Errorf("capacity %q: %w", size, err))
		}
	}
	switch v.Type {
	case "csi":
		if len(v.Constraint) > 0 || v.NodePool != "" {
			problems = append(problems, errors.New("a csi volume takes no constraint and no node pool"))
		}
		problems = append(problems, csiVolume(v)...)
	case "host":
		problems = append(problems, hostVolume(v)...)
	default:
		problems = append(problems, fmt.Errorf("unknown volume type %q", v.Type))
	}
	return problems
}

// read reads the blocks (decodeHostVolume in command/volume_create_host.go).
func (v *volumeSpec) read(list *ast.ObjectList) []error {
	var problems []error
	unknown := slices.DeleteFunc(v.Unknown, func(key string) bool { return key == "capability" || key == "constraint" })
	if len(unknown) > 0 {
		problems = append(problems, fmt.Errorf("unknown fields %s", strings.Join(unknown, ", ")))
	}
	for _, block := range []struct {
		name string
		keys []string
		into *[]map[string]any
	}{
		{"capability", []string{"access_mode", "attachment_mode"}, &v.Capability},
		{"constraint", []string{"attribute", "operator", "value"}, &v.Constraint},
	} {
		for _, item := range list.Filter(block.name).Elem().Items {
			if err := helper.CheckHCLKeys(item.Val, block.keys); err != nil {
				problems = append(problems, err)
				continue
			}
			var m map[string]any
			if err := hcl.DecodeObject(&m, item.Val); err != nil {
				problems = append(problems, err)
				continue
			}
			*block.into = append(*block.into, m)
		}
	}
	return problems
}

func csiVolume(v volumeSpec) []error {
	native := &structs.CSIVolume{ID: v.ID, Namespace: v.Namespace, PluginID: v.PluginID}
	for _, c := range v.Capability {
		native.RequestedCapabilities = append(native.RequestedCapabilities, &structs.CSIVolumeCapability{
			AccessMode:     structs.CSIVolumeAccessMode(fmt.Sprint(c["access_mode"])),
			AttachmentMode: structs.CSIVolumeAttachmentMode(fmt.Sprint(c["attachment_mode"])),
		})
	}
	return all(native.Validate())
}

// hostAccessModes: the capability block, access_mode.
var hostAccessModes = []string{"single-node-reader-only", "single-node-writer", "single-node-single-writer", "single-node-multi-writer"}

func hostVolume(v volumeSpec) []error {
	var problems []error
	switch {
	case v.Name == "":
		problems = append(problems, errors.New("missing name"))
	case v.PluginID == "":
		problems = append(problems, errors.New("missing plugin_id"))
	case v.ID != "":
		problems = append(problems, errors.New("the id of a new host volume is the server's"))
	}
	for _, c := range v.Capability {
		if mode := fmt.Sprint(c["access_mode"]); !slices.Contains(hostAccessModes, mode) {
			problems = append(problems, fmt.Errorf("a host volume has no access mode %q", mode))
		}
	}
	for _, c := range v.Constraint {
		text := func(key string) string {
			s, _ := c[key].(string)
			return s
		}
		rule := &structs.Constraint{LTarget: text("attribute"), Operand: text("operator"), RTarget: text("value")}
		problems = append(problems, all(rule.Validate())...)
	}
	return problems
}
