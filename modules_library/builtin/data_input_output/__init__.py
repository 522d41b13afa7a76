"""Data in and out: samples, files, folders, addresses, tables typed by hand."""
