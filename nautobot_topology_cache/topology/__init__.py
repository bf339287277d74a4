"""From what devices said to the picture of their network. Pure: no Django, no Nautobot, no global state."""
