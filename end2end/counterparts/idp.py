"""A SAML identity provider that is none of ours: pysaml2 and xmlsec1 on loopback.

    idp.py --port 8091 --home DIR --sp http://localhost:8080/saml/metadata

`/metadata` is its metadata, `/sso` takes the request (Redirect or POST) and shows a form without any script: who to
be, and how to answer (`scenario`). The answer is a page with one button that posts it to the service.
The keys are made in DIR at the first start; DIR/metadata.crt is the certificate that signs the metadata.
"""

import argparse
import base64
import contextlib
import html
import pathlib
import subprocess
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import saml2.entity
import saml2.sigver
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.assertion import Policy
from saml2.config import Config
from saml2.metadata import entity_descriptor, sign_entity_descriptor
from saml2.saml import NAMEID_FORMAT_TRANSIENT, NAME_FORMAT_URI, NameID
from saml2.server import Server
from saml2.sigver import security_context
from saml2.validate import valid_instance
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
LOA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
CANCEL = "http://id.elegnamnden.se/status/1.0/cancel"
SHA1_RSA = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"

PERSONS = {
    "191212121212": {"givenName": "Tolvan", "sn": "Tolvansson", "displayName": "Tolvan Tolvansson"},
    "198001019871": {"givenName": "Åsa", "sn": "Öberg", "displayName": "Åsa Öberg"},
}

# Name of a cipher → what the EncryptedData says, and the session key that xmlsec1 makes for it.
CIPHERS = {
    "cbc128": ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "aes-128"),
    "cbc192": ("http://www.w3.org/2001/04/xmlenc#aes192-cbc", "aes-192"),
    "cbc256": ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "aes-256"),
    "gcm128": ("http://www.w3.org/2009/xmlenc11#aes128-gcm", "aes-128"),
    "gcm192": ("http://www.w3.org/2009/xmlenc11#aes192-gcm", "aes-192"),
    "gcm256": ("http://www.w3.org/2009/xmlenc11#aes256-gcm", "aes-256"),
    # What the framework does not allow, and pysaml2 does by default.
    "3des": ("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "des-192"),
}

SCENARIOS = {
    **{f"ok-{name}": f"Logged in, {name}" for name in CIPHERS if name != "3des"},
    "assertion-unsigned": "Logged in, only the response is signed",
    "3des": "Encrypted with 3DES",
    "plain": "Assertion not encrypted",
    "unsigned": "Response not signed",
    "sha1": "Signed with SHA-1",
    "loa2": "Level 2 only",
    "cancel": "The person cancels",
    "audience": "Meant for another service",
    "destination": "Meant for another address",
    "inresponseto": "Answer to another request",
    "expired": "Expired ten minutes ago",
    "nopnr": "Without a personal identity number",
}


