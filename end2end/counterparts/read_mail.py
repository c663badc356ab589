"""Reads a mail message from a file as another program does, and tells what it found, as JSON."""
import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)

text, html = message.get_body(("plain",)), message.get_body(("html",))
print(json.dumps({
    "from": str(message["From"]),
    "sender": message["From"].addresses[0].display_name,
    "address": message["From"].addresses[0].addr_spec,
    "to": str(message["To"]),
    "subject": str(message["Subject"]),
    "signature": str(message["X-Brevlada-Signature"]),
    "text": text.get_content(),
    "html": html.get_content(),
    "attachments": [
        {"name": part.get_filename(), "type": part.get_content_type(), "bytes": len(part.get_payload(decode=True))}
        for part in message.iter_attachments()
    ],
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
}))
