"""What each provider's own words mean, read through anymail's own views."""

from typing import Any

import pytest
from anymail.webhooks import (
    amazon_ses,
    brevo,
    mailersend,
    mailgun,
    mailjet,
    mandrill,
    postmark,
    resend,
    sendgrid,
    sparkpost,
)
from django.test import RequestFactory

from digest.pipeline.track import Report, read_event

SES = {
    "mail": {"messageId": "m", "destination": ["ada@example.org"], "headers": []},
}
KEYS = {
    "ANYMAIL": {
        "WEBHOOK_SECRET": "a:b",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "k",
        "MANDRILL_WEBHOOK_KEY": "k",
        "MAILERSEND_SIGNING_SECRET": "k",
    }
}


def ses(kind: str, **fields: Any) -> Any:
    """What Amazon publishes about one mail."""
    # Its set-up asks for boto3, its reading does not.
    view = object.__new__(amazon_ses.AmazonSESTrackingWebhookView)
    (event,) = view.esp_to_anymail_events(
        {**SES, "eventType": kind, **fields}, {"MessageId": "sns-1"}
    )
    return event


def ses_bounce(kind: str) -> Any:
    recipients = [{"emailAddress": "ada@example.org"}]
    bounce = {
        "bounceType": kind,
        "bounceSubType": "General",
        "timestamp": "2026-11-20T12:00:00.000Z",
        "bouncedRecipients": recipients,
    }
    return ses("Bounce", bounce=bounce)


def of_mailgun(reason: str) -> Any:
    data = {"event": "failed", "severity": "permanent", "reason": reason}
    view = mailgun.MailgunTrackingWebhookView()
    return view.esp_to_anymail_event({"event-data": {**data, "timestamp": 1}})


def of_mandrill(word: str, **fields: Any) -> Any:
    view = mandrill.MandrillCombinedWebhookView()
    return view.mandrill_tracking_to_anymail_event({"event": word, "ts": 1, **fields})


def of_mailersend(word: str) -> Any:
    data = {"type": word, "id": "1", "morph": {"object": "recipient_bounce"}}
    view = mailersend.MailerSendTrackingWebhookView()
    return view.esp_to_anymail_event({"type": f"activity.{word}", "data": data})


def of_mailjet(word: str, **fields: Any) -> Any:
    view = mailjet.MailjetTrackingWebhookView()
    return view.esp_to_anymail_event({"event": word, "time": 1, **fields})


def of_sparkpost(word: str, bounce_class: str) -> Any:
    fields = {"type": word, "bounce_class": bounce_class}
    view = sparkpost.SparkPostTrackingWebhookView()
    raw = {"msys": {"message_event": fields}}
    return view.esp_to_anymail_event("message_event", fields, raw)


def of_sendgrid(word: str, **fields: Any) -> Any:
    # Its set-up warns that anymail tests it no longer.
    view = object.__new__(sendgrid.SendGridTrackingWebhookView)
    return view.esp_to_anymail_event({"event": word, "timestamp": 1, **fields})


def of_brevo(word: str) -> Any:
    return brevo.BrevoTrackingWebhookView().esp_to_anymail_event({"event": word})


def of_postmark(word: str) -> Any:
    view = postmark.PostmarkTrackingWebhookView()
    return view.esp_to_anymail_event({"RecordType": "Bounce", "Type": word, "ID": 1})


def of_resend(message: str) -> Any:
    data = {"email_id": "m", "headers": [], "bounce": {"message": message}}
    request = RequestFactory().post("/", headers={"svix-id": "1"})
    view = resend.ResendTrackingWebhookView()
    return view.esp_to_anymail_event({"type": "email.bounced", "data": data}, request)


