"""WSGI entry point of the worker that is measured."""

from django.core.handlers.wsgi import WSGIHandler

from digest.bench.pages.stage import set_up

set_up()
application = WSGIHandler()
