"""Backups are made, restored and rehearsed on databases of their own."""
