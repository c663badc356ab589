// Senders of other makes: types from our WSDL (zeep, JAX-WS), signatures by xmlsec1 and the JDK.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { house, people, python } from "../support/house.mjs";
import { run } from "../support/run.mjs";
import { close, login, visitor } from "../support/browser.mjs";

after(close);
const wsdl = `${house.service}?wsdl`;
const pki = ["--wsdl", wsdl, "--pki", house.pki];

/** Delivers with zeep; gives what came of it. */
async function zeep(...args) {
  return JSON.parse(await python("soap_client.py", ...pki, ...args));
}

/** The subjects of the newest letters, a line each. */
async function subjects() {
  const { page, done } = await visitor({ script: false });
  await login(page, people.tolvan);
  const text = (await page.locator('.letter-row a[href^="/brev/"]').allInnerTexts()).join("\n");
  await done();
  return text;
}

describe("zeep and xmlsec1", () => {
  test("deliver a letter that is then in the mailbox", async () => {
    const keep = path.join(house.home, "zeep-sealed.xml");
    const result = await zeep("--subject", "Brev från zeep & xmlsec1 åäö", "--keep", keep);
    assert.match(result.transId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(result.status, [{ recipient: people.tolvan.number, delivered: true }]);
    assert.match(await subjects(), /Brev från zeep & xmlsec1 åäö/);
  });

  test("a mediator with the right delivers for a sender", async () => {
    const result = await zeep("--sender", "162021004748", "--mediator", "162021003898", "--subject", "Genom Kommun B");
    assert.equal(result.status[0].delivered, true);
  });

  test("the very same delivery twice is one letter and one TransId", async () => {
    const [first, second] = await zeep("--subject", "Bara en gång", "--times", "2");
    assert.equal(first.transId, second.transId);
    assert.equal((await subjects()).match(/Bara en gång/g).length, 1);
  });

  test("a recipient without a mailbox here is not delivered to, which is no fault", async () => {
    const result = await zeep("--to", people.agnes.number, "--subject", "Bor inte här");
    assert.equal(result.status[0].delivered, false);
  });

  for (const [spoil, codes] of [
    ["body", [5002, 5012]], ["inner-signature", [5002, 5012]], ["seal", [5002, 5012]],
    ["signatures-not-ok", [5001, 5002, 5012]], ["sha1", [5002, 5012]],
  ]) {
    test(`a delivery with a spoiled ${spoil} gets a typed fault and leaves nothing`, async () => {
      const result = await zeep("--subject", `Förstört ${spoil}`, "--spoil", spoil);
      assert.ok(codes.includes(result.fault.code), JSON.stringify(result));
      assert.match(result.fault.callId, /^.{20,50}$/);
      assert.doesNotMatch(result.fault.description, /Förstört|191212|panick|src\//);
      assert.doesNotMatch(await subjects(), /Förstört/);
    });
  }

  test("a mediator without the right is refused by name of the rule", async () => {
    const result = await zeep("--sender", "162021005448", "--mediator", "162021003898", "--subject", "Utan rätt");
    assert.ok([6005, 5002].includes(result.fault.code), JSON.stringify(result));
  });
});

describe("a Java client made from our WSDL", () => {
  const unsigned = path.join(house.home, "unsigned.xml");
  const java = (how) => run(path.join(house.counterparts, "java/run.sh"), [
    path.join(house.home, "java"), wsdl, house.service, house.pki, "162021004748", unsigned, how,
  ]);

  before(async () => {
    const made = await run(house.python, ["-c", `
import sys; sys.path.insert(0, sys.argv[1])
from delivery import Letter, unsigned
print(unsigned(Letter("162021004748", "Kommun A", "191212121212", "Brev från Java", "Hej från JAX-WS")), end="")`,
    house.counterparts]);
    writeFileSync(unsigned, made);
  });

  test("signs with the JDK, delivers through JAX-WS, and the letter is there", async () => {
    assert.match(await java("good"), /^delivered [0-9a-f-]{36}$/m);
    assert.match(await subjects(), /Brev från Java/);
  });

  test("gets a typed fault for a changed subject", async () => {
    assert.match(await java("spoiled"), /^fault (5002|5012) \S{20,50} /m);
  });
});

describe("the published contract", { skip: house.contracts ? false : "the contract files are not here" }, () => {
  test("and our WSDL name the same operations, messages, elements and types", async () => {
    const told = await python("compare_contract.py", ...pki, "--contract", path.join(house.contracts, "v3/Service.wsdl"));
    assert.match(told, /^same$/m, told);
  });
});
