"""What readers say of papers, and what they never want to see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper
from digest.models.topic import Topic


class Mark(models.Model):
    """A reader's word on a paper: more like this, or not for me.

    It moves the reader's own ranking of the topic, or without one of every topic
    that the paper matches.
    """

    class Verdict(models.TextChoices):
        MORE = "more", _("more like this")
        LESS = "less", _("not for me")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="marks"
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="marks")
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="marks"
    )
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "paper"], name="mark_once_per_user_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.paper_id} {self.verdict}"


class SavedPaper(models.Model):
    """A paper on a reader's reading list. Saving it says "more like this", too."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_papers"
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="saved")
    saved_at = models.DateTimeField(_("saved"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("saved paper")
        verbose_name_plural = _("saved papers")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "paper"], name="paper_saved_once_per_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.paper_id}"


class Mute(models.Model):
    """What a reader's digests leave out: a word or phrase, or an author.

    A learned word is no reason to leave a paper out: it is only no longer learned.
    """

    class Kind(models.TextChoices):
        WORD = "word", _("word or phrase")
        AUTHOR = "author", _("author")
        LEARNED = "learned", _("word not to be learned")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes"
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=200)
    made_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "text"], name="mute_once_per_user_and_text"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="mute_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.text}"
