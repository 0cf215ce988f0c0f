"""The commands of `hartslag`, a file for each or for those that belong together."""
