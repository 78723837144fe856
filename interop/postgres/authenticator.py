"""An authenticator procedure that knows the clients of the table in schema.sql.

    authenticator.py URL REALM PROCEDURE

comes in anonymously at the router with this URL, as whoever may register there, and answers as
PostgresProvider does. Where the database is, libpq's variables tell: PGHOST, PGPORT, PGUSER,
PGDATABASE, PGPASSFILE. It ends when its session does, and whatever started it starts it again.
"""

import asyncio
import hashlib
import hmac
import sys

import asyncpg
from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError

CONNECTIONS = 8
SECONDS = 3

QUESTION = """
    SELECT role, ticket_sha256, cra_key, cra_salt, cra_iterations, cra_keylen, scram_record
    FROM principals WHERE authid = $1
"""

DENIED = "wamp.error.authentication_denied"


def principal(row, details):
    """What the row tells about the method; None where it does not know the client by that."""
    method = details["authmethod"]
    if method == "ticket":
        shown = hashlib.sha256(details["ticket"].encode()).digest()
        known = row["ticket_sha256"]
        return {"role": row["role"]} if known and hmac.compare_digest(known, shown) else None
    if method == "wampcra" and row["cra_key"]:
        return {
            "role": row["role"],
            "secret": row["cra_key"],
            "salt": row["cra_salt"],
            "iterations": row["cra_iterations"],
            "keylen": row["cra_keylen"],
        }
    if method == "wamp-scram" and row["scram_record"]:
        return {"role": row["role"], "record": row["scram_record"]}
    return None


class Authenticator(ApplicationSession):
    async def onJoin(self, joined):
        self.database = await asyncpg.create_pool(
            min_size=1, max_size=CONNECTIONS, timeout=SECONDS, command_timeout=SECONDS
        )
        await self.register(self.authenticate, self.config.extra["procedure"])
        print("ready", flush=True)

    async def authenticate(self, realm, authid, details):
        row = None
        if authid is not None and "\0" not in authid:  # which PostgreSQL has in no text
            row = await self.database.fetchrow(QUESTION, authid)
        found = principal(row, details) if row else None
        if found is None:
            raise ApplicationError(DENIED, "the authid or the secret is wrong")
        return found

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


if __name__ == "__main__":
    url, realm, procedure = sys.argv[1:]
    ApplicationRunner(url, realm, extra={"procedure": procedure}).run(Authenticator)
