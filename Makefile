# Commands of the project. `make help` lists them.

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
CUE_VERSION := $(shell $(GO) list -m -f '{{.Version}}' cuelang.org/go)
BIN         := $(CURDIR)/bin

.PHONY: help build test lint bench golden

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

build: ## build bin/cuecompute
	$(GO) build -trimpath -o $(BIN)/cuecompute ./cmd/cuecompute

test: ## run every test, with the race detector
	$(GO) test -race ./...

lint: $(BIN)/cue ## gofmt, go vet, staticcheck, go.mod tidy, cue fmt and cue vet
	@out=$$(gofmt -l cmd pkg providers schema); test -z "$$out" || { echo "gofmt: $$out"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff
	$(BIN)/cue fmt --check ./schema ./providers/... ./testdata/tenants/...
	$(BIN)/cue vet -c=false ./schema ./providers/...

bench: build $(BIN)/cue ## time vet next to the stock cue command, side by side
	CUE=$(BIN)/cue CUECOMPUTE=$(BIN)/cuecompute $(GO) test -run '^$$' -bench . -benchtime 5x ./cmd/cuecompute

golden: ## rewrite what tests expect; read the differences line by line
	$(GO) test ./cmd/cuecompute ./cmd/cli -update

$(BIN)/cue: go.mod
	GOBIN=$(BIN) $(GO) install cuelang.org/go/cmd/cue@$(CUE_VERSION)
	@touch $@
