"""A real HTTP server on loopback that speaks the hub channel's protocol, with a behaviour a test chooses."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass
class Call:
    body: Json
    secret: str | None
    began: float
    ended: float = 0.0

    @property
    def text(self) -> str:
        return str(self.body["text"])


def echo(call: Call) -> Json:
    return {"messages": [{"text": f"답: {call.text}"}], "intent": "greet", "confidence": 0.9}


def action_failed(call: Call) -> Json:
    return {"error": "action_failed"}


def silent(call: Call) -> Json:
    return {"messages": [], "intent": "greet", "confidence": 0.9}


def after(seconds: float, then: Callable[[Call], Json] = echo) -> Callable[[Call], Json]:
    def behave(call: Call) -> Json:
        time.sleep(seconds)
        return then(call)

    return behave


@dataclass
class Assistant:
    behave: Callable[[Call], Json] = echo
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        assistant = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer({"status": "ok"}, 200 if self.path == "/webhooks/hub/health" else 404)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                call = Call(body, self.headers.get("x-opstalk-secret"), time.monotonic())
                assistant.calls.append(call)
                answer = assistant.behave(call)
                call.ended = time.monotonic()
                self._answer(answer, 502 if "error" in answer else 200)

            def _answer(self, body: Json, status: int) -> None:
                data = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:  # the hub stopped waiting
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """From here on a connection is refused."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def texts(self) -> list[str]:
        return [call.text for call in self.calls]
