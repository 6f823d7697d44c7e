// Command release builds the files of a release: an archive of the program for each system,
// with its completions, man pages and licence, an SBOM beside each, a statement of what they were
// built from, and the checksums of all. The same commit and Go version give the same bytes.
//
//	go run ./cmd/internal/release -version v0.1.0 dist
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/providers"
)

// systems are the systems of a release, as GOOS/GOARCH.
const systems = "darwin/amd64,darwin/arm64,linux/amd64,linux/arm64,windows/amd64,windows/arm64"

func main() {
	version := flag.String("version", "", "the release's `version`, which names the archives")
	targets := flag.String("systems", systems, "build for these, as `GOOS/GOARCH`")
	flag.Parse()
	if err := run(*version, strings.Split(*targets, ","), flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(version string, targets, args []string) error {
	if version == "" || len(args) != 1 {
		return errors.New("usage: release -version VERSION DIR")
	}
	dir := args[0]
	made, err := commitTime()
	if err != nil {
		return err
	}
	root, err := cli.Command(providers.All()...)
	if err != nil {
		return err
	}
	files, err := pages(root, made)
	if err != nil {
		return err
	}
	for _, name := range []string{"LICENSE", "README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, file{name: name, data: text})
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	licences, err := readLicences()
	if err != nil {
		return err
	}
	var all []archived
	write := func(name string, data []byte) (archived, error) {
		a := archivedOf(name, data)
		all = append(all, a)
		return a, os.WriteFile(filepath.Join(dir, name), data, 0o644)
	}
	for _, target := range targets {
		system, arch, ok := strings.Cut(target, "/")
		if !ok {
			return fmt.Errorf("%q is not GOOS/GOARCH", target)
		}
		program, err := build(system, arch)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("cuecompute_%s_%s_%s", strings.TrimPrefix(version, "v"), system, arch)
		pack := tarball
		if system == "windows" {
			pack = zipped
		}
		archive, ending, err := pack(name, append([]file{program}, files...), made)
		if err != nil {
			return err
		}
		a, err := write(name+ending, archive)
		if err != nil {
			return err
		}
		bill, err := sbom(a, program.data, version, made, licences)
		if err != nil {
			return err
		}
		if _, err := write(name+".spdx.json", bill); err != nil {
			return err
		}
	}
	head, err := commit()
	if err != nil {
		return fmt.Errorf("git rev-parse: %w", err)
	}
	stated, err := provenanceOf(all, version, strings.Join(targets, ","), head, runtime.Version())
	if err != nil {
		return err
	}
	if _, err := write("provenance.intoto.json", stated); err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, a := range all {
		fmt.Fprintf(&sums, "%s  %s\n", a.sum, a.name)
	}
	return os.WriteFile(filepath.Join(dir, "checksums.txt"), sums.Bytes(), 0o644)
}

// build builds the program for a system. Go writes the checkout's version into the binary.
func build(system, arch string) (file, error) {
	dir, err := os.MkdirTemp("", "release-")
	if err != nil {
		return file{}, err
	}
	defer os.RemoveAll(dir)
	name := "cuecompute"
	if system == "windows" {
		name += ".exe"
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", filepath.Join(dir, name), "./cmd/cuecompute")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return file{}, fmt.Errorf("building for %s/%s: %w", system, arch, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	return file{name: name, data: data, program: true}, err
}

// commitTime returns the time of every file of a release: that of its commit, or of
// SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch).
func commitTime() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("git log: %w", err)
		}
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
