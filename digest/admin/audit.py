"""Who did what, and when: the log that the admin keeps, to be read.

Every act of the desk writes its own line there; none can be changed or deleted here.
Lines go after two years (docs/retention.md).
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest.admin.evidence import EvidenceMixin


@admin.register(LogEntry)
class LogEntryAdmin(EvidenceMixin, admin.ModelAdmin[LogEntry]):
    """The last act first."""

    list_display = ["action_time", "user", "content_type", "what", "said"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["=user__email", "=object_id"]
    search_help_text = _("The whole address of the one who did it, or a row's id")
    ordering = ["-pk"]
    show_full_result_count = False
    fields = ["action_time", "user", "content_type", "what", "said"]

    @admin.display(description=_("of"))
    def what(self, obj: LogEntry) -> SafeString | str:
        """The row, with the way to it."""
        name = obj.object_repr or f"#{obj.object_id}"
        address = obj.get_admin_url()
        if obj.is_deletion() or not address:
            return name
        return format_html('<a href="{}">{}</a>', address, name)

    @admin.display(description=_("what"))
    def said(self, obj: LogEntry) -> Any:
        """What was done, in words."""
        return obj.get_change_message() or obj.get_action_flag_display()
