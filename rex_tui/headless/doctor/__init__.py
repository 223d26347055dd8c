"""The doctor: what rex-tui has to work with here, each thing looked at, with what to do where it is not well."""
