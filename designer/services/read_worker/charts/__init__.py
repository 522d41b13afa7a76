"""Charts of stored tables: computed here, so that only what is drawn travels."""
