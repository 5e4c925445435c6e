# shellcheck shell=bash
# Steps that all run, also after one has failed, with a table of them at the end. tests/run and .ci/run
# source it.

steps_failed=0
steps=()

# step NAME COMMAND…: runs it, and keeps how it ended and how long it took.
step() {
    local name=$1 began=$SECONDS ended=ok
    shift
    printf '\n== %s\n' "$name"
    "$@" || ended=FAILED steps_failed=1
    steps+=("$(printf '%-7s %5d s  %s' "$ended" $((SECONDS - began)) "$name")")
}

# skip NAME WHY: a step that can't be run here. Before a change is taken (CI=true) that is a failure.
skip() {
    printf '\n== %s: skipped: %s\n' "$1" "$2"
    steps+=("$(printf '%-7s %7s  %s: %s' skipped '' "$1" "$2")")
    [ "${CI:-}" != true ] || steps_failed=1
}

# end_steps TITLE: prints the table, and ends the script.
end_steps() {
    printf '\n== %s\n' "$1"
    printf '%s\n' "${steps[@]}"
    printf '%-7s %5d s\n' all "$SECONDS"
    exit "$steps_failed"
}
