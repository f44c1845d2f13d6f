#!/usr/bin/env bash
# Runs everything that CI runs, in three lanes side by side, each stage to its end, and then lists the stages that failed.
# One lane alone often waits, for a browser, for a sandbox or for the last of its processes; meanwhile another computes.
# A lane in the background is shown when all tests of the lane in the foreground have ended.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
unset PYTHONDONTWRITEBYTECODE # without bytecode, each of several hundred processes compiles torch anew: seconds each

notes=$(mktemp -d)
: >"$notes/failed"
lanes=()
nicely=()
trap 'rm -rf "$notes"' EXIT
trap 'interrupted' INT TERM

stage() { # stage TITLE COMMAND...
    local title=$1 start=$SECONDS
    shift
    printf '\n=== %s ===\n%s\n' "$title" "$*"
    if ${nicely[@]+"${nicely[@]}"} "$@" </dev/null; then
        echo "--- $title: fine, $((SECONDS - start)) s"
    else
        echo "--- $title: FAILED, $((SECONDS - start)) s"
        echo "$title" >>"$notes/failed"
    fi
}

background() { # background LANE: run the stages of a lane, a function, as a process group, which Ctrl-C here can end
    set -m
    (trap 'exit 130' INT && "$1") >"$notes/lane-${#lanes[@]}" 2>&1 &
    lanes+=("$!")
    set +m
}

shown() { # wait for the lanes in the background to end, and show all that they have printed
    local number
    for ((number = 0; number < ${#lanes[@]}; number++)); do
        wait "${lanes[number]}"
        cat "$notes/lane-$number"
    done
}

interrupted() {
    local lane
    for lane in ${lanes[@]+"${lanes[@]}"}; do kill -INT -- "-$lane" 2>/dev/null; done
    shown
    exit 130
}

browser() {
    # on one thread each, because the other lanes keep the processors busy, and a second thread would wait for one
    export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
    # pytest-playwright leaves an event loop behind that breaks others' asyncio.run, so they run separately
    stage "browser tests" pytest tests/browser
}

keys() {
    # one process: with the tests' two and the browser's, the processors have enough to do
    stage "keys give their stored outputs" pytest --nbval solutions --nbval-sanitize-with scripts/nbval.cfg
    stage "mutation score" python -m tests.mutation
    stage "mutants of right answers" python -m tests.mutants --share 0.03
    # the browser tests run every blank notebook to its end, too
    command -v chromium >/dev/null || stage "blank notebooks run to the end" pytest tests/authoring/blank.py -n 2
}

stage "system packages" bash scripts/system.sh
background browser
nicely=(nice -n 10) # all other stages: the browser tests are one long chain of steps, which should not wait for them
background keys
stage "lint" ruff check .
stage "format" ruff format --check .
stage "types" mypy
stage "built notebooks are up to date" ncl-course build --check
# in the order of tests/conftest.py
stage "tests" pytest tests --ignore tests/browser -n 2 --dist loadfile --no-loadscope-reorder

echo
echo "The other lanes have yet to end or have just ended. All that they print:"
shown

echo
echo "=== summary: all stages took $SECONDS s ==="
for program in bwrap chromium; do
    command -v "$program" >/dev/null || echo "SKIPPED, since $program is missing: the tests that need it (the first stage says how to get it)"
done
if [ -s "$notes/failed" ]; then
    sed 's/^/FAILED: /' "$notes/failed"
    exit 1
fi
echo "Every stage is fine."
