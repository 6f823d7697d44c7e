package project_test

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/project"
)

func Example() {
	file, _ := project.Read(".cuecompute.yaml", []byte("paths: [tenants/...]\npolicies: [landlord.cue]\n"), nil)
	for _, p := range file.Policies {
		fmt.Println(p.Value, p.From())
	}
	_, diags := project.Read(".cuecompute.yaml", []byte("polices: [landlord.cue]\n"), nil)
	fmt.Println(diags[0].Line, diags[0].Message, diags[0].Help)
	// Output:
	// landlord.cue .cuecompute.yaml:2
	// 1 unknown field "polices" did you mean "policies"?
}
