"""Readers may share their reading list by a link."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("digest", "0013_exploring")]

    operations = [
        migrations.AddField(
            "schedule",
            "list_token",
            models.CharField(max_length=32, unique=True, null=True, editable=False),
        ),
    ]
