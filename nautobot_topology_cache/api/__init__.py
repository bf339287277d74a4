"""REST under `/api/plugins/topology-cache/`; names and forms are those of CONTRACT 1 and 2."""
