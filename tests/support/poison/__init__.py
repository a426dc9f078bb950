"""An app that a running copy is given on top, so that its workers meet handlers that fail or kill, and a counted job."""
