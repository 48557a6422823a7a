"""The arithmetic of MDN's HTTP Observatory, as far as our own responses decide it.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
"""

from __future__ import annotations

from http.cookies import SimpleCookie

from django.http import HttpResponseBase

START = 100
BONUSES_FROM = 90
"""Bonuses count only where the penalties leave at least this."""

HALF_A_YEAR = 15_768_000


def score(response: HttpResponseBase) -> int:
    """Points of one response over https; 100 and more is an A+."""
    policy = read_policy(response.get("Content-Security-Policy", ""))
    rest = START - _penalty_of_policy(policy) - _penalty_of_headers(response, policy)
    rest -= _penalty_of_cookies(response.cookies)
    if rest < BONUSES_FROM:
        return rest
    if _is_strict(policy):
        rest += 10
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        rest += 5
    if response.cookies and not _penalty_of_cookies(response.cookies):
        rest += 5
    return rest


def _is_strict(policy: dict[str, list[str]]) -> bool:
    """Nothing is allowed by default, and nothing that stands in the page."""
    allowed = {*policy.get("script-src", []), *policy.get("style-src", [])}
    is_closed = policy.get("default-src") == ["'none'"]
    return is_closed and not {"'unsafe-inline'", "'unsafe-eval'"} & allowed


def _penalty_of_policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return 25
    scripts = policy.get("script-src", policy.get("default-src", []))
    return 20 if {"'unsafe-inline'", "data:", "*"} & set(scripts) else 0


def _penalty_of_headers(
    response: HttpResponseBase, policy: dict[str, list[str]]
) -> int:
    is_framed = (
        response.get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"}
        and "frame-ancestors" not in policy
    )
    missing = (
        (20, _hsts_seconds(response) < HALF_A_YEAR),
        (20, is_framed),
        (5, response.get("X-Content-Type-Options") != "nosniff"),
        (50, bool(response.get("Access-Control-Allow-Origin"))),
    )
    return sum(points for points, is_missing in missing if is_missing)


def read_policy(text: str) -> dict[str, list[str]]:
    """Directives of a Content-Security-Policy with their sources."""
    parts = (part.split() for part in text.split(";") if part.strip())
    return {part[0]: part[1:] for part in parts}


def _hsts_seconds(response: HttpResponseBase) -> int:
    for part in response.get("Strict-Transport-Security", "").split(";"):
        name, _sign, value = part.strip().partition("=")
        if name == "max-age":
            return int(value)
    return 0


def _penalty_of_cookies(cookies: SimpleCookie) -> int:
    """All are of the session here: each must be Secure, HttpOnly and SameSite."""
    worst = 0
    for cookie in cookies.values():
        if not cookie["secure"]:
            worst = max(worst, 40)
        elif not cookie["httponly"]:
            worst = max(worst, 30)
        elif cookie["samesite"] not in {"Lax", "Strict"}:
            worst = max(worst, 20)
    return worst
