"""A few real routers: FRR, lldpd and sshd of Debian in namespaces of their own, as root."""