def make_key(folder: pathlib.Path, name: str) -> tuple[str, str]:
    """An RSA key with a self-signed certificate around it, made once."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    if not certificate.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-sha256",
             "-subj", f"/CN=pysaml2 {name}", "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True)
    return str(key), str(certificate)


class IdentityProvider:
    """One pysaml2 server for each lifetime of an answer; pysaml2 takes it from its configuration."""

    def __init__(self, base: str, home: pathlib.Path, service_metadata: str):
        self.base, self.home, self.service_metadata = base, home, service_metadata
        home.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = make_key(home, "idp")
        self.metadata_key, self.metadata_certificate = make_key(home, "metadata")
        self.maps = home / "maps"
        self.maps.mkdir(exist_ok=True)
        (self.maps / "swedenconnect.py").write_text(ATTRIBUTE_MAP)
        self.service = home / "service.xml"
        # pysaml2 keeps the cipher in module state: one answer at a time.
        self.lock = threading.Lock()

    def config(self, minutes: int = 5, with_service: bool = True) -> dict:
        return {
            "entityid": f"{self.base}/metadata",
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "attribute_map_dir": str(self.maps),
            "key_file": self.key,
            "cert_file": self.certificate,
            "metadata": {"local": [str(self.service)]} if with_service else {},
            "entity_attributes": [{
                "format": NAME_FORMAT_URI,
                "name": "urn:oasis:names:tc:SAML:attribute:assurance-certification",
                "values": [LOA3],
            }],
            "service": {"idp": {
                "name": "pysaml2",
                "ui_info": {"display_name": [{"text": "E-legitimation av annan tillverkare", "lang": "sv"},
                                             {"text": "Another maker's e-identification", "lang": "en"}]},
                "want_authn_requests_signed": True,
                "sign_response": True,
                "sign_assertion": True,
                "signing_algorithm": SIG_RSA_SHA256,
                "digest_algorithm": DIGEST_SHA256,
                "name_id_format": [NAMEID_FORMAT_TRANSIENT],
                "endpoints": {"single_sign_on_service": [
                    (f"{self.base}/sso", BINDING_HTTP_REDIRECT), (f"{self.base}/sso", BINDING_HTTP_POST)]},
                "policy": {"default": {"lifetime": {"minutes": minutes}, "attribute_restrictions": None,
                                       "name_form": NAME_FORMAT_URI, "sign": ["response", "assertion"]}},
            }},
        }

    def metadata(self) -> str:
        """Its metadata, signed with the metadata key."""
        config = Config().load({**self.config(with_service=False), "key_file": self.key})
        descriptor = entity_descriptor(config)
        config.key_file, config.cert_file = self.metadata_key, self.metadata_certificate
        descriptor, xml = sign_entity_descriptor(
            descriptor, None, security_context(config), SIG_RSA_SHA256, DIGEST_SHA256)
        valid_instance(descriptor)
        return xml

    def server(self, minutes: int = 5) -> Server:
        with urllib.request.urlopen(self.service_metadata, timeout=10) as answer:
            self.service.write_bytes(answer.read())
        return Server(config=Config().load(self.config(minutes)))

    def read_request(self, server: Server, request: str, binding: str, query: dict):
        if binding == BINDING_HTTP_REDIRECT:
            parsed = server.parse_authn_request(
                request, binding, relay_state=query.get("RelayState"), sigalg=query.get("SigAlg"),
                signature=query.get("Signature"))
        else:
            parsed = server.parse_authn_request(request, binding)
        return parsed.message

    def answer(self, fields: dict) -> tuple[str, str]:
        """The address to post to, and the response in base64."""
        scenario, person = fields["scenario"], fields["person"]
        with self.lock:
            server = self.server(minutes=-10 if scenario == "expired" else 5)
            message = self.read_request(server, fields["SAMLRequest"], fields["binding"], fields)
            target = server.response_args(message, [BINDING_HTTP_POST])
            destination, request_id = target["destination"], target["in_response_to"]
            service = target["sp_entity_id"]
            if scenario == "cancel":
                response = server.create_error_response(
                    request_id, destination, info=(CANCEL, "The person cancelled"), sign=True,
                    sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256)
                return destination, encode(response)
            identity = {"personalIdentityNumber": person, **PERSONS.get(person, PERSONS["191212121212"])}
            if scenario == "nopnr":
                del identity["personalIdentityNumber"]
            certificate = encryption_certificate(server, service)
            post_to = destination
            if scenario == "destination":
                destination = "http://localhost:1/saml/acs"
            cipher = "3des" if scenario == "3des" else scenario.removeprefix("ok-")
            audience = "http://localhost:1/another" if scenario == "audience" else service
            with encrypting_with(*CIPHERS.get(cipher, CIPHERS["gcm256"])), meant_for(audience):
                response = server.create_authn_response(
                    identity,
                    "_0123456789abcdef0123456789abcdef" if scenario == "inresponseto" else request_id,
                    destination,
                    service,
                    name_id=NameID(format=NAMEID_FORMAT_TRANSIENT, text="_" + saml2.s_utils.sid()),
                    authn={"class_ref": LOA2 if scenario == "loa2" else LOA3, "authn_auth": ""},
                    sign_response=scenario != "unsigned",
                    sign_assertion=scenario != "assertion-unsigned",
                    encrypt_assertion=scenario != "plain",
                    encrypt_assertion_self_contained=True,
                    encrypt_cert_assertion=certificate,
                    sign_alg=SHA1_RSA if scenario == "sha1" else SIG_RSA_SHA256,
                    digest_alg=DIGEST_SHA256,
                )
            return post_to, encode(response)


def encode(response) -> str:
    return base64.b64encode(str(response).encode()).decode()


def encryption_certificate(server: Server, service: str) -> str:
    """The service's encryption key as its metadata gives it."""
    return server.metadata.certs(service, "spsso", "encryption")[0][1]


