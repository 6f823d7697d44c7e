package providertest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Run holds a provider to what [provider.Provider] promises, and to what
// [provider.Renderer], [provider.Differ] and [provider.Lifecycle] do where it is one: one subtest a promise, as
// testing/fstest does for file systems. It compiles tenants of its own with the
// provider's schema, and those that options add, and calls each method with their plans.
// Fresh makes a provider with an empty memory at every call. Run it under the race
// detector, which sees what the suite cannot.
func Run(t *testing.T, fresh func() provider.Provider, opts ...Option) {
	t.Helper()
	s, err := newSuite(t.Context(), fresh, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !s.runs(c) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if s.stopped {
				t.Skip("what failed before leaves nothing to check")
			}
			for _, p := range s.run(c) {
				t.Error(p.Message)
			}
		})
	}
}

// Check is [Run] for programs that are no tests: it returns what is wrong with a
// provider. The error is of the options, or of ctx.
func Check(ctx context.Context, fresh func() provider.Provider, opts ...Option) ([]Problem, error) {
	s, err := newSuite(ctx, fresh, opts)
	if err != nil {
		return nil, err
	}
	var all []Problem
	for _, c := range checks {
		if s.stopped {
			break
		}
		if !s.runs(c) {
			continue
		}
		all = append(all, s.run(c)...)
	}
	return all, ctx.Err()
}

// Problem is a promise that a provider breaks.
type Problem struct {
	Check   string // the promise: a name of [Checks]
	Message string
}

// Error says which promise is broken, and how.
func (p Problem) Error() string { return p.Check + ": " + p.Message }

// Promise is what a check holds a provider to.
type Promise struct{ Name, Doc string }

// Checks lists what providers are held to, in order.
func Checks() []Promise {
	all := make([]Promise, len(checks))
	for i, c := range checks {
		all[i] = Promise{c.name, c.doc}
	}
	return all
}

// check is one promise, and what looks whether it is kept.
type check struct {
	name, doc string
	look      func(*suite)
}

// checks come in this order: each may trust what those before it have seen.
var checks = []check{
	{"info", "Info describes the provider, and is the same at every call", (*suite).checkInfo},
	{"support", "the rows of Support are for existing fields, one for each case", (*suite).checkSupport},
	{"rules", "each rule has a name, says what it is about, and where the platform says so", (*suite).checkRules},
	{"schema", "#Tenant takes what is portable, and extensions of others", (*suite).checkSchema},
	{"extension", "the provider's extensions are closed", (*suite).checkExtension},
	{"calls", "every call returns, for every plan that the schema admits", (*suite).checkCalls},
	{"minimal", "Validate passes the least tenant that there can be", (*suite).checkMinimal},
	{"context", "once its context is done, a call soon returns the context's error", (*suite).checkContext},
	{"pure", "no call changes the plan that it is given", (*suite).checkPure},
	{"diagnostics", "diagnostics have a known code, a message and a path in the spec", (*suite).checkDiagnostics},
	{"deterministic", "Validate says the same of the same plan", (*suite).checkDeterministic},
	{"memory", "each provider has a memory of its own", (*suite).checkMemory},
	{"provision", "Provision twice is Provision once, and another plan is ErrTenantExists", (*suite).checkProvision},
	{"update", "Update says what changed, and an absent tenant is ErrTenantNotFound", (*suite).checkUpdate},
	{"changes", "what Changes foretells is what is then reported, the loss of data included", (*suite).checkChanges},
	{"destroy", "Destroy forgets the tenant, and an absent one is no error", (*suite).checkDestroy},
	{"status", "GetStatus tells what is recorded, and an absent tenant is ErrTenantNotFound", (*suite).checkStatus},
	{"foreign", "a plan for another provider is ErrWrongProvider, and no plan is an error", (*suite).checkForeign},
	{"list", "List is the status of each tenant, in order", (*suite).checkList},
	{"record", "GetRecord returns the last plan that was recorded, its revision and its digest", (*suite).checkRecord},
	{"conditions", "UpdateIf and DestroyIf change nothing where a condition does not hold, and a retry is safe", (*suite).checkConditions},
	{"results", "results say whose they are, of what, and that it was recorded", (*suite).checkResults},
	{"render", "Render gives the same files for the same plan", (*suite).checkRender},
	{"files", "the files have plain names, each its own, and are what these say", (*suite).checkFiles},
	{"images", "every image of the plan is in its files", (*suite).checkImages},
	{"fields", "each field that an author sets is seen in the documents, or a diagnostic says why not", (*suite).checkFields},
	{"rows", "each field of the spec has a row in the table of Support, and diagnostics are of its level", (*suite).checkRows},
	{"texts", "each text that an author chooses is in the documents, as the platform reads them", (*suite).checkTexts},
	{"effects", "a change of a field has an effect where the documents change, and data is lost where a persistent volume goes", (*suite).checkEffects},
	{"names", "Names are the same for the same plan, and no two tenants share one", (*suite).checkNames},
	{"concurrent", "calls from many goroutines do not meet", (*suite).checkConcurrent},
}

