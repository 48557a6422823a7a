"""Editions are made of fragments; what was rendered before becomes one of its own."""

import hashlib

from django.db import migrations, models


def key_of(html: str, text: str) -> str:
    return hashlib.blake2b(f"{html}\0{text}".encode(), digest_size=16).hexdigest()


def break_up(apps, schema_editor):
    """Give each edition a shell that holds all of it."""
    Edition = apps.get_model("digest", "Edition")
    Fragment = apps.get_model("digest", "Fragment")
    for edition in Edition.objects.iterator():
        for html, text in ((edition.html, edition.text), ("", "")):
            Fragment.objects.get_or_create(
                key=key_of(html, text),
                defaults={
                    "html": html, "text": text, "created_at": edition.created_at
                },
            )
        edition.shell = key_of(edition.html, edition.text)
        edition.coverage = key_of("", "")
        edition.save(update_fields=["shell", "coverage"])


class Migration(migrations.Migration):

    dependencies = [
        ("digest", "0014_schedule_list_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fragment",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("html", models.TextField()),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "fragment",
                "verbose_name_plural": "fragments",
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="shell",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="edition",
            name="coverage",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="edition",
            name="parts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="edition",
            name="texts",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(break_up, migrations.RunPython.noop),
        migrations.RemoveField(model_name="edition", name="html"),
        migrations.RemoveField(model_name="edition", name="text"),
        migrations.RemoveField(model_name="edition", name="template_version"),
    ]
