"""Where each paper stands in the space of a model: PaperVector."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper


class PaperVector(models.Model):
    """A paper's title and abstract as a vector of one version of one model."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="vectors")
    model = models.CharField(_("model and version"), max_length=120)
    vector = models.BinaryField(_("vector"))
    embedded_at = models.DateTimeField(_("embedded"))

    class Meta:
        verbose_name = _("paper vector")
        verbose_name_plural = _("paper vectors")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "paper"], name="vector_once_per_model_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} ({self.model})"
