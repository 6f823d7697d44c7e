#!/usr/bin/env bash
# What the action does once there is a cuecompute: vet, or the difference of the plan.
# PATHS, POLICIES and ARGS hold an argument a line.
set -euo pipefail

args=()
add() { # the lines of a text, each after an option where that is not empty
	local line
	while IFS= read -r line; do
		[ -z "$line" ] || args+=(${1:+"$1"} "$line")
	done <<<"$2"
}

# shellcheck disable=SC2153 # set by action.yml
add '' "$ARGS"
add --policy "$POLICIES"
args+=(--)
add '' "$PATHS"

case $1 in
vet)
	cuecompute vet --format github --report "sarif=$SARIF" --report "markdown=$GITHUB_STEP_SUMMARY" \
		--warnings-as-errors="$WARNINGS_AS_ERRORS" "${args[@]}"
	;;
difference)
	git cat-file -e "$AGAINST^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$AGAINST"
	code=0
	cuecompute plan --against "git:$AGAINST" --format markdown "${args[@]}" >>"$GITHUB_STEP_SUMMARY" || code=$?
	[ "$code" -eq 4 ] || exit "$code" # 4: there are differences
	;;
esac
