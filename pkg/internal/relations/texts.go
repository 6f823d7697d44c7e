package relations

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// noNUL: arguments and variables of a process end at the first NUL (execve(2)), so the rest
// would never reach it.
func noNUL(c *container) {
	refuse := func(text string, elems ...any) {
		if strings.IndexByte(text, 0) >= 0 {
			d := c.diags.Errorf(diag.BadFormat, c.at(elems...), "a process takes no text with a NUL here")
			d.Help = "put it in a configuration file"
		}
	}
	for i, text := range c.Command {
		refuse(text, "command", i)
	}
	for i, text := range c.Args {
		refuse(text, "args", i)
	}
	for name, e := range plan.Sorted(c.Env) {
		if e.Value != nil {
			refuse(*e.Value, "env", name)
			continue
		}
		refuse(e.Format, "env", name, "format")
	}
	for at, e := range c.Sources() {
		refuse(c.plan.Config[e.Config][e.File], append(at, "config")...)
	}
	for field, check := range c.Checks() {
		if check.Exec != nil {
			for i, text := range check.Exec.Command {
				refuse(text, field, "exec", "command", i)
			}
		}
	}
}
