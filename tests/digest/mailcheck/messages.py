"""Two good messages, built by hand, for the tests to break one thing at a time."""

import quopri
from dataclasses import dataclass, field, replace

from digest.mailcheck import Kind, check_message

UNSUBSCRIBE = "https://papers.example.org/u/Zk3vT0m9Qw7rXb1Ls5Yd2A"
MANAGE = "https://papers.example.org/m/p8Jc4Hn6Gt0Ve2Kf9Ra3Wu"
RECIPIENT = "reader@home.example"
OTHER = "somebody@else.example"

HEADERS = (
    "From: Paperboy <papers@papers.example.org>",
    f"To: {RECIPIENT}",
    "Subject: =?utf-8?q?Two_papers_on_caf=C3=A9s?=",
    "Date: Sat, 21 Nov 2026 06:00:00 +0000",
    "Message-ID: <5f0c8f8e-22f1-4b7e-9a53-0f6f0d6d3f10@papers.example.org>",
    "MIME-Version: 1.0",
    "Auto-Submitted: auto-generated",
)
LIST_HEADERS = (
    f"List-Unsubscribe: <{UNSUBSCRIBE}>",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "List-Id: Paperboy <digest.papers.example.org>",
    "List-Help: <https://papers.example.org/help/>",
    "Precedence: bulk",
    "X-Auto-Response-Suppress: OOF, AutoReply",
    "Feedback-ID: digest:daily:1:paperboy",
)

STYLE = """
@media (prefers-color-scheme: dark) {
  body, .sheet { background-color: #1f2125 !important; }
  h1, h2, p { color: #dad5ca !important; }
  a { color: #9cc3ee !important; }
}
[data-ogsc] p { color: #dad5ca !important; }
[data-ogsb] .sheet { background-color: #1f2125 !important; }
"""

HTML = f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Two papers on cafés</title>
<style>{STYLE}</style>
</head>
<body style="background-color: #f4f2ec; color: #22201c; line-height: 1.5">
<table role="presentation" class="sheet" style="background-color: #fffdf8"><tr><td>
<h1>Two papers</h1>
<h2>Coffee</h2>
<h3><a href="https://arxiv.org/abs/2611.00001" style="color: #1b4b7a">Foam &amp; froth
in cafés</a></h3>
<p style="font-size: 14px; color: #6a655c">Sample Author A</p>
<h3><a href="https://arxiv.org/abs/2611.00002" style="color: #1b4b7a">On beans</a></h3>
<p><img src="https://papers.example.org/logo.png" alt="" width="16" height="16"></p>
<p>You get this mail because you subscribed to Coffee on 1 October 2026.</p>
<p><a href="{MANAGE}" style="color: #1b4b7a">Change topics or pause</a>
<a href="{UNSUBSCRIBE}" style="color: #1b4b7a">Unsubscribe from all digests</a></p>
<p>Sent to {RECIPIENT} by Paperboy, Example Institute, 1 Example Street.</p>
</td></tr></table>
</body>
</html>
"""

TEXT = f"""Two papers

COFFEE

Foam & froth in
cafés
https://arxiv.org/abs/2611.00001
Sample Author A

On beans
https://arxiv.org/abs/2611.00002

--
You get this mail because you subscribed to
Coffee
on 1 October 2026.

Change topics or pause:
{MANAGE}
Unsubscribe from all digests:
{UNSUBSCRIBE}

Sent to {RECIPIENT} by Paperboy,
Example Institute, 1 Example Street.
"""

CONFIRM_HTML = f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Please confirm</title>
<style>{STYLE}</style>
</head>
<body style="background-color: #f4f2ec; color: #22201c; line-height: 1.5">
<h1>Please confirm</h1>
<p><a href="https://papers.example.org/c/1" style="color: #1b4b7a">Confirm it</a></p>
<p>If you did not ask for this, ignore this mail.</p>
</body>
</html>
"""
CONFIRM_TEXT = """Please confirm on this page:
https://papers.example.org/c/1

If you did not ask for this, ignore this mail.
"""


@dataclass(frozen=True)
class Message:
    """What a message is made of; `raw` puts it together."""

    headers: tuple[str, ...]
    text: str
    html: str
    type: str = "multipart/alternative"
    charset: str = "utf-8"
    parts: tuple[str, ...] = field(default=("plain", "html"))

    def with_header(self, line: str) -> "Message":
        """That line in the place of the header of its name, or as a further one."""
        name = line.partition(":")[0]
        kept = [each for each in self.headers if not each.startswith(f"{name}:")]
        return replace(self, headers=(*kept, line))

    def without_header(self, name: str) -> "Message":
        kept = [each for each in self.headers if not each.startswith(f"{name}:")]
        return replace(self, headers=tuple(kept))

    def plus_header(self, line: str) -> "Message":
        return replace(self, headers=(*self.headers, line))

    def with_html(self, old: str, new: str) -> "Message":
        assert old in self.html, old
        return replace(self, html=self.html.replace(old, new, 1))

    def with_text(self, old: str, new: str) -> "Message":
        assert old in self.text, old
        return replace(self, text=self.text.replace(old, new))

    def with_both(self, old: str, new: str) -> "Message":
        return self.with_text(old, new).with_html(old, new)

    def raw(self) -> bytes:
        """The bytes, quoted-printable, with CRLF."""
        lines = [*self.headers, f'Content-Type: {self.type}; boundary="==b"', ""]
        for part in self.parts:
            content = self.text if part == "plain" else self.html
            lines += [
                "--==b",
                f'Content-Type: text/{part}; charset="{self.charset}"',
                "Content-Transfer-Encoding: quoted-printable",
                "",
                quopri.encodestring(content.encode()).decode("ascii"),
            ]
        text = "\n".join([*lines, "--==b--", ""])
        return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


DIGEST = Message((*HEADERS, *LIST_HEADERS), TEXT, HTML)
CONFIRMATION = Message(HEADERS, CONFIRM_TEXT, CONFIRM_HTML)


def numbers(raw: bytes, kind: Kind | None = None) -> set[str]:
    """The numbers of the rules that a message breaks; "?R6" for a warning."""
    found = check_message(
        raw,
        kind=kind,
        sending_domain="papers.example.org",
        known_addresses=[RECIPIENT, OTHER],
    )
    return {("?" if each.is_warning else "") + each.number for each in found}
