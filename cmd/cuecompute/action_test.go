//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// forge is a Git repository as on GitHub, in which the action's script runs.
type forge struct {
	t   *testing.T
	dir string
}

func newForge(t *testing.T) forge {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{"HOME": home, "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"} {
		t.Setenv(name, value)
	}
	f := forge{t, filepath.Join(t.TempDir(), "infra")}
	f.write("README.md", "# infra\n")
	f.git("init", "-q", "-b", "main")
	f.commit("start")
	return f
}

func (f forge) git(args ...string) string {
	f.t.Helper()
	c := exec.Command("git", append([]string{"-C", f.dir}, args...)...)
	out, err := c.CombinedOutput()
	if err != nil {
		f.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit commits the whole work tree, and returns the commit.
func (f forge) commit(message string) string {
	f.t.Helper()
	f.git("add", "-A")
	f.git("commit", "-q", "--allow-empty", "-m", message)
	return f.git("rev-parse", "HEAD")
}

func (f forge) write(name, text string) {
	f.t.Helper()
	path := filepath.Join(f.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		f.t.Fatal(err)
	}
}

// pullRequest makes a branch of the base, changes it, advances main, and checks out the merge
// commit, as GitHub does. It returns the event's variables: the base as of the opening of the
// pull request, and the branch's head.
func (f forge) pullRequest(change, meanwhile func()) (event []string) {
	f.t.Helper()
	return f.pullRequestFrom("change", change, meanwhile)
}

// pullRequestFrom is pullRequest with a branch of that name.
func (f forge) pullRequestFrom(branch string, change, meanwhile func()) (event []string) {
	f.t.Helper()
	base := f.git("rev-parse", "HEAD")
	f.git("checkout", "-q", "-b", branch)
	change()
	head := f.commit("change")
	f.git("checkout", "-q", "main")
	if meanwhile != nil {
		meanwhile()
		f.commit("main moves on")
	}
	f.git("checkout", "-q", "--detach")
	f.git("merge", "-q", "--no-ff", "-m", "merge", head)
	return []string{"EVENT_BASE=" + base, "EVENT_HEAD=" + head}
}

// result is the result of a step of the action.
type result struct {
	code                    int
	stdout, stderr, summary string
}

// run runs a step with inputs that differ from the defaults. The result names commits HEAD and
// BASE.
func (f forge) run(step string, env ...string) result {
	f.t.Helper()
	checkout, err := filepath.Abs("../..")
	if err != nil {
		f.t.Fatal(err)
	}
	out := f.t.TempDir()
	summary := filepath.Join(out, "summary.md")
	c := exec.Command(filepath.Join(checkout, ".github/actions/vet/run.sh"), step)
	c.Dir = f.dir
	c.Env = append(append(os.Environ(),
		"NO_COLOR=1", "GITHUB_STEP_SUMMARY="+summary, "GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=acme/infra",
		"SARIF="+filepath.Join(out, "vet.sarif"), "PATHS=./...", "POLICIES=", "POLICIES_FROM=head", "ARGS=", "VET_ARGS=", "PLAN_ARGS=",
		"WARNINGS_AS_ERRORS=false", "UPLOAD_SARIF=true", "AGAINST=", "EVENT_BASE=", "EVENT_HEAD="), env...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	r := result{}
	if err := c.Run(); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			f.t.Fatal(err)
		}
		r.code = failed.ExitCode()
	}
	text, err := os.ReadFile(summary)
	if err != nil && !os.IsNotExist(err) {
		f.t.Fatal(err)
	}
	names := []string{f.git("rev-parse", "HEAD"), "HEAD"}
	parents := strings.Fields(f.git("rev-list", "--parents", "-n1", "HEAD"))
	if shallow, err := os.ReadFile(filepath.Join(f.dir, ".git", "shallow")); err == nil {
		for _, commit := range strings.Fields(string(shallow)) {
			if commit != parents[0] {
				names = append(names, commit, "BASE", commit[:10], "BASE")
			}
		}
	}
	if len(parents) > 1 {
		names = append(names, parents[1], "BASE", parents[1][:10], "BASE")
	}
	named := strings.NewReplacer(names...)
	r.stdout, r.stderr, r.summary = named.Replace(stdout.String()), took.ReplaceAllString(named.Replace(stderr.String()), "(4ms)\n"), named.Replace(string(text))
	return r
}

func (f forge) expect(got, want result) {
	f.t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{})); diff != "" {
		f.t.Errorf("(-want +got):\n%s", diff)
	}
}

