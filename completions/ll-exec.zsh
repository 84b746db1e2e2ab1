#compdef ll-exec ll-ns ll-trace ll-repeat ll-mcp ll-ask sandbox.sh ll-policy ll-changes
# Completion for the programs of ll-exec in zsh. They are asked what they take (--help, --list): there is no list of
# it here.

# What sandbox.sh does not know itself it hands over to ll-ns. Of several options on one line each gets its own.
_ll_help() {
  local folder=${program%${program:t}}
  {
    $program --help
    if [[ ${program:t} == sandbox.sh ]]; then ${folder}ll-ns --help; fi
    if [[ ${program:t} != (ll-changes|ll-repeat|ll-ask) ]]; then
      print directives
      ${folder}ll-exec --list directives
    fi
  } 2>/dev/null | sed -E 's/^( +)(--[a-z-]+( [^ ,]+)?), (--.*)  (.*)$/\1\2  \5\n\1\4  \5/; P; D'
}

# The names that -p finds.
_ll_policies() {
  local folder=${$(whence -p -- $program):A:h}
  local -a files
  files=({${XDG_CONFIG_HOME:-$HOME/.config},/etc}/ll-exec/*.policy(N) $folder/policies/*.policy(N)
    ${folder:h}/share/ll-exec/policies/*.policy(N))
  compadd -- ${files:t:r}
}

# Of ll-policy and ll-changes: the lines of its help that begin with no dash.
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
    RIGHT*) values=(${(f)"$($loader --list rights | sed -nE 's/^ +([a-z_]+) .*/\1/p')"}) ;;
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
    if [[ $line == directives ]]; then directive=1; fi
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
  case ${program:t} in
    ll-policy) specs+=('1:command:_ll_commands' '*:policy:_ll_policies') ;;
    ll-changes) specs+=('1:command:_ll_commands' '*:layer:_files') ;;
    ll-mcp | ll-ask) ;; # its commands come from the client; it has none
    *) specs+=('(-)1:command:_command_names -e' '*::arguments:_normal') ;;
  esac
  _arguments -S $specs
}

_ll_exec "$@"
