"""The house rules: one module each, with `violations(files)`, which tells file, line and what to do."""
