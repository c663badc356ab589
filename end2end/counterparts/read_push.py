"""Opens what a push service was given as another program does: decrypts with http_ece, checks the sender's token with py-vapid.

Reads what the catcher tells of a subscription from a file, and prints each message as JSON.
"""
import base64
import json
import sys

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


with open(sys.argv[1], encoding="utf-8") as file:
    subscription = json.load(file)
secret = int.from_bytes(decoded(subscription["private_key"]), "big")
key = ec.derive_private_key(secret, ec.SECP256R1())
told = []
for message in subscription["messages"]:
    authorization = message["headers"]["authorization"]
    token = authorization.split("t=")[1].split(",")[0]
    body = decoded(message["body"])
    told.append({
        "said": json.loads(http_ece.decrypt(
            body, private_key=key, auth_secret=decoded(subscription["keys"]["auth"]), version="aes128gcm",
        )),
        "length": len(body),
        "signed": Vapid02.verify(authorization),
        "claims": json.loads(decoded(token.split(".")[1])),
        "headers": {name: value for name, value in message["headers"].items() if name != "authorization"},
    })
print(json.dumps(told))
