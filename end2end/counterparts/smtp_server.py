"""A mail server that is none of ours: aiosmtpd on loopback, which writes each letter to a folder.

    smtp_server.py --port 1026 --into DIR [--refuse-first N]

The first N messages are refused for the moment (451), as a busy server does, so that a retry can be seen.
"""

import argparse
import pathlib
import signal

from aiosmtpd.controller import Controller


class Keep:
    def __init__(self, into: pathlib.Path, refuse_first: int):
        self.into, self.refuse, self.count = into, refuse_first, 0

    async def handle_DATA(self, _server, _session, envelope):
        if self.refuse > 0:
            self.refuse -= 1
            return "451 Try again later"
        self.count += 1
        (self.into / f"{self.count:04}.eml").write_bytes(envelope.original_content)
        (self.into / f"{self.count:04}.to").write_text("\n".join(envelope.rcpt_tos))
        return "250 Kept"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--into", type=pathlib.Path, required=True)
    arguments.add_argument("--refuse-first", type=int, default=0)
    given = arguments.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    server = Controller(Keep(given.into, given.refuse_first), hostname="127.0.0.1", port=given.port)
    server.start()
    print("ready", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
