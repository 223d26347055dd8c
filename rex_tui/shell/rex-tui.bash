# Completion of rex-tui for bash (4.4 or newer). Every value comes from rex-tui itself and is inserted as it is, so
# rex-tui offers only values that mean nothing to the shell where the cursor stands.
_rex_tui_completion() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#*,}") ;;
            more,*) COMPREPLY+=("${line#*,}") && compopt -o nospace ;;
            file,*) compopt -o default ;;
            dir,*) compopt -o dirnames ;;
        esac
    done < <(_REX_TUI_COMPLETE=bash_complete COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_CWORD="$2" "$1" 2>/dev/null)
}
complete -o nosort -F _rex_tui_completion rex-tui
