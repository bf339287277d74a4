"""REST under `/api/plugins/topology-cache/`. Clients depend on its names and forms."""
