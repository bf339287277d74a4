"""A site's platform whose file names a template that nobody has installed."""

import attrs

from nautobot_topology_cache.collect.commands import Entry, Platform
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import cisco_ios


def with_arp_template(driver: str, template: Template) -> Platform:
    """IOS under another name, which reads its ARP table by this template."""

    def changed(entry: Entry) -> Entry:
        commands = [
            attrs.evolve(command, parser=template) if command.text == "show ip arp" else command
            for command in entry.alternatives
        ]
        return attrs.evolve(entry, alternatives=tuple(commands))

    ios = cisco_ios.PLATFORM
    return attrs.evolve(ios, driver=driver, netmiko="cisco_ios", entries=tuple(map(changed, ios.entries)))


PLATFORM = with_arp_template("site_missing", Template("site_missing_show_ip_arp"))