// Option adds to what a provider is tested with.
type Option func(*suite)

// Tenant adds a tenant spec of the provider's own. The name's ending says the language:
// .cue, .yaml or .json. A field that matters only beside others is tried in it.
func Tenant(name, text string) Option {
	return func(s *suite) { s.specs = append(s.specs, spec{name: name, text: text, tenant: true}) }
}

// Archives adds the specs in dir/*.txtar, which are those of [Cases].
func Archives(dir string) Option {
	return func(s *suite) { s.archives = append(s.archives, dir) }
}

// Policy is a policy, in CUE, that supplies what a platform asks of every tenant and the
// suite's own tenants do not say, such as subnets:
//
//	tenant: extensions: ecs: subnets: *["subnet-0a1b2c3d"] | [...string]
func Policy(text string) Option {
	return func(s *suite) { s.policies = append(s.policies, text) }
}

// Only runs these checks alone, and those that all others build on.
func Only(checks ...string) Option {
	return func(s *suite) { s.only = append(s.only, checks...) }
}

// runs reports whether a check is to be run.
func (s *suite) runs(c check) bool {
	return len(s.only) == 0 || slices.Contains(s.only, c.name) || slices.Contains([]string{"info", "schema", "calls"}, c.name)
}

// Unseen says why a field of the spec is in no document, although the platform does what it
// says: a port's protocol, where every port is open to all.
func Unseen(field, why string) Option {
	return func(s *suite) { s.unseen[field] = why }
}

// Unescape is what the platform makes of a text in its documents, for a field of the spec,
// such as workloads.containers.env: `$` of `$$`. Without it, texts reach the process as they
// are in the documents.
func Unescape(read func(field, text string) string) Option {
	return func(s *suite) { s.unescape = read }
}

// Patience is how long a call may take, 10 seconds where it is not said.
func Patience(d time.Duration) Option {
	return func(s *suite) { s.patience = d }
}

// run runs one check. A panic is a problem of it.
func (s *suite) run(c check) (problems []Problem) {
	s.problems = nil
	defer func() {
		if r := recover(); r != nil {
			s.problem("the provider panicked: %v", r)
		}
		for _, message := range s.problems {
			problems = append(problems, Problem{c.name, message})
		}
	}()
	c.look(s)
	return nil
}

// problem notes what is wrong, once.
func (s *suite) problem(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	for _, have := range s.problems {
		if have == message {
			return
		}
	}
	s.problems = append(s.problems, message)
}

// stop notes what leaves nothing for the checks that follow.
func (s *suite) stop(format string, args ...any) {
	s.problem(format+"; the checks after this one were not run", args...)
	s.stopped = true
}
