package nomad

import (
	"bufio"

	"golang.org/x/text/unicode/norm"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// composedTexts: a driver's configuration is read as values of HCL, whose texts are in
// Unicode's normal form C (NormalizeString in github.com/zclconf/go-cty).
func composedTexts(c *check, w *workload) {
	for name, container := range plan.Sorted(w.Containers) {
		at := w.AtContainer(name)
		for i, text := range container.Command {
			c.composed(at.To("command", i), text)
		}
		for i, text := range container.Args {
			c.composed(at.To("args", i), text)
		}
		c.composed(at.To("workingDir"), container.WorkingDir)
		for path, m := range plan.Sorted(container.Mounts) {
			if !isMounted(w.Volumes[m.Volume]) {
				c.composed(at.To("mounts", path), path)
			}
		}
	}
}

func (c *check) composed(path diag.Path, text string) {
	if norm.NFC.IsNormalString(text) {
		return
	}
	d := c.Errorf(diag.Unsupported, path, "nomad would compose the letters and accents of this text, and so change its bytes")
	d.Help = "write it in Unicode's normal form C, or pass it by env or a file, which keep every byte"
}

// interpolatedTexts: what Nomad interpolates has no escape, in checks
// (taskenv.InterpolateServices), the tags of services, and where a volume is mounted
// (interpolateVolumeMounts in client/allocrunner/taskrunner/volume_hook.go).
func interpolatedTexts(c *check, w *workload) {
	eachCheck(w, func(check *plan.Check, path diag.Path) {
		switch {
		case check.HTTP != nil:
			c.interpolates(path.To("http", "path"), check.HTTP.Path, "write the $ as %24")
		case check.GRPC != nil:
			c.interpolates(path.To("grpc", "service"), check.GRPC.Service, "ask for another service")
		case check.Exec != nil:
			for i, text := range check.Exec.Command {
				c.interpolates(path.To("exec", "command", i), text, "write $X without braces, or have a script of the image's do it")
			}
		}
	})
	for i, entry := range w.Ingress {
		c.interpolates(w.At("ingress", i, "path"), entry.Path, "write the $ as %24")
	}
	for name, container := range plan.Sorted(w.Containers) {
		for at, m := range plan.Sorted(container.Mounts) {
			if isMounted(w.Volumes[m.Volume]) {
				c.interpolates(w.AtContainer(name, "mounts", at), at, "mount the volume elsewhere")
			}
		}
	}
}

func (c *check) interpolates(path diag.Path, text, help string) {
	if found := interpolated.FindString(text); found != "" {
		d := c.Errorf(diag.Unsupported, path, "nomad replaces %s here, and has no escape for it", found)
		d.Help = help
		d.Docs = "https://developer.hashicorp.com/nomad/docs/reference/runtime-variable-interpolation"
	}
}

// longTexts: go-envparse reads a template's lines with a bufio.Scanner, which fails where
// one does not fit in its buffer with its end.
func longTexts(c *check, w *workload) {
	for cname, container := range plan.Sorted(w.Containers) {
		for name, value := range plan.Sorted(container.Env) {
			text, ok := plainText(c.Plan, value)
			if !ok || !templatedEnv(c.Plan, value) {
				continue
			}
			if n := len(name + "=" + envText(text)); n >= bufio.MaxScanTokenSize {
				d := c.Errorf(diag.OutOfBounds, w.AtContainer(cname, "env", name), "nomad sets %q from a template, whose lines have less than %d bytes, and this one has %d", name, bufio.MaxScanTokenSize, n)
				d.Help = "mount it as a file"
				d.Docs = docs + "template#env"
			}
		}
	}
}
