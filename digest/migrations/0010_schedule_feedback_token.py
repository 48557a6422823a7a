"""Every reader gets a link for saying what they think of papers."""

import secrets

from django.db import migrations, models


def give_tokens(apps, schema_editor):
    schedules = apps.get_model("digest", "Schedule").objects
    for pk in schedules.values_list("pk", flat=True):
        schedules.filter(pk=pk).update(feedback_token=secrets.token_urlsafe(16))


class Migration(migrations.Migration):

    dependencies = [("digest", "0009_items_beneath_others")]

    operations = [
        migrations.AddField(
            "schedule",
            "feedback_token",
            models.CharField(max_length=32, null=True, editable=False),
        ),
        migrations.RunPython(give_tokens, migrations.RunPython.noop),
        migrations.AlterField(
            "schedule",
            "feedback_token",
            models.CharField(max_length=32, unique=True, editable=False),
        ),
    ]
