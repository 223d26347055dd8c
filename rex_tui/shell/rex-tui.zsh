#compdef rex-tui
# Completion of rex-tui for zsh. Every value comes from rex-tui itself; zsh quotes it where it inserts it.
_rex_tui_completion() {
    local -a found plain told more
    local kind value words_of
    found=("${(@f)$(_REX_TUI_COMPLETE=zsh_complete COMP_WORDS="${words[1,CURRENT]}" COMP_CWORD=$((CURRENT - 1)) \
        "${(Q)words[1]}" 2>/dev/null)}")
    for kind value words_of in "${found[@]}"; do
        case $kind in
            plain) if [[ $words_of == _ ]]; then plain+=("$value"); else told+=("$value:$words_of"); fi ;;
            more) more+=("$value") ;;
            file) [[ $words[CURRENT] == -*=* ]] && compset -P 1 "*="; _files ;;
            dir) _files -/ ;;
        esac
    done
    (( $#told )) && _describe -V unsorted told -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#more )) && compadd -U -V unsorted -S '' -a more
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _rex_tui_completion "$@"
else
    compdef _rex_tui_completion rex-tui
fi
