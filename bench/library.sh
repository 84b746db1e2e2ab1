# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What starting by libllexec and from Python costs: measure_library and judge_library, as in starting.sh.

measure_library() {
  local raw=${RAW}/library
  printf '\nlibllexec and Python, as %s\n' "${USERS[-1]}"
  cp -- "${BUILD}/libllexec.so.1" "${WORK}/bin/"
  cp -r -- "${REPO}/python/llexec" "${BENCH}/library.py" "${WORK}/bin/"
  mkdir -p "${WORK}/bin/rules"
  chmod 777 "${WORK}/bin/rules"
  run_as "${USERS[-1]}" env "LD_LIBRARY_PATH=${WORK}/bin" "${WORK}/bin/library" "${WORK}/bin/ll-exec" "${WORK}/bin/target" "${ROUNDS}" >"${raw}"
  run_as "${USERS[-1]}" env "LL_EXEC=${WORK}/bin/ll-exec" "PYTHONPATH=${WORK}/bin" PYTHONDONTWRITEBYTECODE=1 \
    /usr/bin/python3 "${WORK}/bin/library.py" "${ROUNDS}" >>"${raw}"
  sed 's/^/  /' "${raw}"
}

library_bar() { # NAME LIMIT TITLE
  local measured extra
  read -r _ measured extra < <(grep "^$1 " "${RAW}/library")
  bar "$3" "${measured}" "$2" "${extra} us"
}

judge_library() {
  library_bar added 0.4 'what ll_spawn adds, of what ll-exec does'
  library_bar added-500 0.1 'the same with 500 rules'
  library_bar heap 1.15 'll_spawn with a heap of 1 GB'
  library_bar python 1.7 'Python Sandbox.run, of subprocess.run'
  library_bar clone-100 2 'a clone of 100 MB, of one of 1 MB'
  library_bar collapse 0.125 'the same, of one without huge pages'
  library_bar clones 1.3 '1,000 clones of 1 MB, of os.fork'
}
