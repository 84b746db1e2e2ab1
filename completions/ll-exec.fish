# Completion for the programs of ll-exec in fish: the name of this file is the program's. It is asked what it takes (--help,
# --list): there is no list of it here.

set -l program (string replace -r '\.fish$' '' (status basename))
set -l early "not contains -- -- (commandline -opc)"
set -l lines ($program --help 2>/dev/null)
# What sandbox.sh does not know itself it hands over.
if test $program = sandbox.sh
    set -a lines (ll-ns --help 2>/dev/null)
end
if not contains $program ll-changes ll-repeat ll-ask
    set -a lines (ll-exec --list directives 2>/dev/null)
end
# Of several options on one line each gets its own.
set lines (printf '%s\n' $lines | sed -E 's/^( +)(--[a-z-]+( [^ ,]+)?), (--.*)  (.*)$/\1\2  \5\n\1\4  \5/; P; D')

# The names that -p finds.
function __ll_policies --argument-names program
    set -l folder (path dirname (path resolve (command -s $program)))
    set -l config $XDG_CONFIG_HOME
    test -n "$config"; or set config ~/.config
    for file in {$config,/etc}/ll-exec/*.policy $folder/policies/*.policy $folder/../share/ll-exec/policies/*.policy
        path basename (path change-extension '' $file)
    end
    __fish_complete_path (commandline -ct)
end

function __ll_rights
    ll-exec --list rights | string replace -rf '^ +([a-z_]+) .*' '$1'
end

function __ll_syscalls
    for verb in $argv
        ll-exec --list syscalls | string match -r '^ *[@a-z_0-9]+$' | string trim | string replace -r '^' "$verb "
    end
end

set -l with_value
for line in $lines
    set -l row (string match -r '^ +(-[A-Za-z],|) *--([a-z-]+)((?: [^ -][^ ]*)*)  +(.*)$' -- $line)
    or continue
    set -l letter (string match -r '[A-Za-z]' -- $row[2])
    set -l called (string trim -- $row[4])
    set -l choices (string match -r '(?:[a-z-]+, )+[a-z-]+ or [a-z-]+' -- $row[5] | string replace -a ',' '' |
        string replace ' or ' ' ' | string split ' ')
    set -l option -c $program -n $early -l $row[3] -d $row[5]
    if test -n "$letter"
        set -a option -s $letter
    end
    if test -z "$called"
        complete $option
        continue
    end
    set -a with_value --$row[3] -$letter
    switch $called
        case 'NAME|FILE'
            complete $option -x -a "(__ll_policies $program)"
        case 'RIGHT*'
            complete $option -x -a '(__ll_rights)'
        case 'VERB*'
            complete $option -x -a "(__ll_syscalls $choices)"
        case 'NAME\[*'
            complete $option -x -a '(set -nx)'
        case 'PATH*' 'FILE*' 'DIR*' 'SRC*'
            complete $option -r -a "$(string match -r '^[a-z]+$' -- (string split '|' $called))"
        case '*'
            complete $option -x -a "$choices $(string match -r '^[a-z]+$' -- (string split '|' $called))"
    end
end

if contains $program ll-mcp ll-ask
    # Its commands come from the client; it has none.
    complete -c $program -f
else if contains $program ll-policy ll-changes
    set -l commands (string replace -rf '^  ([a-z]+) .*' '$1' -- $lines)
    complete -c $program -f -n "not __fish_seen_subcommand_from $commands" -a "$commands"
    if test $program = ll-policy
        complete -c $program -n "__fish_seen_subcommand_from $commands" -a "(__ll_policies $program)"
    end
else
    # Before a word with two dashes, which would be one of its own.
    complete -c $program -x -a "(__fish_complete_subcommand - $with_value)"
end
