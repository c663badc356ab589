"""A sender that is none of ours: zeep speaks from our WSDL, xmlsec1 signs. Prints what came of it as JSON.

    soap_client.py --wsdl https://localhost:8443/service/v3?wsdl --pki var/demo/pki --to 191212121212 [options]
"""

import argparse
import json
import pathlib
import re
import sys

import requests
import zeep
from lxml import etree
from zeep.transports import Transport

from delivery import BASE, Key, Letter, seal, sign, unsigned

# What can be wrong with a delivery, each made by changing one thing in a good one.
SPOILED = ["body", "inner-signature", "seal", "signatures-not-ok", "sha1"]


def build(letter: Letter, inner: Key, outer: Key, spoil: str | None) -> str:
    signed = sign(unsigned(letter), inner, "sha1" if spoil == "sha1" else "sha256")
    if spoil == "inner-signature":
        signed = re.sub(r"<SignatureValue>.", lambda m: m[0][:-1] + ("A" if m[0][-1] != "A" else "B"), signed)
    if spoil == "body":
        signed = signed.replace("<Subject>", "<Subject>!")
    sealed = seal(signed, outer, signatures_ok=spoil != "signatures-not-ok")
    if spoil == "seal":
        sealed = re.sub(r"(<ReceivedTime[^>]*>)\d{4}", r"\g<1>1999", sealed)
    return sealed


def connect(wsdl: str, pki: pathlib.Path, tls: Key) -> zeep.Client:
    session = requests.Session()
    # Without it a bundle named by the environment goes before ours.
    session.trust_env = False
    session.verify = str(pki / "ca.crt")
    session.cert = (str(tls.certificate), str(tls.key))
    return zeep.Client(wsdl, transport=Transport(session=session, timeout=30, operation_timeout=30))


def deliver(client: zeep.Client, sealed: str) -> dict:
    """Hands the delivery to zeep's own types, which write it anew with prefixes of their own."""
    kind = client.get_type(f"{{{BASE}Message/v3}}SealedDelivery")
    value = kind.parse_xmlelement(etree.fromstring(sealed.encode()), client.wsdl.types)
    try:
        result = client.service.deliverSecure(value)
    except zeep.exceptions.Fault as fault:
        name = {"c": BASE + "Common/v3"}
        told = fault.detail.find("c:applicationFault", name) if fault.detail is not None else None
        if told is None:
            return {"fault": {"code": None, "description": fault.message}}
        return {"fault": {
            "code": int(told.findtext("c:ErrorCode", namespaces=name)),
            "description": told.findtext("c:Description", namespaces=name),
            "callId": told.findtext("c:CallId", namespaces=name)}}
    return {"transId": result.TransId,
            "status": [{"recipient": s.RecipientId, "delivered": s.Delivered} for s in result.Status]}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wsdl", required=True)
    arguments.add_argument("--pki", type=pathlib.Path, required=True)
    arguments.add_argument("--to", default="191212121212")
    arguments.add_argument("--sender", default="162021004748")
    arguments.add_argument("--mediator", help="who seals and connects, if not the sender")
    arguments.add_argument("--subject", default="Ett brev från zeep")
    arguments.add_argument("--text", default="Hej på dig!")
    arguments.add_argument("--attach", type=pathlib.Path)
    arguments.add_argument("--spoil", choices=SPOILED)
    arguments.add_argument("--keep", type=pathlib.Path, help="also write the sealed delivery here")
    arguments.add_argument("--times", type=int, default=1, help="deliver the very same delivery so many times")
    given = arguments.parse_args()

    def key(organisation: str) -> Key:
        return Key(given.pki / f"{organisation}.key", given.pki / f"{organisation}.crt")

    inner, outer = key(given.sender), key(given.mediator or given.sender)
    attachments = [(given.attach.name, "application/pdf", given.attach.read_bytes())] if given.attach else []
    letter = Letter(given.sender, "Kommun A", given.to, given.subject, given.text, attachments)
    sealed = build(letter, inner, outer, given.spoil)
    if given.keep:
        given.keep.write_text(sealed)
    client = connect(given.wsdl, given.pki, outer)
    results = [deliver(client, sealed) for _ in range(given.times)]
    json.dump(results if given.times > 1 else results[0], sys.stdout)


if __name__ == "__main__":
    main()
