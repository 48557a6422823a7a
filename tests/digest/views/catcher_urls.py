"""Every address, with those of the mail catcher, which the test settings leave out."""

from django.contrib import admin
from django.urls import include, path

from digest import urls
from digest.views import catcher

pages = [
    path("mail/", catcher.catcher, name="catcher"),
    path("mail/<str:name>/", catcher.caught_mail, name="caught_mail"),
    path("mail/<str:name>/raw/", catcher.caught_raw, name="caught_raw"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include(([*urls.urlpatterns, *pages], "digest"))),
]
