load sandbox

# Completion in the real shells, as installed.

setup_file() {
  make_box
  cmake --install "${LL_BUILT}" --prefix "${BOX}/usr" >/dev/null
}
SHARE=${BOX:-}/usr/share
PATH=${BOX:-}/usr/bin:${PATH}

# in_bash WORD...: prints the completions of the last word, one per line.
in_bash() {
  # shellcheck disable=SC2016 # for the other bash
  bash -c 'source "$0"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    function=$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")
    "${function}"
    ((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' "${SHARE}/bash-completion/completions/$1" "$@" | sort -u
}

in_fish() { # LINE
  HOME=${T} XDG_CONFIG_HOME=${T} fish -c "set -p fish_complete_path '${SHARE}/fish/vendor_completions.d'
    complete -C \$argv" -- "$1" | cut -f 1 | sort -u
}

# A zsh in its own terminal.
start_zsh() {
  needs_program zsh tmux
  export TMUX_TMPDIR=${T}
  tmux -f /dev/null new-session -d -x 120 -y 30 zsh -f -i
  started_pid=$(tmux display-message -p '#{pid}') # which ends with the test
  in_zsh "fpath=('${SHARE}/zsh/site-functions' \$fpath); autoload -Uz compinit; compinit -u -D; PS1='> '; echo rea''dy" Enter
  waits_until shown_in_zsh '^ready'
}
in_zsh() { tmux send-keys "$@"; }
shown_in_zsh() { tmux capture-pane -p | grep -qE -- "$1"; } # PATTERN

# all_long_options PROGRAM: the options of its help and of the list of directives.
all_long_options() { { "$1" --help && ll-exec --list directives; } | sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p' | sort -u; }

@test "bash completes every option in the help of a program, and no other" {
  local program
  for program in ll-exec ll-ns ll-trace ll-mcp ll-policy; do
    is "$(in_bash "${program}" --)" "$(all_long_options "${program}")"
  done
  is "$(in_bash ll-repeat --)" $'--clock\n--help\n--seed\n--status-fd\n--version'
  is "$(in_bash ll-ask --)" $'--help\n--remember\n--terminal\n--version'
  is "$(in_bash sandbox.sh --pri)" $'--print\n--private-dev'
  is "$(in_bash sandbox.sh --on-)" $'--on-failure\n--on-success'
  is "$(in_bash sandbox.sh --pro)" $'--proc\n--protect\n--protect-all'
}

@test "bash completes values: policies, files, choices, rights and system calls" {
  printf 'x\n' >some-file
  is "$(in_bash ll-exec -p rest)" restrict
  is "$(in_bash ll-exec --ro some)" some-file
  is "$(in_bash ll-exec --ro = some)" some-file
  is "$(in_bash ll-exec --metadata '')" $'allow\ndeny'
  is "$(in_bash ll-exec --ipc '')" $'abstract-unix\nsignal\nsysv'
  is "$(in_bash ll-ns --net '')" $'host\nnone'
  is "$(in_bash ll-exec --fs read)" $'read_dir\nread_file'
  is "$(in_bash ll-exec --why read_file some)" some-file
  is "$(in_bash ll-exec --syscall 'deny\ @cl')" 'deny\ @clock'
}

@test "bash completes the commands of ll-policy and ll-changes, and their arguments" {
  mkdir some-layer
  is "$(in_bash ll-policy c)" $'check\nconvert'
  is "$(in_bash ll-policy show rest)" restrict
  is "$(in_bash ll-policy convert --from '')" $'landrun\nlightbox\nsandboxec\nsandlock'
  is "$(in_bash ll-changes '')" $'commit\ndiff\ndrop\nlist\nrun'
  is "$(in_bash ll-changes list some)" some-layer
  is "$(in_bash ll-changes run --on-success '')" $'commit\ndiscard\nkeep'
  is "$(in_bash ll-changes --dry)" --dry-run
  is "$(in_bash ll-mcp -p rest)" restrict
  is "$(in_bash ll-mcp setpri)" ""
}

@test "bash completes the command after the options, and its files" {
  printf 'x\n' >some-file
  is "$(in_bash ll-exec -p base -- setpri)" setpriv
  is "$(in_bash ll-exec --rx /usr setpri)" setpriv
  is "$(in_bash sandbox.sh --timeout 5s setpri)" setpriv
  is "$(in_bash ll-exec -p base -- setpriv some)" some-file
}

@test "fish completes options, values and the command" {
  needs_program fish
  is "$(in_fish 'll-exec --')" "$(all_long_options ll-exec)"
  is "$(in_fish 'll-exec -p rest')" restrict
  is "$(in_fish 'll-exec --ipc ')" $'abstract-unix\nsignal\nsysv'
  is "$(in_fish 'll-exec --fs read')" $'read_dir\nread_file'
  is "$(in_fish 'll-exec --syscall "deny @cl')" 'deny @clock'
  is "$(in_fish 'sandbox.sh --pri')" $'--print\n--private-dev'
  is "$(in_fish 'll-exec -p base -- setpri')" setpriv
  is "$(in_fish 'll-exec -p base -- ls --almost')" --almost-all
  is "$(in_fish 'll-policy show rest')" restrict
  is "$(in_fish 'll-changes d')" $'diff\ndrop'
  is "$(in_fish 'll-mcp --max')" --max-output
  is "$(in_fish 'll-ask --rem')" --remember
}

@test "zsh completes options, values and the command" {
  start_zsh
  in_zsh 'll-exec --metad' Tab
  waits_until shown_in_zsh '^> ll-exec --metadata='
  in_zsh C-u 'll-exec -p rest' Tab
  waits_until shown_in_zsh '^> ll-exec -p restrict'
  in_zsh C-u 'll-exec --fs read_f' Tab
  waits_until shown_in_zsh '^> ll-exec --fs read_file'
  in_zsh C-u 'sandbox.sh --host-r' Tab
  waits_until shown_in_zsh '^> sandbox.sh --host-root'
  in_zsh C-u 'll-policy conv' Tab
  waits_until shown_in_zsh '^> ll-policy convert'
  in_zsh C-u 'll-changes com' Tab
  waits_until shown_in_zsh '^> ll-changes commit'
  in_zsh C-u 'll-mcp --max' Tab
  waits_until shown_in_zsh '^> ll-mcp --max-output='
  in_zsh C-u 'll-exec -p base -- setpri' Tab
  waits_until shown_in_zsh '^> ll-exec -p base -- setpriv'
}
