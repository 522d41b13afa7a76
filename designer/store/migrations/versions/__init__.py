"""One file per migration; a published one never changes."""
