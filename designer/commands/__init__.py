"""The verbs of the command line; each takes the parsed arguments and gives the exit status."""
