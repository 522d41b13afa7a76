"""REST under `/api/v1`: the services' verbs over HTTP, and one WebSocket that pushes changes."""
