"""A small OpenID Connect provider on loopback: real HTTP, one person, no screens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT_ID, SECRET = "paperboy", "a secret between the two of us"


class OidcServer:
    """Signs in `claims` at once; `faults`: what goes wrong of token, userinfo, aud."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "person-1"}
        self.faults: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, str] = {}
        self._tokens: set[str] = set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.get(self)

            def do_POST(self) -> None:
                server.post(self)

            def log_message(self, *_args: Any) -> None:
                """Keep quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._http.shutdown()
        self._http.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Discovery, the authorisation that signs in at once, and the claims."""
        parts = urlsplit(request.path)
        if parts.path == "/.well-known/openid-configuration":
            _answer(request, 200, self._configuration())
        elif parts.path == "/authorize":
            self._authorize(request, parts.query)
        elif parts.path == "/userinfo":
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            is_good = token in self._tokens and "userinfo" not in self.faults
            _answer(request, 200 if is_good else 401, self.claims if is_good else {})
        else:
            _answer(request, 404, {})

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """A code with its secret and its verifier for a token, once."""
        length = int(request.headers.get("Content-Length", 0))
        sent = {
            k: v[0] for k, v in parse_qs(request.rfile.read(length).decode()).items()
        }
        challenge = self._codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        is_good = (
            challenge == base64.urlsafe_b64encode(verifier).decode().rstrip("=")
            and sent.get("client_secret") == SECRET
            and "token" not in self.faults
        )
        if not is_good:
            _answer(request, 400, {"error": "invalid_grant"})
            return
        token = secrets.token_urlsafe()
        self._tokens.add(token)
        identity = {
            "iss": self.issuer,
            "aud": "somebody else" if "aud" in self.faults else CLIENT_ID,
            "exp": int(time.time()) + 60,
            "iat": int(time.time()),
            **self.claims,
        }
        signed = jwt.encode(identity, "k" * 32, algorithm="HS256")
        _answer(
            request,
            200,
            {"access_token": token, "token_type": "Bearer", "id_token": signed},
        )

    def _authorize(self, request: BaseHTTPRequestHandler, query: str) -> None:
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe()
        self._codes[code] = asked["code_challenge"]
        back = urlencode({"code": code, "state": asked["state"]})
        request.send_response(302)
        request.send_header("Location", f"{asked['redirect_uri']}?{back}")
        request.end_headers()

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


def _answer(request: BaseHTTPRequestHandler, status: int, content: Any) -> None:
    body = json.dumps(content).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
