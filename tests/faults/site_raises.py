"""A site's platform whose template cannot be read."""

from nautobot_topology_cache.collect.parse.template import Template
from tests.faults.site_missing import with_arp_template

PLATFORM = with_arp_template("site_raises", Template("site_raises_show_ip_arp", package="tests.faults"))
