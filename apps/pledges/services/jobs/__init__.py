"""One wish about many gifts: prepared for a look, started, worked off gift by gift, each with its own outcome."""
