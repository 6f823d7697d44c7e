# Commands of the project. `make help` lists them.

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
ACTIONLINT  := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
CUE_VERSION := $(shell $(GO) list -m -f '{{.Version}}' cuelang.org/go)
BIN         := $(CURDIR)/bin

ENGINES     := compose ecs kubernetes nomad

.PHONY: help build reproducible test fuzz lint licences bench generate golden engines admission e2e vscode provider release

help: ## list these commands
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 10

build: ## build bin/cuecompute, the same bytes from the same commit
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN)/cuecompute ./cmd/cuecompute

reproducible: ## build the commit in two places, and compare the bytes
	.ci/reproducible

test: $(BIN)/cue ## run every test, with the race detector, and the service under load
	CUE=$(BIN)/cue $(GO) test -race ./...
	cd testdata/service && $(GO) vet ./... && $(GO) test ./...

FUZZTIME ?= 30s

fuzz: ## run every fuzz target for FUZZTIME (30s each), one after another
	@failed=; \
	for target in $$(grep -rHoE --include=*_test.go '^func Fuzz\w+' cmd pkg providers schema | sed -E 's,/[^/]*:func ,:,'); do \
		printf '%s %s\n' "$${target%:*}" "$${target#*:}"; \
		if out=$$($(GO) test -run '^$$' -fuzz "^$${target#*:}\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s $(FUZZFLAGS) "./$${target%:*}" 2>&1); \
		then echo "$$out" | grep execs: | tail -1; else echo "$$out"; failed=1; fi; \
	done; test -z "$$failed"

lint: $(BIN)/cue ## gofmt, go vet, staticcheck, go.mod tidy, actionlint, cue fmt, cue vet, licences, words, govulncheck
	@out=$$(gofmt -l .ci cmd pkg providers schema); test -z "$$out" || { echo "gofmt: $$out"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff
	$(GO) run $(ACTIONLINT) .github/workflows/*.yaml cmd/cli/workflows/github.yaml
	$(BIN)/cue fmt --check ./schema ./providers/... ./testdata/tenants/...
	$(BIN)/cue vet -c=false ./schema ./providers/...
	$(LICENCES) -check $(CURDIR)/.ci/licences.txt ./cmd/cuecompute
	.ci/words
	.ci/vulncheck $(GO) run $(GOVULNCHECK) ./...

LICENCES := $(GO) run -C .ci/licences . -C $(CURDIR)

licences: ## list the licences of what is linked, in .ci/licences.txt
	$(LICENCES) ./cmd/cuecompute > $(CURDIR)/.ci/licences.tmp
	mv $(CURDIR)/.ci/licences.tmp $(CURDIR)/.ci/licences.txt

bench: build $(BIN)/cue ## time vet next to the stock cue command, side by side
	CUE=$(BIN)/cue CUECOMPUTE=$(BIN)/cuecompute $(GO) test -run '^$$' -bench . -benchtime 5x ./cmd/cuecompute

engines: ## build the platforms' own admission code, into bin/engines
	@for p in $(ENGINES); do echo "$(GO) build providers/$$p/engine"; (cd providers/$$p/engine && $(GO) vet ./... && $(GO) build -o $(BIN)/engines/$$p .) || exit 1; done

admission: engines ## hold vet and render to what the platforms' own code admits
	@for p in $(ENGINES); do (cd providers/$$p/engine && $(GO) test ./...) || exit 1; done
	ENGINES=$(BIN)/engines $(GO) test -count=1 -v -run 'Admitted|Engine|EveryByte' ./providers

E2E := $(BIN)/e2e
# The tenants that Kubernetes takes.
E2E_TENANTS := --provider kubernetes $(addprefix testdata/tenants/,kubernetes portable fleet/... teams)
# Tenants before and after a change.
E2E_PAIRS   := providers/kubernetes/e2e/testdata

e2e: build ## apply what is rendered to a Kubernetes API server that runs on loopback
	cd providers/kubernetes/e2e && $(GO) build -o $(E2E)/ . k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kubectl
	cd providers/kubernetes/e2e/etcd && $(GO) build -o $(E2E)/etcd go.etcd.io/etcd/server/v3
	$(BIN)/cuecompute render --out $(E2E)/rendered $(E2E_TENANTS)
	$(BIN)/cuecompute render --out $(E2E)/changed --policy testdata/policies/changed.cue $(E2E_TENANTS)
	find $(E2E)/changed -name '*.job.yaml' -delete # the template of a Job cannot be changed
	for side in old new; do $(BIN)/cuecompute render --out $(E2E)/pairs/$$side $(E2E_PAIRS)/$$side.yaml || exit 1; done
	$(BIN)/cuecompute plan --against $(E2E_PAIRS)/old.yaml --format json $(E2E_PAIRS)/new.yaml > $(E2E)/pairs/effects.json || test $$? = 4
	$(E2E)/e2e -bin $(E2E) -changed $(E2E)/changed -pairs $(E2E)/pairs $(E2E)/rendered

vscode: ## check and package the extension for VS Code, with npm, into cmd/vscode/out
	cd cmd/vscode && npm ci && npm run lint && npm run test && npm run package

provider: ## lay the folder of a new provider: make provider NAME=mycloud
	$(GO) run ./providers/internal/newprovider "$$NAME"
	$(GO) test "./providers/$$NAME"

VERSION ?= $(shell git describe --tags --always --dirty)

release: ## build a release into dist: archives for each system, and checksums
	$(GO) run ./cmd/internal/release -version $(VERSION) dist

generate: ## precompile the providers' schemas, into providers/*/tenant.shape, and write those of what is printed
	$(GO) run ./cmd/internal/precompile
	$(GO) run ./cmd/internal/valueschemas

golden: ## rewrite what tests expect; read the differences line by line
	$(GO) test ./cmd/cuecompute ./cmd/cli $(addprefix ./providers/,$(ENGINES)) -update

$(BIN)/cue: go.mod
	GOBIN=$(BIN) $(GO) install cuelang.org/go/cmd/cue@$(CUE_VERSION)
	@touch $@
