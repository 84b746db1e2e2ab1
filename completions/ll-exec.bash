# shellcheck shell=bash
# shellcheck disable=SC2312 # no answer: nothing to complete
# Completion for the programs of ll-exec in bash. They are asked what they take (--help, --list): there is no list of it here.

# One line an option: its name, how many words it takes, what these are called, its help; with tabs between.
__ll_options() { # PROGRAM
  local folder=${1%"${1##*/}"}
  "$1" --help 2>/dev/null
  # What sandbox.sh does not know itself it hands over.
  if [[ ${1##*/} == sandbox.sh ]]; then "${folder}ll-ns" --help 2>/dev/null; fi
  if [[ ${1##*/} == ll-changes || ${1##*/} == ll-repeat || ${1##*/} == ll-ask ]]; then return; fi
  printf 'directives\n'
  "${folder}ll-exec" --list directives 2>/dev/null
}
__ll_option_rows() { # PROGRAM
  # Of several options on one line each gets its own.
  __ll_options "$1" | sed -E 's/^( +)(--[a-z-]+( [^ ,]+)?), (--.*)  (.*)$/\1\2  \5\n\1\4  \5/; P; D' | LC_ALL=C awk -v OFS='\t' '
    /^directives$/ { directive = 1 }
    match($0, /^ +(-[A-Za-z], )?--[a-z-]+( [^ -][^ ]*)*  /) {
      count = split(substr($0, 1, RLENGTH), words, " ")
      help = substr($0, RLENGTH + 1)
      sub(/^ +/, "", help)
      values = metavar = letter = ""
      for (i = 1; i <= count; i++)
        if (words[i] ~ /^--/) name = words[i]
        else if (words[i] ~ /^-.,$/) letter = substr(words[i], 1, 2)
        else { metavar = metavar (values++ ? " " : "") words[i] }
      if (directive && values > 1) values = 1
      print name, values + 0, metavar, help
      if (letter != "") print letter, values + 0, metavar, help
    }'
}

# The names that -p finds.
__ll_policies() { # PROGRAM
  local program folder
  program=$(type -P "$1") && program=$(readlink -f -- "${program}") && program=${program%/*}
  for folder in "${XDG_CONFIG_HOME:-${HOME}/.config}/ll-exec" /etc/ll-exec "${program}/policies" \
    "${program%/*}/share/ll-exec/policies"; do
    compgen -G "${folder}/*.policy"
  done | sed 's,.*/,,; s,\.policy$,,'
}

__ll_rights() { # PROGRAM
  "${1%"${1##*/}"}ll-exec" --list rights | sed -nE 's/^ +([a-z_]+) .*/\1/p'
}

# "signal, abstract-unix or sysv" in a help
__ll_choices() { # HELP
  grep -oE '([a-z-]+, )+[a-z-]+ or [a-z-]+' <<<"$1" | sed 's/,//g; s/ or / /'
}

__ll_syscall() { # PROGRAM HELP
  local verb
  local -a verbs
  read -r -a verbs < <(__ll_choices "$2")
  for verb in "${verbs[@]}"; do
    "${1%"${1##*/}"}ll-exec" --list syscalls | sed -n "s/^ *\([@a-z_0-9]\+\)\$/${verb}\\\\ \1/p"
  done
}

__ll_reply() { # WORD...
  local word
  for word; do
    if [[ ${word} == "${current}"* ]]; then COMPREPLY+=("${word}"); fi
  done
}

__ll_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${current}")
}

# The value of one word that an option takes.
__ll_value() { # PROGRAM METAVAR HELP
  local -a words
  case $2 in
    'NAME|FILE')
      mapfile -t words < <(__ll_policies "$1")
      __ll_files
      ;;
    PATH* | FILE* | DIR* | SRC*) __ll_files ;;
    'RIGHT'*) mapfile -t words < <(__ll_rights "$1") ;;
    'VERB '*) mapfile -t words < <(__ll_syscall "$1" "$3") ;;
    'NAME[=VALUE]') mapfile -t words < <(compgen -e) ;;
    *) read -r -d '' -a words < <(__ll_choices "$3") ;;
  esac
  if [[ $2 == *'|'* || $2 =~ ^[a-z]+$ ]]; then
    local word
    for word in ${2//|/ }; do
      if [[ ${word} =~ ^[a-z]+$ ]]; then words+=("${word}"); fi
    done
  fi
  __ll_reply "${words[@]}"
}

__ll_command() { # INDEX
  # Its commands come from the client; it has none.
  [[ ${program##*/} != ll-mcp && ${program##*/} != ll-ask ]] || return 0
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)) && [[ ${current} != */* ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "${current}" | sort -u)
  else
    __ll_files
  fi
}

_ll_exec() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} name values metavar help word
  local -A takes=() called=() helps=()
  local -i at=1
  COMPREPLY=()
  while IFS=$'\t' read -r name values metavar help; do
    takes[${name}]=${values} called[${name}]=${metavar} helps[${name}]=${help}
  done < <(__ll_option_rows "${program}" | sed 's/\t\t/\t-\t/g')
  while ((at < COMP_CWORD)); do
    word=${COMP_WORDS[at]}
    if [[ ${word} == -- ]]; then
      __ll_command "$((at + 1))"
      return
    elif [[ ${word} != -* ]]; then
      __ll_command "${at}"
      return
    fi
    values=${takes[${word}]:-0}
    if [[ ${COMP_WORDS[at + 1]} == = ]]; then at+=1; fi
    if ((at + values >= COMP_CWORD)); then
      [[ ${current} != = ]] || current=
      # The second word of two is the last that the option's value is called.
      metavar=${called[${word}]}
      ((values < 2 || at + 1 == COMP_CWORD)) || metavar=${metavar##* }
      __ll_value "${program}" "${metavar}" "${helps[${word}]}"
      return
    fi
    at+=$((values + 1))
  done
  if [[ ${current} == -* ]]; then
    __ll_reply "${!takes[@]}"
  else
    __ll_command "${COMP_CWORD}"
  fi
}

# Of a program whose first word is a command of its own.
_ll_commands() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} word name values metavar help
  local -a words
  COMPREPLY=()
  while IFS=$'\t' read -r name values metavar help; do
    words+=("${name}")
    if [[ ${name} == "${COMP_WORDS[COMP_CWORD - 1]}" && ${values} != 0 ]]; then
      __ll_value "${program}" "${metavar}" "${help}"
      return
    fi
  done < <(__ll_option_rows "${program}" | sed 's/\t\t/\t-\t/g')
  if [[ ${current} == -* ]]; then
    __ll_reply "${words[@]}"
    return
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ ${word} != -* ]]; then
      if [[ ${program##*/} == ll-changes ]]; then __ll_files; else __ll_value "${program}" 'NAME|FILE' ''; fi
      return
    fi
  done
  mapfile -t words < <("${program}" --help | sed -nE 's/^  ([a-z]+) .*/\1/p')
  __ll_reply "${words[@]}"
}

complete -F _ll_exec ll-exec ll-ns ll-trace ll-repeat ll-mcp ll-ask sandbox.sh
complete -F _ll_commands ll-policy ll-changes
