"""Pages of the account. Of allauth's pages only those that sign people in exist.

allauth's own sign-up, address and password pages would go past consent, budgets and
the e-mailed code, so they have no address here.
"""

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import account, passkeys, private, sign_in

own = [
    path("", account.account, name="account"),
    path("prove/", private.prove, name="prove"),
    path("address/", account.change_address, name="change_address"),
    path("address/asked/", account.address_asked, name="address_asked"),
    path("address/<str:token>/", account.confirm_address, name="confirm_address"),
    path("export/", account.export, name="export"),
    path("erase/", account.erase, name="erase"),
    path("erased/", account.erased, name="erased"),
]
# Named without a namespace, because allauth looks these names up itself.
allauth_pages = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path(
        "login/code/",
        login_not_required(RedirectView.as_view(pattern_name="account_login")),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        allauth_views.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", sign_in.sign_up, name="account_signup"),
    path(
        "reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"
    ),
    # In place of allauth's, which would ask for no fresh code.
    path("2fa/webauthn/add/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        passkeys.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    # Without a provider in the environment these are not found.
    path("sso/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path(
        "sso/cancelled/",
        login_not_required(RedirectView.as_view(pattern_name="account_login")),
        name="socialaccount_login_cancelled",
    ),
]

urlpatterns = [
    path("account/", include((own, "accounts"))),
    path("account/", include(allauth_pages)),
]
