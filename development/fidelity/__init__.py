"""How much of what devices say the tables hold, measured against truths that somebody else wrote.

Three scopes: `lab`, the simulated network and its own truth; `network`, captured networks played back; `single`, one
captured answer of one command. All of it is pure: no database, no SSH.
"""
