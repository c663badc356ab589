// A mail server of another make, which takes nothing but over STARTTLS and is busy at first; and what comes back from one like it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import { caughtWhere, house, people, send } from "../support/house.mjs";
import { accessible, close, giveAddress, login, visitor, words } from "../support/browser.mjs";

after(close);
const { sv } = words;
const folder = path.join(house.home, "mail");
const address = "tolvan@post.example";

/** The mail with a number, once it has been kept: to whom, from where, and its text. */
async function mail(number) {
  const name = path.join(folder, String(number).padStart(4, "0"));
  for (let look = 0; look < 100 && !existsSync(`${name}.eml`); look += 1) await sleep(200);
  const read = (kind) => readFileSync(`${name}.${kind}`, "utf8");
  return { to: read("to"), from: read("from"), text: read("eml") };
}

/** A report of a mail, as servers write it (RFC 3464). */
const report = (returnPath) => [
  "From: MAILER-DAEMON@post.example", `To: ${returnPath}`, "Subject: Undelivered Mail Returned to Sender", "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="8D6B.1/post.example"', "",
  "--8D6B.1/post.example", "Content-Type: text/plain", "", "I am sorry.", "",
  "--8D6B.1/post.example", "Content-Type: message/delivery-status", "",
  "Reporting-MTA: dns; post.example", "",
  `Final-Recipient: rfc822; ${address}`, "Action: failed", "Status: 5.1.1",
  "Diagnostic-Code: smtp; 550 5.1.1 User unknown", "", "--8D6B.1/post.example--", "",
].join("\r\n");

test("a busy server is tried again, over STARTTLS, and what comes back is told by text message", async () => {
  const { page, done, wrongs } = await visitor();
  await login(page, people.tolvan);
  await giveAddress(page, address);
  const code = await mail(1);
  assert.equal(readFileSync(path.join(folder, "refused"), "utf8"), "encrypted", "the first try was refused, and not in the clear");
  assert.equal(code.to, address);
  await page.getByLabel(sv.contacts.field_code).last().fill(code.text.match(/\b\d{6}\b/)[0]);
  await page.getByRole("button", { name: sv.contacts.confirm, exact: true }).last().click();
  await page.getByText(sv.contacts.now_confirmed).waitFor();
  await giveAddress(page, "070-174 06 05", "#mobil");
  const sms = await caughtWhere((message) => message.kind === "sms");
  await page.getByLabel(sv.contacts.field_code).last().fill(sms.text.match(/\b\d{6}\b/)[0]);
  await page.getByRole("button", { name: sv.contacts.confirm, exact: true }).last().click();
  await page.getByText(sv.contacts.now_confirmed).waitFor();
  assert.equal((await mail(2)).to, address, "the address hears of the number");

  await send({ subject: "Ett brev", text: "Hej" });
  const notice = await mail(3);
  assert.match(notice.from, /^studs\+[0-9a-f]{48}@post\.example$/);
  await page.goto("/installningar/avisering/logg");
  const kept = page.locator("tbody tr", { hasText: "250 Kept" }).first();
  await kept.locator("summary").click();
  await kept.getByText("250 Kept").waitFor();

  const taken = spawnSync(path.join(house.programs, "brevlada"), ["bounce", "--to", notice.from], {
    input: report(notice.from), env: { ...process.env, ...house.environment }, cwd: house.home, encoding: "utf8",
  });
  assert.equal(taken.status, 0, taken.stderr);
  assert.match(taken.stdout, /its address is marked/);
  await caughtWhere((message) => message.kind === "sms" && message.text.includes("t•••••@post.example"));
  await caughtWhere((message) => message.kind === "sms" && message.text.includes("nytt brev"));
  await page.goto("/installningar/kontakt");
  await page.getByText(sv.contacts.broken, { exact: true }).waitFor();
  await accessible(page);
  await page.goto("/installningar/avisering/logg?visa=fel");
  await page.getByText(sv.notices.email_no_such).waitFor();
  await page.getByText(sv.notices.answer, { exact: true }).click();
  await page.getByText("550 5.1.1 User unknown").waitFor();
  assert.deepEqual(wrongs, []);
  await done();
});
