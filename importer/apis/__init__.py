"""The APIs that can be filled: a folder each, holding everything peculiar to it."""
