"""Settings, URLs and Celery: knows every app by name, is known by none."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
