/** Port names in their usual short forms: there is little room beside a line. */

const SHORT = [
  [/^TenGigabitEthernet|^TenGigE/, "Te"],
  [/^TwentyFiveGigabitEthernet|^TwentyFiveGigE/, "Twe"],
  [/^FortyGigabitEthernet|^FortyGigE/, "Fo"],
  [/^HundredGigabitEthernet|^HundredGigE/, "Hu"],
  [/^GigabitEthernet/, "Gi"],
  [/^FastEthernet/, "Fa"],
  [/^Ethernet/, "Et"],
  [/^Management/, "Ma"],
];

export function shortPort(name) {
  const found = SHORT.find(([long]) => long.test(name));
  return found ? name.replace(...found) : name;
}
