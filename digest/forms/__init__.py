"""What readers type: sign-up, topics, schedule, pause, topics of their own."""

from digest.forms.library import LibraryForm
from digest.forms.personal_topic import PersonalTopicForm
from digest.forms.preferences import PauseForm, ScheduleForm, TopicsForm
from digest.forms.signup import FORM_VERSION, SignupForm, consent_hash
from digest.forms.strictness import StrictnessForm
from digest.forms.submission import SubmissionForm
from digest.forms.topic_limits import TopicLimitsForm
from digest.forms.zones import ZoneField, zone_names

__all__ = [
    "FORM_VERSION",
    "LibraryForm",
    "PauseForm",
    "PersonalTopicForm",
    "ScheduleForm",
    "SignupForm",
    "StrictnessForm",
    "SubmissionForm",
    "TopicLimitsForm",
    "TopicsForm",
    "ZoneField",
    "consent_hash",
    "zone_names",
]
