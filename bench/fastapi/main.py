"""The same service in Python, carefully written: one event loop without blocking calls, one pooled client.

It does less than the component: no redaction, no grounding, no confidence, no retries, no log line. Like the component,
it validates the request, builds the prompt from the same templates and schema, constrains the model with the same JSON
Schema, validates the ticket and wraps it in the envelope.
"""

import json
import os
import re
import secrets
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Literal

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, StringConstraints, create_model

UNKNOWN = "[INCONNU]"
SOURCES = Path(__file__).resolve().parents[2] / "src"
TEMPLATE = (SOURCES / "prompt/templates/analyze.md").read_text(encoding="utf-8")
SCHEMA = json.loads((SOURCES / "ticket/schema.json").read_text(encoding="utf-8"))

BACKEND = os.environ.get("MODEL_BACKEND", "ollama")
URL = os.environ["OLLAMA_URL" if BACKEND == "ollama" else "MISTRAL_URL"]
MODEL = "mistral:instruct" if BACKEND == "ollama" else "mistral-large-latest"
CHAT = URL.endswith("/chat")

CONTROL = re.compile(r"[<\[]\|?/?(?:inst|sys|s|im_start|im_end)\|?[>\]]", re.IGNORECASE)
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def describe(name: str, field: dict) -> str:
    if "enum" in field:
        values = "une de : " + " | ".join(field["enum"])
    else:
        values = f"texte, {field['maxLength']} caractères au plus"
    return f'- "{name}" ({values}, ou "{UNKNOWN}") — {field["description"]}'


def model_field(field: dict) -> dict:
    if "enum" in field:
        return {"type": "string", "enum": [*field["enum"], UNKNOWN]}
    return {"type": "string", "maxLength": field["maxLength"]}


FIELDS = SCHEMA["properties"]
INSTRUCTIONS = TEMPLATE.replace("{{fields}}", "\n".join(describe(*field) for field in FIELDS.items())).replace(
    "{{language}}", "français"
)
MODEL_SCHEMA = {
    "type": "object",
    "properties": {name: model_field(field) for name, field in FIELDS.items()},
    "required": list(FIELDS),
    "additionalProperties": False,
}


class Turn(BaseModel):
    role: Literal["user", "assistant"]
    content: str


class Analyze(BaseModel):
    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
    history: Annotated[list[str | Turn], Field(max_length=50)] = []


def ticket_type(field: dict):
    if "enum" in field:
        return Literal[(*field["enum"], UNKNOWN)]
    return Annotated[str, StringConstraints(max_length=field["maxLength"])]


Ticket = create_model("Ticket", **{name: (ticket_type(field), ...) for name, field in FIELDS.items()})


class Meta(BaseModel):
    request_id: str
    backend: str
    model: str
    duration_ms: int
    usage: dict[str, int]
    missing_fields: list[str]


class Envelope(BaseModel):
    success: bool
    data: Ticket
    message: str
    meta: Meta


@asynccontextmanager
async def lifespan(app: FastAPI):
    # No limit of its own: the other services have none either.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=30, limits=limits) as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


def quote(text: str, boundary: str) -> str:
    visible = CONTROL.sub(lambda token: f"({token[0][1:-1]})", INVISIBLE.sub("", text)).replace(boundary, "·")
    return "".join(f"| {line}\n" for line in visible.splitlines() if line.strip())


def model_request(body: Analyze, stream: bool) -> dict:
    boundary = f"====={secrets.token_hex(16)}====="
    system = INSTRUCTIONS.replace("{{boundary}}", boundary)
    parts = [boundary, "\n"]
    for turn in body.history:
        role, text = ("user", turn) if isinstance(turn, str) else (turn.role, turn.content)
        parts += ["client :\n" if role == "user" else "support :\n", quote(text, boundary)]
    parts += ["message à analyser :\n", quote(body.message, boundary), boundary]
    prompt = "".join(parts)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
    if BACKEND == "mistral":
        schema = {"name": "ticket", "schema": MODEL_SCHEMA, "strict": True}
        return {
            "model": MODEL, "messages": messages, "max_tokens": 766, "temperature": 0.0, "stream": stream,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
    asked = {"messages": messages} if CHAT else {"system": system, "prompt": prompt}
    options = {"num_ctx": 8192, "num_predict": 766, "temperature": 0.0}
    return {"model": MODEL, **asked, "format": MODEL_SCHEMA, "options": options, "stream": stream}


def read(answer: dict, part: str = "message") -> tuple[str, dict[str, int]]:
    """The text of an answer, or of a piece of one, and its usage."""
    if BACKEND == "mistral":
        usage = answer.get("usage") or {}
        text = answer["choices"][0][part]["content"] if answer["choices"] else ""
        return text, {key: usage.get(key, 0) for key in ("prompt_tokens", "completion_tokens")}
    text = answer["message"]["content"] if CHAT else answer["response"]
    return text, {
        "prompt_tokens": answer.get("prompt_eval_count", 0), "completion_tokens": answer.get("eval_count", 0)
    }


def envelope(text: str, usage: dict[str, int], request_id: str, started: float) -> Envelope:
    ticket = Ticket.model_validate_json(text)
    values = ticket.model_dump()
    missing = sorted((name for name in FIELDS if values[name] == UNKNOWN), key=lambda name: FIELDS[name]["x-ask"])
    meta = Meta(
        request_id=request_id, backend=BACKEND, model=MODEL, usage=usage, missing_fields=missing,
        duration_ms=round((time.perf_counter() - started) * 1000),
    )
    return Envelope(success=True, data=ticket, message="Ticket analysé avec succès", meta=meta)


async def events(request: Request, body: Analyze, request_id: str, started: float):
    text, usage = "", {}
    async with request.app.state.client.stream("POST", URL, json=model_request(body, True)) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            line = line.removeprefix("data: ")
            if not line or line == "[DONE]":
                continue
            piece, usage = read(json.loads(line), "delta")
            text += piece
            if piece:
                yield f"event: delta\ndata: {json.dumps({'text': piece}, ensure_ascii=False)}\n\n"
    yield f"event: result\ndata: {envelope(text, usage, request_id, started).model_dump_json()}\n\n"


@app.post("/analyze", response_model=Envelope)
async def analyze(body: Analyze, request: Request):
    started = time.perf_counter()
    request_id = request.headers.get("x-request-id") or secrets.token_hex(16)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(events(request, body, request_id, started), media_type="text/event-stream")
    answer = await request.app.state.client.post(URL, json=model_request(body, False))
    answer.raise_for_status()
    return envelope(*read(answer.json()), request_id, started)


@app.get("/health")
async def health():
    return JSONResponse({"status": "healthy", "backend": BACKEND, "model": MODEL})
