"""Autobahn-Python (PyPI `autobahn`), on the framework named by the only argument: asyncio or twisted.

Requests come in on standard input, one JSON object a line, answers and events leave on standard
output. Values JSON cannot carry travel as {"$bytes": base64} and {"$int": decimal digits}.
"""

import asyncio
import base64
import json
import os
import sys

import cbor2
import txaio

FRAMEWORK = sys.argv[1]
if FRAMEWORK == "twisted":
    # On asyncio's loop, so that both frameworks read their requests the same way.
    loop = asyncio.new_event_loop()
    from twisted.internet import asyncioreactor

    asyncioreactor.install(loop)
    from twisted.internet import reactor

    txaio.use_twisted()
    txaio.config.loop = reactor
    from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
else:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    txaio.use_asyncio()
    txaio.config.loop = loop
    from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession

from autobahn.wamp import types
from autobahn.wamp.auth import create_authenticator
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}
REFUSED = "tandem.interop.error.refused"
MAX_SAFE_INTEGER = 2**53
UINT8_ARRAY = 64  # the CBOR tag of RFC 8746 that JavaScript libraries put on bytes

# Session name to what is open under it.
sessions = {}


def plain(value):
    """From Python values to JSON."""
    if isinstance(value, cbor2.CBORTag) and value.tag == UINT8_ARRAY:
        value = value.value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        return {"$int": str(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def native(value):
    """From JSON to Python values."""
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        if "$int" in value:
            return int(value["$int"])
        return {key: native(item) for key, item in value.items()}
    if isinstance(value, list):
        return [native(item) for item in value]
    return value


def payload(args, kwargs):
    return {"args": plain(args or []), "kwargs": plain(kwargs or {})}


def unwrap(result):
    """A single positional result arrives bare, several or keyword ones as a CallResult."""
    if isinstance(result, types.CallResult):
        return payload(result.results, result.kwresults)
    return payload([] if result is None else [result], {})


def future(pending):
    """Autobahn answers with a Deferred under Twisted and a Future under asyncio."""
    return pending.asFuture(loop) if hasattr(pending, "asFuture") else pending


def echo(*args, details=None, **kwargs):
    return types.CallResult(*args, **kwargs)


def refuse(*args, details=None, **kwargs):
    raise ApplicationError(REFUSED, *args, **kwargs)


def count(up_to, details=None):
    for n in range(1, up_to + 1):
        details.progress(n)
    return up_to


def hang(details=None):
    """Never answers; the library cancels what it waits on when the router sends INTERRUPT."""
    return txaio.create_future(canceller=lambda _: None)


BEHAVIOURS = {"echo": echo, "refuse": refuse, "count": count, "hang": hang}


class Session(ApplicationSession):
    def __init__(self, config):
        super().__init__(config)
        self.joined = loop.create_future()
        self.left = loop.create_future()
        self.gone = loop.create_future()
        self.registrations = {}
        self.subscriptions = {}
        self.calls = {}
        self.proof = None

    def onConnect(self):
        given = self.config.extra
        if not given:
            self.join(self.config.realm)
            return
        named = {
            "ticket": "ticket",
            "wampcra": "secret",
            "scram": "password",
            "cryptosign": "privkey",
        }
        secret = {named[given["method"]]: given["secret"]}
        self.proof = create_authenticator(given["method"], authid=given["authid"], **secret)
        self.join(
            self.config.realm,
            authmethods=[given["method"]],
            authid=given["authid"],
            authextra=self.proof.authextra,
        )

    def onChallenge(self, challenge):
        shown = self.proof.on_challenge(self, challenge)
        return shown.decode() if isinstance(shown, bytes) else shown

    def onWelcome(self, welcome):
        # Where the router proves itself too, the library ends the session when it does not.
        return self.proof.on_welcome(self, welcome.authextra) if self.proof else None

    def onJoin(self, details):
        self.joined.set_result(details)

    def onLeave(self, details):
        if not self.joined.done():
            self.joined.set_exception(Exception(f"{details.reason}: {details.message}"))
        self.left.set_result(details.reason)
        self.disconnect()

    def onDisconnect(self):
        if not self.joined.done():
            self.joined.set_exception(Exception("the transport closed before WELCOME"))
        self.gone.set_result(None)

    def onUserError(self, fail, msg):
        pass  # a procedure that refuses is no news


async def open_session(request):
    opened = loop.create_future()  # set when the transport's handshake is over

    def make(config):
        opened.set_result(Session(config))
        return opened.result()

    runner = ApplicationRunner(
        request["url"],
        request["realm"],
        extra=request.get("proof"),
        serializers=[
            SERIALIZERS[request["serializer"]](batched=request["transport"] == "batched")
        ],
    )
    if FRAMEWORK == "twisted":
        await future(runner.run(make, start_reactor=False))
    else:
        await runner.run(make, start_loop=False)
    session = await opened
    details = await session.joined
    sessions[request["session"]] = session
    roles = {
        name: {"features": {k: v for k, v in vars(role).items() if v is True}}
        for name, role in session._router_roles.items()
    }
    told = {
        "authid": details.authid,
        "authrole": details.authrole,
        "authmethod": details.authmethod,
    }
    compressed = bool(getattr(session._transport, "websocket_extensions_in_use", []))
    return {"id": details.session, "roles": roles, "details": told, "compressed": compressed}


async def close_session(request):
    session = sessions.pop(request["session"])
    session.leave()
    reason = await session.left
    await session.gone
    return {"reason": reason}


async def left(request):
    session = sessions.pop(request["session"])
    reason = await session.left
    await session.gone
    return {"reason": reason}


async def register(request):
    session = sessions[request["session"]]
    registration = await future(
        session.register(
            BEHAVIOURS[request["behaviour"]],
            request["procedure"],
            types.RegisterOptions(details_arg="details", **request["options"]),
        )
    )
    session.registrations[request["procedure"]] = registration
    return {"registration": registration.id}


async def unregister(request):
    session = sessions[request["session"]]
    await future(session.registrations.pop(request["procedure"]).unregister())


async def call(request):
    session = sessions[request["session"]]
    chunks = []
    options = (
        types.CallOptions(on_progress=lambda *args: chunks.append(plain(args)))
        if request.get("progress")
        else types.CallOptions()
    )
    pending = session.call(
        request["procedure"], *native(request["args"]), options=options, **native(request["kwargs"])
    )
    session.calls[request.get("label")] = pending
    result = await future(pending)
    return {**unwrap(result), "chunks": chunks}


async def cancel(request):
    sessions[request["session"]].calls[request["label"]].cancel()


async def subscribe(request):
    name, topic = request["session"], request["topic"]
    session = sessions[name]

    def arrived(*args, details=None, **kwargs):
        event = {"session": name, "topic": topic, "publication": details.publication}
        send({"event": {**event, **payload(args, kwargs)}})

    options = types.SubscribeOptions(details_arg="details", **request["options"])
    subscription = await future(session.subscribe(arrived, topic, options))
    session.subscriptions[topic] = subscription
    return {"subscription": subscription.id}


async def unsubscribe(request):
    session = sessions[request["session"]]
    await future(session.subscriptions.pop(request["topic"]).unsubscribe())


async def publish(request):
    session = sessions[request["session"]]
    options = types.PublishOptions(
        acknowledge=True, exclude_me=request.get("excludeMe"), **request["options"]
    )
    publication = await future(
        session.publish(
            request["topic"],
            *native(request["args"]),
            options=options,
            **native(request["kwargs"]),
        )
    )
    return {"publication": publication.id}


OPERATIONS = {
    "open": open_session,
    "close": close_session,
    "left": left,
    "register": register,
    "unregister": unregister,
    "call": call,
    "cancel": cancel,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "publish": publish,
}


def send(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def answer(request):
    try:
        send({"id": request["id"], "ok": await OPERATIONS[request["op"]](request) or {}})
    except ApplicationError as error:
        described = {"uri": error.error, **payload(error.args, error.kwargs)}
        send({"id": request["id"], "error": described})
    except (Exception, asyncio.CancelledError) as error:
        send({"id": request["id"], "error": {"message": f"{type(error).__name__}: {error}"}})


async def serve():
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        task = loop.create_task(answer(json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)
    os._exit(0)  # sessions left open end with the process, whatever the framework thinks of it


if FRAMEWORK == "twisted":
    serving = []  # a task that nobody holds may be collected before it is done
    reactor.callWhenRunning(lambda: serving.append(loop.create_task(serve())))
    reactor.run()
else:
    loop.run_until_complete(serve())
