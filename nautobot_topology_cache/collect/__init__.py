"""From an SSH session to normalised records. Pure: no Django, no Nautobot, no global state."""
