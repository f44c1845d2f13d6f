#!/usr/bin/env bash
# Runs everything that CI runs, in two lanes side by side, each stage to its end, and then lists the stages that failed.
# The browser tests mostly wait, so they have their own lane; their output is shown when they have ended.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
unset PYTHONDONTWRITEBYTECODE # without bytecode, each of several hundred processes compiles torch anew: seconds each

notes=$(mktemp -d)
: >"$notes/failed"
lane=
trap 'rm -rf "$notes"' EXIT
trap '[ -z "$lane" ] || { kill -INT -- "-$lane"; wait "$lane"; cat "$notes/browser"; }; exit 130' INT TERM

stage() { # stage TITLE COMMAND...
    local title=$1 start=$SECONDS
    shift
    printf '\n=== %s ===\n%s\n' "$title" "$*"
    if "$@" </dev/null; then
        echo "--- $title: fine, $((SECONDS - start)) s"
    else
        echo "--- $title: FAILED, $((SECONDS - start)) s"
        echo "$title" >>"$notes/failed"
    fi
}

parallel=(-n 2 --dist loadfile --no-loadscope-reorder) # in the order of tests/conftest.py

stage "system packages" bash scripts/system.sh

set -m # the lane is a separate process group, so that Ctrl-C here can end all of it
# pytest-playwright leaves an event loop behind that breaks others' asyncio.run, so they run separately,
# on one thread each, because the other lane keeps the processors busy, and a second thread would wait for one
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 stage "browser tests" pytest tests/browser >"$notes/browser" 2>&1 &
lane=$!
set +m

stage "lint" ruff check .
stage "format" ruff format --check .
stage "types" mypy
stage "built notebooks are up to date" ncl-course build --check
# the long stages, first the one whose pieces are longest: the last to end leave no processor without work
stage "tests" pytest tests --ignore tests/browser "${parallel[@]}"
stage "keys give their stored outputs" pytest --nbval solutions --nbval-sanitize-with scripts/nbval.cfg "${parallel[@]}"
stage "mutation score" python -m tests.mutation
stage "mutants of right answers" python -m tests.mutants --share 0.03
# the browser tests run every blank notebook to its end, too
command -v chromium >/dev/null || stage "blank notebooks run to the end" pytest tests/authoring/blank.py -n 2

echo
echo "The browser tests, which run beside these stages, have yet to end or have just ended. All that they print:"
wait "$lane"
lane=
cat "$notes/browser"

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
