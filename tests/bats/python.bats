#!/usr/bin/env bats
# The Python package: its own tests, installation and wheel.
load helpers

readonly PYTHON=/usr/bin/python3

# The programs that it runs, where an ordinary user can execute them.
programs() {
  mkdir -p bin
  cp "${LL_BUILT}"/ll-{exec,net,ns,changes} "${LL_BUILT}/sandbox.sh" bin/
  if [[ -e ${LL_BUILT}/libllexec.so.1 ]]; then cp -L "${LL_BUILT}/libllexec.so.1" bin/; fi
  cp -r "${ROOT}/policies" bin/
  cp -r "${ROOT}/python/llexec" .
  cp "${PROBE}" bin/
  chmod -R a+rX .
}

python() { # ARGUMENT...
  as_user env "PYTHONPATH=${T}" "LL_FOLDER=${T}" "LL_EXEC=${T}/bin/ll-exec" "LL_SANDBOX=${T}/bin/sandbox.sh" "PROBE=${T}/bin/probe" \
    PYTHONDONTWRITEBYTECODE=1 timeout -s KILL 300 "${PYTHON}" "$@"
}

@test "the tests of the Python package pass" {
  needs_program "${PYTHON}"
  programs
  run python -W error::ResourceWarning -m unittest discover -s "${ROOT}/tests/python"
  printf '%s\n' "${output}"
  ((status == 0))
}

@test "the Python package explains every policy as ll-exec does" {
  needs_program "${PYTHON}"
  programs
  assert_success python - <<'PROGRAM'
import os, pathlib, subprocess
from llexec import LLError, Policy, Sandbox
os.chdir(os.environ["LL_FOLDER"])
for file in sorted(pathlib.Path("bin/policies").glob("*.policy")):
    # The same options in the same order.
    command = [os.environ["LL_EXEC"], "--quiet", f"--policy={file.stem}", "--explain", "--json"]
    wanted = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        got = Sandbox(Policy(file.stem)).explain_json()
        assert got == wanted.stdout, file
    except LLError as error:
        assert wanted.stderr.decode().endswith(error.text), (file, error.text, wanted.stderr)
PROGRAM
}

@test "the Python package is completely typed" {
  needs_program mypy
  assert_success mypy --strict --cache-dir "${T}/cache" "${ROOT}/python/llexec"
}

@test "a wheel contains the package, and works where it is installed" {
  needs_program pip3
  "${PYTHON}" -c 'import setuptools, wheel' 2>/dev/null || skip 'needs setuptools and wheel'
  programs
  mkdir build
  cp "${LL_BUILT}/release" build/
  HOME=${T} assert_success "${ROOT}/packaging/wheel.sh" build # pip asks rustc for its version
  "${PYTHON}" -m zipfile -e build/dist/llexec-*.whl installed
  rm -r llexec
  chmod -R a+rX installed
  PYTHONPATH= assert_success as_user env "PYTHONPATH=${T}/installed" "LL_EXEC=${T}/bin/ll-exec" "${PYTHON}" -c '
from llexec import Policy, Sandbox
print(Sandbox(Policy("base", rx=["/usr", "-/bin", "-/lib", "-/lib64"])).run(["echo", "in"], capture_output=True, text=True).stdout, end="")'
  is "${output}" in
}
