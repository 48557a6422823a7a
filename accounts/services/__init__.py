"""What people can do with their address, one function each; all times are handed in.

Outside accounts, import this package and call `services.begin_signup(...)`.
"""

from accounts.services.address_change import (
    confirm_address_change,
    find_address_change,
    request_address_change,
)
from accounts.services.budgets import truncate_ip
from accounts.services.invitations import Fate, begin_invitations, judge_invitations
from accounts.services.links import register_revoker, revoke_links
from accounts.services.notices import (
    queue_notice,
    queue_notices,
    send_notice,
    unsent_notices,
)
from accounts.services.policy import SignupError, check_policy
from accounts.services.privacy import (
    erase_and_never_mail,
    erase_user,
    export_user,
    register_eraser,
    register_exporter,
)
from accounts.services.pruning import prune
from accounts.services.signup import (
    Confirmed,
    Evidence,
    begin_signup,
    confirm_signup,
    find_signup,
    send_signup_mail,
    unsent_signups,
)
from accounts.services.staff import Operator, invite, make_staff, operators
from accounts.services.suppression import (
    find_suppressions,
    is_suppressed,
    lift,
    lift_soft_bounces,
    suppress,
    suppressed_through,
    suppressed_users,
)

__all__ = [
    "Confirmed",
    "Evidence",
    "Fate",
    "Operator",
    "SignupError",
    "begin_invitations",
    "begin_signup",
    "check_policy",
    "confirm_address_change",
    "confirm_signup",
    "erase_and_never_mail",
    "erase_user",
    "export_user",
    "find_address_change",
    "find_signup",
    "find_suppressions",
    "invite",
    "is_suppressed",
    "judge_invitations",
    "lift",
    "lift_soft_bounces",
    "make_staff",
    "operators",
    "prune",
    "queue_notice",
    "queue_notices",
    "register_eraser",
    "register_exporter",
    "register_revoker",
    "request_address_change",
    "revoke_links",
    "send_notice",
    "send_signup_mail",
    "suppress",
    "suppressed_through",
    "suppressed_users",
    "truncate_ip",
    "unsent_notices",
    "unsent_signups",
]
