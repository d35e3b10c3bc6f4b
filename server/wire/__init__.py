"""What is said between browser, front and trainer processes: messages, commands, edits, presets and their checks."""
