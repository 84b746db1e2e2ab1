# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
load policies

# Interpreters, package managers and tool chains run untrusted code: an install script, a package's
# build, a build script. Only local servers are used.

# serve DIRECTORY: starts a server of its files, and sets ${port}.
serve() { # DIRECTORY
  rm -f "${T}/port"
  python3 - "$1" "${T}/port" <<'END' 2>/dev/null 3>&- &
import functools, http.server, os, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
with open(sys.argv[2] + '.new', 'w') as file:
    file.write(str(server.server_port))
os.rename(sys.argv[2] + '.new', sys.argv[2])
server.serve_forever()
END
  started_pids+=("$!")
  waits_until test -s "${T}/port"
  port=$(<"${T}/port")
}

# attack FILE: writes a shell script with typical attacks. What it obtains is in ${HOME}/planted.
attack() { # FILE
  own_file "$1" <<'END'
cat "$HOME/secret" >stolen 2>/dev/null
echo x >"$HOME/planted"
echo x >>"$HOME/.bashrc"
for file in .git/hooks/pre-commit .git/config .vscode/tasks.json; do echo evil >>"$file"; done
true
END
}

# A job directory: a repository with files that are executed outside later.
repository() {
  own git init -q .
  own mkdir -p .vscode src
  printf '{}\n' | own_file .vscode/tasks.json
}

# All attempts of `attack` failed; ${1} says where it was run.
harmless() {
  local file
  not_planted
  for file in .git/config .git/hooks/pre-commit .vscode/tasks.json "${HOME}/.bashrc"; do
    if grep -qs evil "${file}"; then printf '%s was changed\n' "${file}" && return 1; fi
  done
  if [[ -e "${HOME}/.bashrc" ]]; then printf 'there is a .bashrc\n' && return 1; fi
  for file in stolen */stolen */*/stolen; do
    [[ ! -s ${file} ]] || { printf 'read: %s\n' "${file}" && return 1; }
  done
}

# Control: without a sandbox it succeeds.
harmful() { # COMMAND...
  own "$@" >/dev/null 2>&1 || true
  planted
  grep -q evil .git/config
  rm -f "${HOME}/planted" "${HOME}/.bashrc"
}
