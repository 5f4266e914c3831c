"""Ollama's /api/generate, /api/chat and /api/tags in front of llama.cpp's chat completions.

No package serves them with a JSON Schema as `format`. shim.rs checks the answers against Ollama's published API
(tests/contracts).
"""

import json
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Ollama's options that llama.cpp also has.
SHARED = ("temperature", "top_k", "top_p", "min_p", "seed", "stop")


class Refused(Exception):
    """Ollama's status and text for an error."""


def serve(origin: str, name: str, context: int) -> str:
    """Serves the model at `origin` as `name` on a separate thread; returns scheme, host and port."""
    handler = type("Handler", (Shim,), {"upstream": origin, "model": name, "num_ctx": context})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def completion_request(path: str, body: dict, context: int) -> dict:
    """The chat completion for an Ollama request."""
    options = body.get("options", {})
    if options.get("num_ctx", 0) > context:
        raise Refused(500, f"num_ctx: the model was loaded with {context}")
    if path == "/api/chat":
        messages = body.get("messages", [])
    else:
        system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
        messages = [*system, {"role": "user", "content": body.get("prompt", "")}]
    request = {key: value for key, value in options.items() if key in SHARED}
    request |= {"messages": messages, "stream": body.get("stream", True), "max_tokens": options.get("num_predict", -1)}
    if request["stream"]:
        request["stream_options"] = {"include_usage": True}
    if isinstance(body.get("format"), dict):
        request["response_format"] = {"type": "json_schema", "json_schema": {"schema": body["format"]}}
    elif body.get("format") == "json":
        request["response_format"] = {"type": "json_object"}
    return request


class Shim(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Logs nothing."""

    def do_GET(self):
        if self.path == "/api/tags":
            entry = {"name": self.model, "model": self.model, "modified_at": now(), "size": 0, "digest": ""}
            return self.reply(200, {"models": [entry]})
        self.reply(404, {"error": "not found"})

    def do_POST(self):
        started = time.monotonic_ns()
        body = json.loads(self.body())
        try:
            if self.path not in ("/api/generate", "/api/chat"):
                raise Refused(404, "not found")
            if body.get("model") != self.model:
                raise Refused(404, f"model '{body.get('model')}' not found")
            request = completion_request(self.path, body, self.num_ctx)
            with self.ask(request) as answer:
                if request["stream"]:
                    self.stream(answer, started)
                else:
                    whole = json.load(answer)
                    choice = whole["choices"][0]
                    last = self.last(choice["finish_reason"], whole["usage"], started)
                    self.reply(200, self.event(choice["message"]["content"] or "") | last)
        except Refused as refused:
            status, error = refused.args
            self.reply(status, {"error": error})
        except (BrokenPipeError, ConnectionResetError):
            # The caller has disconnected; leaving `with` has cancelled the call to the model.
            self.close_connection = True

    def body(self) -> bytes:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def ask(self, request: dict):
        head = {"content-type": "application/json"}
        call = urllib.request.Request(f"{self.upstream}/v1/chat/completions", json.dumps(request).encode(), head)
        try:
            return urllib.request.urlopen(call)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.load(error)["error"]["message"]) from error

    def stream(self, answer, started: int):
        self.head(200, {"content-type": "application/x-ndjson", "transfer-encoding": "chunked"})
        reason = "stop"
        for line in answer:
            data = line.decode().removeprefix("data: ").strip()
            if not data or data == "[DONE]":
                continue
            chunk = json.loads(data)
            for choice in chunk["choices"]:
                reason = choice["finish_reason"] or reason
                if choice["delta"].get("content"):
                    self.line(self.event(choice["delta"]["content"]) | {"done": False})
            if "usage" in chunk:
                self.line(self.event("") | self.last(reason, chunk["usage"], started))
        self.wfile.write(b"0\r\n\r\n")

    def line(self, event: dict):
        data = json.dumps(event).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def event(self, text: str) -> dict:
        chat = self.path == "/api/chat"
        content = {"message": {"role": "assistant", "content": text}} if chat else {"response": text}
        return {"model": self.model, "created_at": now()} | content

    def last(self, reason: str, usage: dict, started: int) -> dict:
        counts = {"prompt_eval_count": usage["prompt_tokens"], "eval_count": usage["completion_tokens"]}
        return {"done": True, "done_reason": reason, "total_duration": time.monotonic_ns() - started} | counts

    def reply(self, status: int, body: dict):
        data = json.dumps(body).encode()
        self.head(status, {"content-type": "application/json", "content-length": str(len(data))})
        self.wfile.write(data)

    def head(self, status: int, headers: dict):
        self.send_response(status)
        for name, value in (headers | {"connection": "close"}).items():
            self.send_header(name, value)
        self.end_headers()


def now() -> str:
    return datetime.now(timezone.utc).isoformat()
