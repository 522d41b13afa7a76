"""The people's room: canvas, pages, REST, command line, drafts and code export."""
