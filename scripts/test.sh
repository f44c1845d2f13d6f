#!/usr/bin/env bash
# Runs everything that CI runs, every stage to its end, and says at the end which failed.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=()
stage() { # stage TITLE COMMAND...
    local title=$1 start=$SECONDS
    shift
    printf '\n=== %s ===\n%s\n' "$title" "$*"
    if "$@" </dev/null; then
        echo "--- $title: fine, $((SECONDS - start)) s"
    else
        echo "--- $title: FAILED, $((SECONDS - start)) s"
        failed+=("$title")
    fi
}

parallel=(-n 2 --dist loadfile)

stage "system packages" bash scripts/system.sh
stage "lint" ruff check .
stage "format" ruff format --check .
stage "types" mypy
stage "built notebooks are up to date" ncl-course build --check
stage "tests" pytest tests --ignore tests/browser "${parallel[@]}"
stage "mutation score" python -m tests.mutation
stage "keys give their stored outputs" pytest --nbval solutions "${parallel[@]}"
stage "blank notebooks run to the end" pytest --nbval-lax notebooks "${parallel[@]}"
# pytest-playwright leaves an event loop behind that breaks others' asyncio.run: a run of its own
stage "browser tests" pytest tests/browser

echo
echo "=== summary: all stages took $SECONDS s ==="
for program in bwrap chromium; do
    command -v "$program" >/dev/null || echo "SKIPPED, since $program is missing: the tests that need it (the first stage says how to get it)"
done
if [ ${#failed[@]} -eq 0 ]; then
    echo "Every stage is fine."
else
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
fi
