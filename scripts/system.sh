#!/usr/bin/env bash
# Installs the two programs that pip cannot install, if it has the rights; otherwise prints the command to install them.
# bubblewrap runs students' code in the grader's sandbox; chromium drives JupyterLab in the browser tests.
set -u

missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v chromium >/dev/null || missing+=(chromium fonts-liberation)

if [ ${#missing[@]} -eq 0 ]; then
    echo "bubblewrap and chromium are here."
    exit 0
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && ${as_root[@]+"${as_root[@]}"} true 2>/dev/null; then
    echo "Installing with apt-get, because tests need them: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    ${as_root[@]+"${as_root[@]}"} apt-get update -qq &&
        ${as_root[@]+"${as_root[@]}"} apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null &&
        exit 0
fi

echo "MISSING: ${missing[*]}. Tests that need them will be SKIPPED (in CI that is a failure)."
echo "On Debian or Ubuntu, this command installs them:"
echo "    sudo apt-get update && sudo apt-get install ${missing[*]}"
[ "${CI:-}" != true ]
