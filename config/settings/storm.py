"""For `make storm`: the settings of one computer, with every timer shortened.

Their order is production's: begin + answer < hard limit of a task < hand-off lease.
"""

from config.settings import local
from config.settings.local import *
from config.settings.local import CELERY_BROKER_TRANSPORT_OPTIONS

# Where one server is lost the workers wait for it, as in production.
CELERY_BROKER_CONNECTION_RETRY = True
# A task that runs for longer is given out a second time, while it runs.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": 10,
    "unacked_restore_interval": 2,
}
CELERY_TASK_TIME_LIMIT = 30
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0

# A sweep names again what waits in the queue: more often than the queue is worked off,
# and the workers would only look at what others did.
DIGEST_SWEEP_SECONDS = 5.0
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "digest.sweep", "schedule": DIGEST_SWEEP_SECONDS},
}
DIGEST_HANDOFF_SIZE = 20
# A provider that is silent is given up as soon as a mail server.
ANYMAIL = {**getattr(local, "ANYMAIL", {}), "REQUESTS_TIMEOUT": 3}
DIGEST_BEGIN_SECONDS = 8.0
DIGEST_CLAIM_LEASE_SECONDS = 8
DIGEST_HANDOFF_LEASE_SECONDS = 35
DIGEST_CONNECT_TIMEOUT_SECONDS = 2
DIGEST_COMMAND_TIMEOUT_SECONDS = 3
DIGEST_AFTER_DOT_TIMEOUT_SECONDS = 3
# Eight attempts, each found by a sweep, are over in less than a minute.
DIGEST_BACKOFF_MINUTES = (0.02, 0.05, 0.05)
