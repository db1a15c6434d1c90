"""A mail server for tests: keeps each mail in a folder, and misbehaves when asked to.

    /usr/bin/python3 smtp_sink.py FOLDER [--max-per-connection N [--enough 452]] [--login USER:PASSWORD]
                                         [--certificate PEM [--starttls]]

prints the port it listens on (127.0.0.1) as its first line and ends when its input ends. Each mail
becomes FOLDER/0001.eml (the text as received) and FOLDER/0001.json (sender, recipients, connection,
whether it came over TLS). What it does is said by the recipient's local part:

    reject550@  busy450@  closing421@  reject-data554@  busy-data451@  drop-before@  drop-body@
    drop-after@ (keeps the mail, then hangs up without a word)  stall@ (keeps it, answers never)

A number after a `+` makes it so only that many times: busy450+2@ is taken the third time.
"""
import argparse
import asyncio
import collections
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--max-per-connection", type=int, default=0)
parser.add_argument("--enough", default="421", help="said once a connection had its mails; 421 hangs up too")
parser.add_argument("--certificate", help="PEM with key: TLS from the first byte, or by STARTTLS")
parser.add_argument("--starttls", action="store_true")
parser.add_argument("--login", help="USER:PASSWORD, required")
options = parser.parse_args()
os.makedirs(options.folder, exist_ok=True)

seen = collections.Counter()
counts = collections.Counter()


def wish(address):
    """The behaviour that an address asks for, '' once it has had its number of times."""
    word, _, times = address.partition("@")[0].partition("+")
    if times.isdigit():
        seen[address] += 1
        if seen[address] > int(times):
            return ""
    return word


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        limit = options.max_per_connection
        if limit and counts[session.peer] >= limit:
            if options.enough == "421":
                server.transport.close()
            return options.enough + " too many mails on this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        envelope.wish = wish(address)
        if envelope.wish == "reject550":
            return "550 5.1.1 no such mailbox"
        if envelope.wish == "busy450":
            return "450 4.2.0 greylisted, come back"
        if envelope.wish == "closing421":
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
            return "421 4.3.2 shutting down"
        if envelope.wish == "drop-before":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.wish == "reject-data554":
            return "554 5.7.1 message refused"
        if envelope.wish == "busy-data451":
            return "451 4.3.0 try later"
        self.keep(server, session, envelope)
        if envelope.wish == "drop-after":
            server.transport.abort()
            return "250 never heard"
        if envelope.wish == "stall":
            await asyncio.sleep(3600)
        return "250 OK kept as %d" % counts["mails"]

    def keep(self, server, session, envelope):
        counts["mails"] += 1
        counts[session.peer] += 1
        name = os.path.join(options.folder, "%04d" % counts["mails"])
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "hello": session.host_name,
            "connection": session.peer[1],  # the client's port
            "tls": server.transport.get_extra_info("sslcontext") is not None,
        }
        for suffix, content in ((".json", json.dumps(facts).encode()), (".eml", envelope.content)):
            with open(name + suffix + ".part", "wb") as file:
                file.write(content)
            os.rename(name + suffix + ".part", name + suffix)


class Server(SMTP):
    """Hangs up in the middle of a body when asked to."""

    async def smtp_DATA(self, arg):
        if getattr(self.envelope, "wish", "") == "drop-body":
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def check_login(server, session, envelope, mechanism, data):
    user, _, password = options.login.partition(":")
    given = (data.login.decode(), data.password.decode())
    return AuthResult(success=given == (user, password), handled=False)


def make():
    extra = {}
    if options.starttls:
        extra["tls_context"] = server_context()
    if options.login:
        extra.update(authenticator=check_login, auth_required=True,
                     auth_require_tls=options.starttls)
    return Server(Handler(), hostname="sink.invalid", **extra)


def server_context():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.certificate)
    return context


async def main():
    implicit = server_context() if options.certificate and not options.starttls else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=implicit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
