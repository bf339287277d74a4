/** Names of the kinds of evidence, as people say them. */

const NAMES = {
  cdp: "CDP",
  cdp_neighbor: "CDP",
  lldp: "LLDP",
  lldp_neighbor: "LLDP",
  second_protocol: "second protocol",
  both_ends: "both ends agree",
  mac_table: "MAC table",
  mac_beyond: "MAC table, of a third device",
  mac_elsewhere: "MAC address moves",
  wire: "physical link",
  arp: "ARP",
  arp_discovered: "ARP",
  subnet: "subnet for two",
  shared_subnet: "shared subnet",
  ospf_route: "OSPF",
  bgp_route: "BGP",
};

export function kindName(kind) {
  return NAMES[kind] ?? kind.replaceAll("_", " ");
}