const (
	acme        = "id: acme\nprovider: nomad\nworkloads: {web: {replicas: 2, containers: {app: {image: \"ghcr.io/acme/web:1\", resources: {memory: 256Mi}}}}}\n"
	globex      = "id: globex\nprovider: nomad\nworkloads: {web: {containers: {app: {image: \"ghcr.io/globex/web:1\", resources: {memory: 256Mi}}}}}\n"
	tableHead   = "\n| | field | before | after | effect | place |\n| --- | --- | --- | --- | --- | --- |\n"
	onlyGHCR    = "tenant: workloads: [_]: containers: [_]: image: =~\"^ghcr.io/\"\n"
	threeOfAcme = "**1 tenant: 1 changed (and 1 unchanged); 1 change: 1 changed; at worst in-place**\n\n" +
		"### acme on nomad: changed, in-place\n" + tableHead +
		"| `~` | `workloads.web.replicas` | `2` | `3` | in-place | [`git:BASE:tenants/acme.yaml:3`](https://github.com/acme/infra/blob/BASE/tenants/acme.yaml#L3)" +
		" → [`tenants/acme.yaml:3`](https://github.com/acme/infra/blob/HEAD/tenants/acme.yaml#L3) |\n"
)

func more(spec string) string { return strings.Replace(spec, "replicas: 2", "replicas: 3", 1) }

// TestActionPush: on a push, specs are checked and nothing is compared, from the first commit
// on.
func TestActionPush(t *testing.T) {
	f := newForge(t)
	f.write("tenants/acme.yaml", acme)
	f.commit("first")
	f.expect(f.run("vet"), result{summary: "**1 tenant: 0 errors, 0 warnings**\n"})
	f.expect(f.run("difference"), result{})
	f.expect(f.run("difference", "AGAINST=0000000000000000000000000000000000000000"), result{})
	f.expect(f.run("difference", "AGAINST=none", "EVENT_BASE=HEAD"), result{})
	f.write("tenants/acme.yaml", strings.Replace(acme, "replicas", "replicsa", 1))
	f.expect(f.run("vet"), result{
		code:   1,
		stderr: "1 tenant: 1 error, 0 warnings (4ms)\n",
		stdout: "::error file=tenants/acme.yaml,line=3,endLine=3,col=19,endColumn=26,title=unknown-field::tenant acme: unknown field \"replicsa\"%0Ahelp: did you mean \"replicas\"?\n",
		summary: "**1 tenant: 1 error, 0 warnings**\n\n| | place | problem | code |\n| --- | --- | --- | --- |\n" +
			"| error | [tenants/acme.yaml:3:19](https://github.com/acme/infra/blob/HEAD/tenants/acme.yaml#L3) | tenant acme: unknown field \"replicsa\"<br>help: did you mean \"replicas\"? | unknown-field |\n",
	})
}

