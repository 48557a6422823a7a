"""Pages of people's own account, and the admin site that asks for a second factor."""
