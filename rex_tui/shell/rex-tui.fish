# Completion of rex-tui for fish. Every value comes from rex-tui itself; fish quotes it where it inserts it.
function _rex_tui_completion
    set -l command (commandline -opc)
    for line in (env _REX_TUI_COMPLETE=fish_complete COMP_WORDS=(commandline -cp | string collect) \
            COMP_CWORD=(commandline -ct | string collect) $command[1] 2>/dev/null)
        set -l found (string split -m 1 , -- $line)
        switch $found[1]
            case plain more
                printf '%s\n' $found[2]
            case file
                __fish_complete_path $found[2]
            case dir
                __fish_complete_directories $found[2]
        end
    end
end

complete --no-files --command rex-tui --arguments '(_rex_tui_completion)'
