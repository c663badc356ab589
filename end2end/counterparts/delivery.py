"""Makes a signed and sealed delivery as a sender's program does: prefix-free documents, signed by xmlsec1.

The rules are those of the contract: a stand-alone document, no prefixes, an enveloped signature with one reference to
the whole document, then the same once more for the seal.
"""

import base64
import datetime
import hashlib
import pathlib
import re
import subprocess
import tempfile
import uuid
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

BASE = "http://minameddelanden.gov.se/schema/"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
DIGESTS = {
    "sha256": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "sha1": ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"),
}


@dataclass
class Letter:
    """What the sender wants to say."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    attachments: list = field(default_factory=list)  # (file name, content type, bytes)


@dataclass
class Key:
    """A private key and the certificate that goes with it, PEM files."""

    key: pathlib.Path
    certificate: pathlib.Path

    def certificate_text(self) -> str:
        lines = self.certificate.read_text().splitlines()
        return "".join(lines[lines.index("-----BEGIN CERTIFICATE-----") + 1:lines.index("-----END CERTIFICATE-----")])


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unsigned(letter: Letter) -> str:
    """`SignedDelivery` that waits for its signature."""
    m1, m2, m3 = BASE + "Message", BASE + "Message/v2", BASE + "Message/v3"
    attachments = "".join(
        f'<Attachment><ContentType xmlns="{m1}">{escape(kind)}</ContentType><Body xmlns="{m1}">{b64(data)}</Body>'
        f'<Checksum xmlns="{m1}">{hashlib.md5(data).hexdigest().upper()}</Checksum>'
        f'<Filename xmlns="{m1}">{escape(name)}</Filename></Attachment>'
        for name, kind, data in letter.attachments)
    return (
        f'<SignedDelivery xmlns="{m3}"><Delivery><Header>'
        f'<Sender xmlns="{m2}"><Id xmlns="{BASE}Sender">{letter.sender}</Id>'
        f'<Name xmlns="{BASE}Sender">{escape(letter.sender_name)}</Name></Sender>'
        f'<Recipient xmlns="{m2}">{letter.recipient}</Recipient></Header>'
        f'<Message><Header><Id>{uuid.uuid4()}</Id><Subject>{escape(letter.subject)}</Subject>'
        f'<Supportinfo><Text>Kontakta oss</Text><URL>https://www.example.org/</URL>'
        f'<PhoneNumber>08-12 34 56</PhoneNumber><EmailAdress>hej@example.org</EmailAdress></Supportinfo>'
        f'<Language>svSE</Language></Header>'
        f'<Body><ContentType xmlns="{m1}">text/plain</ContentType>'
        f'<Body xmlns="{m1}">{b64(letter.text.encode())}</Body></Body>{attachments}'
        f'</Message></Delivery></SignedDelivery>')


def sign(document: str, key: Key, algorithm: str = "sha256") -> str:
    """The document with an enveloped signature as the last child of its root, made by xmlsec1."""
    signature, digest = DIGESTS[algorithm]
    template = (
        f'<Signature xmlns="{DSIG}"><SignedInfo>'
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        f'<SignatureMethod Algorithm="{signature}"/><Reference URI=""><Transforms>'
        f'<Transform Algorithm="{DSIG}enveloped-signature"/></Transforms>'
        f'<DigestMethod Algorithm="{digest}"/><DigestValue></DigestValue></Reference></SignedInfo>'
        '<SignatureValue></SignatureValue>'
        f'<KeyInfo><X509Data><X509Certificate>{key.certificate_text()}</X509Certificate></X509Data></KeyInfo>'
        '</Signature>')
    root_end = document.rindex("</")
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write(document[:root_end] + template + document[root_end:])
        file.flush()
        # The seal is the last signature; without the path xmlsec1 would sign the inner one again.
        signed = subprocess.run(
            ["xmlsec1", "--sign", "--privkey-pem", str(key.key),
             "--node-xpath", f"/*/*[local-name()='Signature' and namespace-uri()='{DSIG}']", file.name],
            check=True, capture_output=True, text=True).stdout
    # Stacks that bind XML to types write base64 without line breaks. A seal over broken lines would not hold after
    # them, so the lines are joined before anything is sealed.
    return re.sub(
        r"<SignatureValue>[^<]*", lambda found: "".join(found[0].split()), signed.split("?>", 1)[1].strip())


def seal(signed: str, key: Key, signatures_ok: bool = True, algorithm: str = "sha256") -> str:
    """`SealedDelivery` around a signed delivery, sealed."""
    m1, m3 = BASE + "Message", BASE + "Message/v3"
    inner = signed.replace(f'<SignedDelivery xmlns="{m3}"', "<SignedDelivery", 1)
    return sign(
        f'<SealedDelivery xmlns="{m3}">{inner}<Seal><ReceivedTime xmlns="{m1}">{datetime.date.today()}</ReceivedTime>'
        f'<SignaturesOK xmlns="{m1}">{"true" if signatures_ok else "false"}</SignaturesOK></Seal></SealedDelivery>',
        key, algorithm)