@contextlib.contextmanager
def encrypting_with(algorithm: str, session_key: str):
    """pysaml2 writes 3DES into the template and into its call of xmlsec1: both are put right here."""
    template, encrypt = saml2.entity.pre_encryption_part, saml2.sigver.SecurityContext.encrypt_assertion

    def with_algorithm(**arguments):
        return template(**{**arguments, "msg_enc": algorithm})

    def with_session_key(self, statement, enc_key, part, key_type="", node_xpath=None):
        return encrypt(self, statement, enc_key, part, session_key, node_xpath)

    saml2.entity.pre_encryption_part = with_algorithm
    saml2.sigver.SecurityContext.encrypt_assertion = with_session_key
    try:
        yield
    finally:
        saml2.entity.pre_encryption_part = template
        saml2.sigver.SecurityContext.encrypt_assertion = encrypt


@contextlib.contextmanager
def meant_for(audience: str):
    """pysaml2 names the service that asked as the audience; this names another."""
    conditions = Policy.conditions

    def with_audience(self, service):
        made = conditions(self, service)
        made.audience_restriction[0].audience[0].text = audience
        return made

    Policy.conditions = with_audience
    try:
        yield
    finally:
        Policy.conditions = conditions


ATTRIBUTE_MAP = '''
_names = {
    "urn:oid:1.2.752.29.4.13": "personalIdentityNumber",
    "urn:oid:2.5.4.42": "givenName",
    "urn:oid:2.5.4.4": "sn",
    "urn:oid:2.16.840.1.113730.3.1.241": "displayName",
    "urn:oid:1.3.6.1.5.5.7.9.1": "dateOfBirth",
}
MAP = {
    "identifier": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
    "fro": _names,
    "to": {name: oid for oid, name in _names.items()},
}
'''

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>"""


class Handler(BaseHTTPRequestHandler):
    provider: IdentityProvider

    def log_message(self, *_):
        pass

    def show(self, status: int, body: str, kind: str = "text/html"):
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def page(self, title: str, body: str, status: int = 200):
        self.show(status, PAGE.format(title=html.escape(title), body=body))

    def choose(self, fields: dict, binding: str):
        """Who to be, and how to answer. The request is checked first: an unsigned one is refused."""
        try:
            with self.provider.lock:
                self.provider.read_request(self.provider.server(), fields["SAMLRequest"], binding, fields)
        except Exception as problem:  # whatever pysaml2 finds wrong is shown, not hidden
            return self.page("Request refused", f"<p>{html.escape(repr(problem))}</p>", 400)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in {**fields, "binding": binding}.items())
        persons = "".join(f'<option value="{p}">{html.escape(i["displayName"])}' for p, i in PERSONS.items())
        scenarios = "".join(f'<option value="{s}">{html.escape(t)}' for s, t in SCENARIOS.items())
        self.page("Log in with pysaml2", f"""<form method="post" action="/answer">{hidden}
            <label>Person <select name="person">{persons}</select></label>
            <label>Answer <select name="scenario">{scenarios}</select></label><button>Go on</button></form>""")

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/metadata":
            self.show(200, self.provider.metadata(), "application/samlmetadata+xml")
        elif address.path == "/sso":
            self.choose(dict(urllib.parse.parse_qsl(address.query)), BINDING_HTTP_REDIRECT)
        else:
            self.page("No such page", "", 404)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(urllib.parse.parse_qsl(raw))
        if self.path == "/sso":
            return self.choose(fields, BINDING_HTTP_POST)
        try:
            destination, response = self.provider.answer(fields)
        except Exception as problem:
            return self.page("Cannot answer", f"<p>{html.escape(repr(problem))}</p>", 500)
        relay = html.escape(fields.get("RelayState", ""))
        self.page("Back to the service", f"""<form method="post" action="{html.escape(destination)}">
            <input type="hidden" name="SAMLResponse" value="{response}">
            <input type="hidden" name="RelayState" value="{relay}"><button>Back to the service</button></form>""")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--home", type=pathlib.Path, required=True)
    arguments.add_argument("--sp", required=True, help="address of the service's metadata")
    given = arguments.parse_args()
    Handler.provider = IdentityProvider(f"http://localhost:{given.port}", given.home, given.sp)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
