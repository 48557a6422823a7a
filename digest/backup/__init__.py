"""Backups that can be trusted: made whole, restored into nothing, and rehearsed.

A backup is one file of the whole database, with a list of its tables and their numbers
of rows beside it. What was restored sends nothing before an operator releases it (I13).
"""

from digest.backup.dump import KEPT, drop_old, make_backup
from digest.backup.manifest import BackupError, count_rows, read_manifest
from digest.backup.restoring import restore_backup

__all__ = [
    "KEPT",
    "BackupError",
    "count_rows",
    "drop_old",
    "make_backup",
    "read_manifest",
    "restore_backup",
]
