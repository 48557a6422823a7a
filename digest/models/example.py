"""Papers that show what a topic wants."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper
from digest.models.topic import Topic


class Example(models.Model):
    """A paper of which a topic wants more, given by whoever made the topic.

    A reader's mark is another thing: one a paper, about all topics or one, and it
    moves that reader's ranking alone. An example belongs to the topic as its words do.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="examples")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("example of a topic")
        verbose_name_plural = _("examples of topics")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "paper"], name="example_once_per_topic_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.paper_id}"
