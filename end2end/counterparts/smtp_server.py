"""A mail server that is none of ours: aiosmtpd on loopback, which writes each letter to a folder.

    smtp_server.py --port 1026 --into DIR [--refuse-first N] [--cert FILE --key FILE]

The first N messages are refused for the moment (451), as a busy server does, so that a retry can be seen. With a certificate
nothing is taken but over STARTTLS.
"""

import argparse
import pathlib
import signal
import ssl

from aiosmtpd.controller import Controller


class Keep:
    def __init__(self, into: pathlib.Path, refuse_first: int):
        self.into, self.refuse, self.count = into, refuse_first, 0

    async def handle_DATA(self, _server, session, envelope):
        if self.refuse > 0:
            self.refuse -= 1
            (self.into / "refused").write_text("encrypted" if session.ssl else "in the clear")
            return "451 Try again later"
        self.count += 1
        (self.into / f"{self.count:04}.to").write_text("\n".join(envelope.rcpt_tos))
        (self.into / f"{self.count:04}.from").write_text(envelope.mail_from)
        (self.into / f"{self.count:04}.eml").write_bytes(envelope.original_content)
        return "250 Kept"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--into", type=pathlib.Path, required=True)
    arguments.add_argument("--refuse-first", type=int, default=0)
    arguments.add_argument("--cert")
    arguments.add_argument("--key")
    given = arguments.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    secured = {}
    if given.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.cert, given.key)
        secured = {"tls_context": context, "require_starttls": True}
    server = Controller(Keep(given.into, given.refuse_first), hostname="127.0.0.1", port=given.port, **secured)
    server.start()
    print("ready", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