@pytest.mark.parametrize(
    ("make", "words", "meaning"),
    [
        (ses_bounce, ["Permanent"], "bounced bounced"),
        (ses_bounce, ["Transient"], "bounced other"),
        (ses_bounce, ["Undetermined"], "bounced other"),
        (lambda: ses("Reject", reject={"reason": "Bad content"}), [], "rejected other"),
        (of_brevo, ["hard_bounce"], "bounced bounced"),
        (of_brevo, ["soft_bounce"], "bounced other"),
        (of_brevo, ["blocked"], "rejected blocked"),
        (of_mailersend, ["hard_bounced"], "bounced bounced"),
        (of_mailersend, ["soft_bounced"], "bounced other"),
        (of_mailgun, ["bounce"], "bounced bounced"),
        (of_mailgun, ["generic"], "bounced other"),
        (of_mailgun, ["suppress-bounce"], "rejected bounced"),
        (of_mailgun, ["suppress-complaint"], "rejected spam"),
        (of_mailgun, ["suppress-unsubscribe"], "rejected unsubscribed"),
        (of_mandrill, ["hard_bounce"], "bounced bounced"),
        (of_mandrill, ["soft_bounce"], "bounced other"),
        (
            lambda: of_mandrill("reject", reject={"reason": "hard-bounce"}),
            [],
            "rejected bounced",
        ),
        (
            lambda: of_mailjet("bounce", hard_bounce=False, error="quota exceeded"),
            [],
            "bounced other",
        ),
        (
            lambda: of_mailjet("bounce", hard_bounce=True, error="user unknown"),
            [],
            "bounced bounced",
        ),
        (lambda: of_mailjet("blocked", error="preblocked"), [], "rejected blocked"),
        (lambda: of_mailjet("blocked", error="content blocked"), [], "rejected other"),
        (of_sparkpost, ["bounce", "10"], "bounced invalid"),
        (of_sparkpost, ["bounce", "30"], "bounced bounced"),
        (of_sparkpost, ["bounce", "22"], "bounced other"),
        (of_sparkpost, ["bounce", "50"], "bounced blocked"),
        (of_sparkpost, ["policy_rejection", "25"], "rejected blocked"),
        (lambda: of_sendgrid("bounce", type="bounce"), [], "bounced bounced"),
        (lambda: of_sendgrid("bounce", type="blocked"), [], "bounced other"),
        (
            lambda: of_sendgrid("dropped", reason="Bounced Address"),
            [],
            "rejected bounced",
        ),
        (
            lambda: of_sendgrid("dropped", reason="Spam Reporting Address"),
            [],
            "rejected spam",
        ),
        (of_postmark, ["HardBounce"], "bounced bounced"),
        (of_postmark, ["SoftBounce"], "bounced other"),
        (of_postmark, ["ManuallyDeactivated"], "rejected blocked"),
        (of_postmark, ["DMARCPolicy"], "rejected other"),
        (
            of_resend,
            ["Resend has suppressed sending to this address"],
            "rejected blocked",
        ),
        (of_resend, ["The provider sent a hard bounce message"], "bounced bounced"),
    ],
)
def test_it_tells_a_mailbox_that_is_gone_from_one_that_is_full_and_from_a_list(
    make: Any, words: list[str], meaning: str, settings: Any
) -> None:
    settings.ANYMAIL = KEYS["ANYMAIL"]
    event = make(*words)

    report = read(event)

    assert f"{report.event_type} {report.reject_reason}" == meaning


def read(event: Any) -> Report:
    """As the signal of the provider's view brings it."""
    is_resend = str(event.esp_event.get("type", "")).startswith("email.")
    return read_event(event, "Resend" if is_resend else "Esp")


def test_it_keeps_no_text_that_a_table_refuses() -> None:
    event = of_postmark("HardBounce")
    event.message_id, event.event_id = "a\x00b" * 200, "c\x00" * 600
    event.recipient, event.metadata = "a\x00@example.org\r\n", ["not", "a", "dict"]
    event.timestamp = event.timestamp.replace(tzinfo=None) if event.timestamp else None

    report = read_event(event, "E" * 90)

    assert "\x00" not in report.message_id + report.event_id + report.recipient
    assert (len(report.message_id), len(report.provider)) == (200, 40)
    assert report.delivery_public_id == ""
