"""Environments: declared and locked in a workspace, built once wherever steps need them."""
