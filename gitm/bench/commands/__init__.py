"""The benches as commands: one file each reads its options, measures, and prints a table or JSON."""
