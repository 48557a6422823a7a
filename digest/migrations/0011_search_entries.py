from django.db import migrations, models
import django.db.models.deletion

import digest.models.search

INDEX = {
    "postgresql": [
        "CREATE INDEX search_entry_lexemes ON digest_searchentry USING gin (lexemes)",
    ],
    "sqlite": [
        """CREATE VIRTUAL TABLE digest_lexemes USING fts5(
             lexemes, content = 'digest_searchentry', content_rowid = 'paper_id',
             tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0)""",
        """CREATE TRIGGER digest_lexemes_new AFTER INSERT ON digest_searchentry BEGIN
             INSERT INTO digest_lexemes(rowid, lexemes)
             VALUES (new.paper_id, new.lexemes);
           END""",
        """CREATE TRIGGER digest_lexemes_gone AFTER DELETE ON digest_searchentry BEGIN
             INSERT INTO digest_lexemes(digest_lexemes, rowid, lexemes)
             VALUES ('delete', old.paper_id, old.lexemes);
           END""",
        """CREATE TRIGGER digest_lexemes_changed AFTER UPDATE ON digest_searchentry BEGIN
             INSERT INTO digest_lexemes(digest_lexemes, rowid, lexemes)
             VALUES ('delete', old.paper_id, old.lexemes);
             INSERT INTO digest_lexemes(rowid, lexemes)
             VALUES (new.paper_id, new.lexemes);
           END""",
    ],
}
NO_INDEX = {"postgresql": [], "sqlite": ["DROP TABLE digest_lexemes"]}


def make_index(apps, schema_editor):
    for statement in INDEX[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in NO_INDEX[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('digest', '0010_schedule_feedback_token'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='digest.paper')),
                ('indexed_for', models.DateTimeField()),
                ('rules', models.PositiveIntegerField()),
                ('lexemes', digest.models.search.LexemesField()),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
    ]