// TestActionPullRequest: the merge commit is compared with the base that it was merged into,
// whatever the event says, in full and shallow clones, of the repository and of a fork.
func TestActionPullRequest(t *testing.T) {
	f := newForge(t)
	f.write("tenants/acme.yaml", acme)
	f.commit("first")
	event := f.pullRequest(func() { f.write("tenants/acme.yaml", more(acme)) }, func() { f.write("tenants/globex.yaml", globex) })
	f.expect(f.run("vet", event...), result{summary: "**2 tenants: 0 errors, 0 warnings**\n"})
	f.expect(f.run("difference", event...), result{summary: threeOfAcme})

	// actions/checkout fetches only the merge commit. Even for a fork, it is in the repository
	// that the pull request is for.
	f.git("update-ref", "refs/pull/1/merge", "HEAD")
	f.git("update-ref", "-d", "refs/heads/change") // a fork's branch
	shallow := forge{t, filepath.Join(t.TempDir(), "shallow")}
	if err := os.Mkdir(shallow.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	shallow.git("init", "-q")
	shallow.git("remote", "add", "origin", "file://"+filepath.ToSlash(f.dir))
	shallow.git("fetch", "-q", "--no-tags", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge")
	shallow.git("checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
	shallow.expect(shallow.run("difference", event...), result{summary: threeOfAcme})

	// A checkout of the branch itself is compared with the event's base.
	f.git("checkout", "-q", "--detach", strings.TrimPrefix(event[1], "EVENT_HEAD="))
	own := strings.Replace(threeOfAcme, " (and 1 unchanged)", "", 1)
	f.expect(f.run("difference", event...), result{summary: own})
}

// TestActionFirstPullRequest: the base has no spec, and the paths are the default.
func TestActionFirstPullRequest(t *testing.T) {
	f := newForge(t)
	event := f.pullRequest(func() { f.write("tenants/acme.yaml", acme) }, nil)
	f.expect(f.run("vet", event...), result{summary: "**1 tenant: 0 errors, 0 warnings**\n"})
	f.expect(f.run("difference", event...), result{summary: "**1 tenant: 1 added; 1 change: 1 added; at worst create**\n\n### acme on nomad: added, create\n" +
		tableHead + "| `+` | `workloads.web` |  |  | create | [`tenants/acme.yaml:3`](https://github.com/acme/infra/blob/HEAD/tenants/acme.yaml#L3) |\n"})
}

// TestActionOddNames: file names are never Markdown, commands or options.
func TestActionOddNames(t *testing.T) {
	f := newForge(t)
	const odd = "tenants/-100% of a|b, [c](d) `e` $(f).yaml"
	f.write(odd, acme)
	f.commit("first")
	event := f.pullRequest(func() { f.write(odd, more(acme)) }, nil)
	event = append(event, "PATHS=./tenants\n"+odd)
	f.expect(f.run("vet", event...), result{summary: "**1 tenant: 0 errors, 0 warnings**\n"})
	const at = "tenants/-100%25%20of%20a%7Cb%2C%20%5Bc%5D%28d%29%20%60e%60%20$%28f%29.yaml#L3"
	f.expect(f.run("difference", event...), result{summary: "**1 tenant: 1 changed; 1 change: 1 changed; at worst in-place**\n\n### acme on nomad: changed, in-place\n" + tableHead +
		"| `~` | `workloads.web.replicas` | `2` | `3` | in-place | [`` git:BASE:tenants/-100% of a\\|b, [c](d) `e` $(f).yaml:3 ``](https://github.com/acme/infra/blob/BASE/" + at +
		") → [`` tenants/-100% of a\\|b, [c](d) `e` $(f).yaml:3 ``](https://github.com/acme/infra/blob/HEAD/" + at + ") |\n"})
	f.git("checkout", "-q", "main")
	f.write("tenants/-1%.yaml", "id: [\n")
	if r := f.run("vet"); r.code != 1 || !strings.HasPrefix(r.stdout, "::error file=tenants/-1%25.yaml,line=") {
		t.Errorf("%+v", r)
	}
}

// TestActionPolicies: with policies-from: base, a pull request is checked with the base's
// policies; otherwise, a change of a policy shows its effects.
func TestActionPolicies(t *testing.T) {
	f := newForge(t)
	f.write("landlord.cue", onlyGHCR)
	f.write("tenants/acme.yaml", acme)
	f.commit("first")
	event := f.pullRequest(func() {
		f.write("landlord.cue", "tenant: {}\n")
		f.write("new.cue", "tenant: labels: tier: *\"gold\" | string\n")
		f.write("tenants/acme.yaml", strings.Replace(acme, "ghcr.io", "docker.io", 1))
	}, nil)
	event = append(event, "POLICIES=landlord.cue\nnew.cue", "PATHS=tenants/...")
	if r := f.run("vet", append(event, "POLICIES=landlord.cue")...); r.code != 0 {
		t.Errorf("%+v", r)
	}
	base := append(event, "POLICIES_FROM=base")
	r := f.run("vet", base...)
	const notice = "::notice title=cuecompute::policy new.cue is not in the base revision yet: it does not judge this pull request\n"
	if r.code != 1 || !strings.HasPrefix(r.stdout, notice+"::error file=tenants/acme.yaml,line=3,") || !strings.Contains(r.stdout, "title=policy::") {
		t.Errorf("%+v", r)
	}
	r = f.run("difference", base...)
	if want := "::error title=cuecompute plan::tenants/acme.yaml:3:"; r.code != 1 || !strings.HasPrefix(r.stdout, want) || !strings.Contains(r.summary, "### The plan has errors\n\n    tenants/acme.yaml:3:") {
		t.Errorf("%+v", r)
	}
	r = f.run("difference", event...)
	if r.code != 0 || !strings.Contains(r.summary, "| `+` | `labels` | ") || !strings.Contains(r.summary, "`\"ghcr.io/acme/web:1\"` | `\"docker.io/acme/web:1\"`") {
		t.Errorf("%+v", r)
	}
}

// TestActionProjectFile: a pull request is checked with the project file of its base, and with
// the base's policies that it names.
func TestActionProjectFile(t *testing.T) {
	f := newForge(t)
	f.write(".cuecompute.yaml", "policies: [landlord.cue]\n")
	f.write("landlord.cue", onlyGHCR)
	f.write("tenants/acme.yaml", acme)
	f.commit("first")
	event := f.pullRequest(func() {
		f.write(".cuecompute.yaml", "")
		f.write("landlord.cue", "tenant: {}\n")
		f.write("tenants/acme.yaml", strings.Replace(acme, "ghcr.io", "docker.io", 1))
	}, nil)
	r := f.run("vet", event...)
	if r.code != 1 || !strings.HasPrefix(r.stdout, "::error file=tenants/acme.yaml,line=3,") || !strings.Contains(r.stdout, "title=policy::") {
		t.Errorf("%+v", r)
	}
	if r = f.run("difference", event...); r.code != 1 || !strings.Contains(r.summary, "### The plan has errors\n\n    tenants/acme.yaml:3:") {
		t.Errorf("%+v", r)
	}

	// A base without a project file means none; without a base, the checkout's applies.
	f.git("checkout", "-q", "main")
	f.git("rm", "-q", ".cuecompute.yaml")
	f.commit("no project file")
	event = f.pullRequestFrom("second", func() {
		f.write(".cuecompute.yaml", "policies: [landlord.cue]\n")
		f.write("tenants/acme.yaml", strings.Replace(acme, "ghcr.io", "docker.io", 1))
	}, nil)
	if r := f.run("vet", event...); r.code != 0 {
		t.Errorf("%+v", r)
	}
	if r := f.run("vet"); r.code != 1 {
		t.Errorf("%+v", r)
	}
}

// TestActionWrongInputs: invalid inputs are errors, reported in the workflow's log.
func TestActionWrongInputs(t *testing.T) {
	f := newForge(t)
	f.write("tenants/acme.yaml", acme)
	f.commit("first")
	for _, test := range []struct{ input, want string }{
		{"WARNINGS_AS_ERRORS=yes", `warnings-as-errors is "yes": it is true or false`},
		{"UPLOAD_SARIF=", `sarif is "": it is true or false`},
		{"POLICIES_FROM=merge", `policies-from is "merge": it is head or base`},
		{"AGAINST=--output=x", `against is "--output=x", which is no revision`},
		{"AGAINST=origin/-x", `against is "origin/-x", which is no revision`},
		{"AGAINST=+main:main", `against is "+main:main", which is no revision`},
		{"AGAINST=nowhere", `against is "nowhere", which is no revision here or of origin: check out more of the history, such as with fetch-depth: 2`},
	} {
		for _, step := range []string{"vet", "difference"} {
			r := f.run(step, test.input)
			if want := "::error title=cuecompute::" + strings.ReplaceAll(test.want, "%", "%25") + "\n"; r.code != 2 || !strings.HasSuffix(r.stderr, want) || r.summary != "" {
				t.Errorf("%s: %+v, and not %s", test.input, r, want)
			}
		}
	}
	// Arguments go to their own command.
	if r := f.run("vet", "VET_ARGS=--notes", "PLAN_ARGS=--fail-on=rolling"); r.code != 0 {
		t.Errorf("%+v", r)
	}
	if r := f.run("difference", "AGAINST=HEAD", "VET_ARGS=--notes", "PLAN_ARGS=--fail-on=rolling"); r.code != 0 || r.summary != "**no differences in 1 tenant**\n" {
		t.Errorf("%+v", r)
	}
	r := f.run("difference", "AGAINST=HEAD", "PLAN_ARGS=--nothing")
	if r.code != 2 || !strings.HasPrefix(r.stdout, "::error title=cuecompute plan::cuecompute: unknown flag: --nothing") || !strings.Contains(r.summary, "    cuecompute: unknown flag: --nothing") {
		t.Errorf("%+v", r)
	}
}
