#!/usr/bin/env bash
# What the action does once there is a cuecompute: `run.sh vet`, then `run.sh difference`.
# PATHS, POLICIES, ARGS, VET_ARGS and PLAN_ARGS hold an argument a line; action.yml says
# what the other variables are.
set -euo pipefail
export GIT_NO_REPLACE_OBJECTS=1

escaped() { # a text as the data of a workflow command
	local text=${1//'%'/%25}
	text=${text//$'\r'/%0D}
	printf '%s' "${text//$'\n'/%0A}"
}

annotate() { # level, title, text
	printf '::%s title=%s::%s\n' "$1" "$2" "$(escaped "$3")"
}

wrong() { # an input that cannot be
	annotate error cuecompute "$1" >&2
	exit 2
}

boolean() {
	case $2 in
	true | false) ;;
	*) wrong "$1 is \"$2\": it is true or false" ;;
	esac
}

# commit prints the commit of a revision, which is fetched where the clone does not have it.
commit() {
	local name=${1#origin/}
	case $name in
	-* | +* | *:* | *[[:space:]]* | '') wrong "against is \"$1\", which is no revision" ;;
	esac
	git rev-parse --verify --quiet --end-of-options "$1^{commit}" && return
	if git fetch --quiet --no-tags --depth=1 origin "$name" >&2; then
		git rev-parse --verify --end-of-options 'FETCH_HEAD^{commit}'
	else
		wrong "against is \"$1\", which is no revision here or of origin: check out more of the history, such as with fetch-depth: 2"
	fi
}

# base prints the commit to compare with; nothing where there is none.
base() {
	local rev=$AGAINST parents
	case $rev in
	none) return ;;
	'') rev=$EVENT_BASE ;;
	esac
	case $rev in
	'' | 0000000000000000000000000000000000000000) return ;; # no pull request; a branch's first push
	esac
	if [ -z "$AGAINST" ] && [ -n "$EVENT_HEAD" ]; then
		# What is judged is the merge of the pull request into its base: the first parent is the
		# base as it was merged, where the event's may be older. The commit itself names its
		# parents, which a shallow clone hides.
		parents=$(git cat-file commit HEAD | sed -n '/^$/q; s/^parent //p')
		case $parents in
		*$'\n'"$EVENT_HEAD") rev=${parents%%$'\n'*} ;;
		esac
	fi
	commit "$rev"
}

args=()
add() { # the lines of a text, each after an option where that is not empty
	local line
	while IFS= read -r line; do
		[ -z "$line" ] || args+=(${1:+"$1"} "$line")
	done <<<"$2"
}

# policies adds the policies: with policies-from: base, those of the base revision, so that
# a pull request is not judged by what it makes of them.
policies() {
	local line
	while IFS= read -r line; do
		[ -n "$line" ] || continue
		if [ "$POLICIES_FROM" = head ] || [ -z "$base" ]; then
			args+=(--policy "$line")
		elif git cat-file -e "$base:./$line" 2>/dev/null; then
			args+=(--policy "git:$base:./$line")
		else
			annotate notice cuecompute "policy $line is not in the base revision yet: it does not judge this pull request"
		fi
	done <<<"$POLICIES"
}

# config adds the project file of the base revision: a pull request is not judged by what it
# makes of it.
config() {
	[ -n "$base" ] || return 0
	if git cat-file -e "$base:./.cuecompute.yaml" 2>/dev/null; then
		args+=(--config "git:$base:./.cuecompute.yaml")
	else
		args+=(--no-config)
	fi
}

boolean warnings-as-errors "$WARNINGS_AS_ERRORS"
boolean sarif "$UPLOAD_SARIF"
case $POLICIES_FROM in
head | base) ;;
*) wrong "policies-from is \"$POLICIES_FROM\": it is head or base" ;;
esac
base=$(base)

blob=
add '' "$ARGS"
if [ -n "${GITHUB_REPOSITORY:-}" ]; then
	blob=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/blob
	args+=(--link "$blob/$(git rev-parse HEAD)/{file}#L{line}")
fi
case $1 in
vet)
	add '' "$VET_ARGS"
	config
	policies
	args+=(--)
	add '' "$PATHS"
	[ -z "${GITHUB_OUTPUT:-}" ] || echo reported=true >>"$GITHUB_OUTPUT"
	exec cuecompute vet --format github --report "sarif=$SARIF" --report "markdown=$GITHUB_STEP_SUMMARY" \
		--warnings-as-errors="$WARNINGS_AS_ERRORS" "${args[@]}"
	;;
difference)
	[ -n "$base" ] || exit 0
	add '' "$PLAN_ARGS"
	config
	policies >/dev/null # vet has said the same
	[ "$POLICIES_FROM" = base ] || [ -z "$POLICIES" ] || args+=(--policy-against "git:$base")
	[ -z "$blob" ] || args+=(--link-against "$blob/$base/{file}#L{line}")
	args+=(--)
	add '' "$PATHS"
	problems=$(mktemp)
	trap 'rm -f "$problems"' EXIT
	code=0
	cuecompute plan --against "git:$base" --format markdown "${args[@]}" >>"$GITHUB_STEP_SUMMARY" 2>"$problems" || code=$?
	case $code in
	0 | 4) ;; # 4: there are differences
	*)
		annotate error "cuecompute plan" "$(head -c 4000 "$problems")"
		{
			printf '\n### The plan has errors\n\n'
			head -c 100000 "$problems" | sed 's/^/    /' # as code, whatever is in it
		} >>"$GITHUB_STEP_SUMMARY"
		exit "$code"
		;;
	esac
	;;
*) wrong "unknown step $1" ;;
esac
