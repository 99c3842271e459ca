"""The host libraries: each private name of theirs that is touched stands here, one module per library."""
