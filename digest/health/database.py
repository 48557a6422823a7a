"""Whether the database answers, takes writes, and has every migration."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.health.finding import Finding, fail, ok
from digest.models import Heartbeat


def check(_now: datetime) -> Finding:
    """A write that hits no row is refused as any other is, and changes nothing."""
    try:
        Heartbeat.objects.filter(pk=0).update(name="")
    except (DatabaseError, InterfaceError) as error:
        return fail(
            _("The database takes no writes: {error}").format(error=_one_line(error)),
            _(
                "See whether it runs, has room, and is the primary and not a replica; "
                "DATABASE_URL says where it is."
            ),
        )
    return ok(_("{kind} takes writes.").format(kind=connection.display_name))


def check_migrations(_now: datetime) -> Finding:
    """Code and tables must be of one version."""
    executor = MigrationExecutor(connection)
    count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not count:
        return ok(_("Every migration is applied."))
    text = ngettext(
        "{count} migration is not applied.",
        "{count} migrations are not applied.",
        count,
    )
    return fail(text.format(count=count), _("Run `manage.py migrate`."))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
