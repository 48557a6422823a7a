"""Tables of people and their addresses; nothing here knows about papers or topics."""

from accounts.models.address import (
    Address,
    AddressError,
    email_hmac,
    email_hmacs,
    parse_address,
)
from accounts.models.notice import Notice
from accounts.models.signup import Invitation, Signup, SignupAttempt
from accounts.models.suppression import Suppression
from accounts.models.user import AddressChange, Consent, User, UserManager

__all__ = [
    "Address",
    "AddressChange",
    "AddressError",
    "Consent",
    "Invitation",
    "Notice",
    "Signup",
    "SignupAttempt",
    "Suppression",
    "User",
    "UserManager",
    "email_hmac",
    "email_hmacs",
    "parse_address",
]
