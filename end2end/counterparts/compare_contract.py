"""Whether our WSDL promises what the published contract does, element by element, as zeep understands both.

    compare_contract.py --wsdl https://…?wsdl --pki DIR --contract v3/Service.wsdl

Prints `same`, or each difference and status 1. XML Signature is compared by name only: it is W3C's.
"""

import argparse
import pathlib
import sys

import zeep
from zeep.xsd import AnySimpleType, ComplexType
from zeep.xsd.elements import Any, Choice, Element

from delivery import DSIG, Key
from soap_client import connect


def describe(element, path: str, into: dict, above: tuple = ()):
    """Every element below `element`, by its path, with how often it may come and what it holds."""
    kind = element.type
    name = str(element.qname)
    path = f"{path}/{name}"
    simple = isinstance(kind, AnySimpleType) or not isinstance(kind, ComplexType)
    into[path] = (element.min_occurs, str(element.max_occurs), base_of(kind) if simple else "element")
    if simple or DSIG in name or kind in above:
        return
    for attribute, _ in kind.attributes:
        into[f"{path}/@{attribute}"] = ()
    for _, child in kind.elements_nested or []:
        walk(child, path, into, (*above, kind))


def walk(part, path: str, into: dict, above: tuple):
    if isinstance(part, Any):
        into[f"{path}/*"] = (part.min_occurs, str(part.max_occurs))
    elif isinstance(part, Element):
        describe(part, path, into, above)
    else:
        for child in part:
            walk(child, f"{path}/choice" if isinstance(part, Choice) else path, into, above)


def base_of(kind) -> str:
    """The built-in type under a restriction."""
    for ancestor in type(kind).__mro__:
        if ancestor.__module__ == "zeep.xsd.types.builtins":
            return ancestor.__name__
    return type(kind).__name__


def promises(client: zeep.Client) -> dict:
    into = {}
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            for name, operation in port.binding._operations.items():
                where = f"{service.name}/{port.name}/{name}"
                into[where] = (operation.soapaction or "", operation.style)
                for message in (operation.input, operation.output):
                    describe(message.body, where, into)
                for fault, message in operation.faults.items():
                    for part in message.abstract.parts.values():
                        describe(part.element, f"{where}/fault", into)
    return into


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wsdl", required=True)
    arguments.add_argument("--pki", type=pathlib.Path)
    arguments.add_argument("--contract", required=True)
    given = arguments.parse_args()
    if given.wsdl.startswith("https:"):
        sender = given.pki / "162021004748"
        ours = connect(given.wsdl, given.pki, Key(sender.with_suffix(".key"), sender.with_suffix(".crt")))
    else:
        ours = zeep.Client(given.wsdl)
    ours, theirs = promises(ours), promises(zeep.Client(given.contract))
    wrong = [f"missing here: {path}" for path in sorted(theirs.keys() - ours.keys())]
    wrong += [f"not in the contract: {path}" for path in sorted(ours.keys() - theirs.keys())]
    wrong += [f"{path}: here {ours[path]}, contract {theirs[path]}"
              for path in sorted(ours.keys() & theirs.keys()) if ours[path] != theirs[path]]
    print("\n".join(wrong) or "same")
    print(f"{len(theirs)} promises compared")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
