// Package project embeds the CUE package that defines the files beside specs, such as the
// project file.
package project

import "embed"

// ImportPath is the CUE package's import path.
const ImportPath = "github.com/cuecompute/cuecompute/schema/project"

// Files holds the package's CUE files.
//
//go:embed *.cue
var Files embed.FS
