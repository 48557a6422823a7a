"""The bench of disk space tells what it measured."""
