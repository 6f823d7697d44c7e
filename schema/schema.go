// Package schema embeds the CUE package that defines a tenant: #Tenant and its
// parts. Nothing in Go restates it.
package schema

import "embed"

// ImportPath is the CUE package's import path.
const ImportPath = "github.com/cuecompute/cuecompute/schema"

// Files holds the package's CUE files.
//
//go:embed *.cue
var Files embed.FS

// Report is the JSON Schema of the report that vet writes for programs.
//
//go:embed report.schema.json
var Report []byte
