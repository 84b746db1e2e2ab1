#compdef ll-exec ll-ns ll-trace sandbox.sh ll-policy
# Completion for the programs of ll-exec in zsh. They are asked what they take (--help, --list syscalls): there is no list of
# it here.

# What sandbox.sh does not know itself it hands over to ll-ns.
_ll_help() {
  $program --help 2>/dev/null
  if [[ ${program:t} == sandbox.sh ]]; then ${program%sandbox.sh}ll-ns --help 2>/dev/null; fi
}

# The names that -p finds.
_ll_policies() {
  local folder=${$(whence -p -- $program):A:h}
  local -a files
  files=({${XDG_CONFIG_HOME:-$HOME/.config},/etc}/ll-exec/*.policy(N) $folder/policies/*.policy(N)
    ${folder:h}/share/ll-exec/policies/*.policy(N))
  compadd -- ${files:t:r}
}

# Of ll-policy: the lines of its help that begin with no dash.
_ll_commands() {
  local -a lines=(${(M)${(f)"$($program --help)"}:#  [a-z]*})
  compadd -- ${${lines#  }%% *}
}

# "signal, abstract-unix or sysv" in a help
_ll_choices() {
  [[ $1 =~ '([a-z-]+, )+[a-z-]+ or [a-z-]+' ]] && print -r -- ${${MATCH//,/}/ or / }
}

_ll_value() { # OPTION
  local called=${metavars[$1]} loader=${program%${program:t}}ll-exec
  local -a values
  case $called in
    NAME\|FILE)
      _ll_policies
      _files
      return
      ;;
    PATH* | FILE* | DIR* | SRC*) _files ;;
    RIGHT*) values=(${(f)"$($loader --explain --json 2>/dev/null | grep -oE '"handled":\{[^}]*' | grep -oE '\[[^]]*' |
      grep -oE '[a-z_]+')"}) ;;
    VERB*)
      local verb
      for verb in $(_ll_choices ${helps[$1]}); do
        values+=("$verb "${^${(M)${(f)"$($loader --list syscalls)"// /}:#[@a-z_0-9]##}})
      done
      ;;
    NAME\[*) values=(${(k)parameters[(R)*export*]}) ;;
    *) values=($(_ll_choices ${helps[$1]})) ;;
  esac
  values+=(${(M)${(s:|:)called}:#[a-z]##})
  compadd -- $values
}

_ll_exec() {
  setopt local_options extended_glob
  local program=$words[1] line letter name called help directive state
  local -a specs
  local -A metavars helps
  for line in ${(f)"$(_ll_help)"}; do
    if [[ $line == 'A policy line'* ]]; then directive=1; fi
    [[ $line =~ '^ +(-[A-Za-z], )?(--[a-z-]+)(( [^ -][^ ]*)*)  +(.*)$' ]] || continue
    letter=${match[1]%, } name=$match[2] called=${match[3]# } help=$match[5]
    metavars[$name]=$called helps[$name]=$help
    help="[${${help//\[/\\[}//\]/\\]}]"
    if [[ -z $called ]]; then
      specs+=("*$name$help" ${letter:+"*$letter$help"})
    elif [[ $called == *' '* && -z $directive ]]; then
      specs+=("*$name$help:value:{_ll_value $name}:path:_files")
    else
      specs+=("*$name=$help:value:{_ll_value $name}" ${letter:+"*$letter+$help:value:{_ll_value $name}"})
    fi
  done
  if [[ ${program:t} == ll-policy ]]; then
    specs+=('1:command:_ll_commands' '*:policy:_ll_policies')
  else
    specs+=('(-)1:command:_command_names -e' '*::arguments:_normal')
  fi
  _arguments -S $specs
}

_ll_exec "$@"
