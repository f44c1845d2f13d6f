#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container of the assignment.
# It makes a separate environment for the course: Python 3.11 or newer, torch for the CPU, the course.
set -euo pipefail

root="${NCL_AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
venv="${NCL_AUTOGRADER_VENV:-$root/venv}"
export UV_PYTHON_INSTALL_DIR="$root/python"

# bubblewrap is the better sandbox if the container allows it; without it the grader has another one.
if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq &&
        apt-get install -y -qq --no-install-recommends python3 python3-venv bubblewrap util-linux >/dev/null ||
        echo "apt-get did not install everything; going on with what is here."
fi

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$root/uv"
    "$root/uv/bin/pip" install --quiet --disable-pip-version-check uv
    "$root/uv/bin/uv" venv --quiet --python ">=3.11" "$venv"
    "$root/uv/bin/uv" pip install --quiet --python "$venv/bin/python" --torch-backend=cpu \
        -c "$source/constraints.txt" -e "$source"
fi

# Only the grader may read the key and the seed of the cases. Students' code cannot reach them in its sandbox anyway.
chmod 700 "$source/solutions" 2>/dev/null || true
chmod 600 "$source/autograder.json"

PYTHONPATH="$source" "$venv/bin/python" -P -m ncl_course.grading.export.autograder --try
