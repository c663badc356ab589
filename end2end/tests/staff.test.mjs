// The staff's side: logging in there, what each role finds, and what people see of it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, describe, test } from "node:test";
import { brevlada, caughtWhere, house, people } from "../support/house.mjs";
import {
  accessible, close, inLanguage, login, loginStaff, logout, noSidewaysScroll, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;

/** The code that an authenticator app would show for a secret in base 32. */
function totp(secret, at = Date.now()) {
  const bits = [...secret].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const offset = digest.at(-1) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

for (const way of ways) {
  describe(`the staff's side, ${way.called}`, () => {
    test("an opinion is sorted, answered by e-mail and forgotten", async () => {
      const person = await visitor(way);
      const said = `Svårt att hitta sökningen. ${way.called}`;
      const address = `nils.${way.script ? "med" : "utan"}@post.example`;
      await person.page.goto("/tyck-till");
      await person.page.getByLabel(sv.feedback.words).fill(said);
      await person.page.getByLabel(sv.feedback.answer_yes).check();
      await person.page.getByRole("textbox", { name: sv.feedback.email }).fill(address);
      await person.page.getByRole("button", { name: sv.feedback.send, exact: true }).click();
      await person.page.getByRole("heading", { name: sv.feedback.thanks }).waitFor();

      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.hanna);
      assert.equal(new URL(page.url()).pathname, "/admin");
      await page.getByRole("heading", { level: 1, name: sv.admin.start_heading }).waitFor();
      await page.getByRole("link", { name: sv.admin.feedback }).first().click();
      const row = page.locator(".opinions > li", { hasText: said });
      await row.getByRole("combobox").selectOption({ label: sv.admin_feedback.tag_hard });
      await row.getByRole("button", { name: sv.admin_feedback.save_tag }).click();
      await page.getByText(sv.admin_feedback.said_tag, { exact: true }).waitFor();
      await page.getByRole("link", { name: sv.admin_feedback.tag_hard }).click();
      if (way.script) await accessible(page, "opinions");
      await shot(page, `staff-opinions-${way.script}`);
      await row.getByRole("link", { name: sv.admin_feedback.answer }).click();
      await page.getByRole("heading", { level: 1, name: sv.admin_feedback.answer_heading }).waitFor();
      await page.getByRole("button", { name: sv.admin_feedback.send, exact: true }).click();
      await page.getByText(sv.admin_feedback.wrong_answer).waitFor();
      await page.getByLabel(sv.admin_feedback.your_answer).fill("Tack!\n\nSökningen ligger i menyn.");
      await page.getByRole("button", { name: sv.admin_feedback.send, exact: true }).click();
      await page.getByText(sv.admin_feedback.said_answer).waitFor();
      assert.equal(await page.locator(".opinions > li", { hasText: said }).count(), 0);
      const mail = await caughtWhere((one) => one.to === address);
      assert.match(mail.text, /Sökningen ligger i menyn\./);
      assert.ok(!mail.text.includes(said), "what they said is not sent back");
      assert.deepEqual(wrongs, []);
      await done();
      await person.done();
    });

    test("service information is looked at, published, seen on every page in both languages, and taken away", async () => {
      const { page, wrongs, done } = await visitor(way);
      const name = `driftstopp-${way.script ? "med" : "utan"}`;
      await loginStaff(page, people.hanna, { from: "/admin/texter" });
      await page.getByRole("heading", { level: 1, name: sv.admin.texts }).waitFor();
      await page.getByRole("link", { name: sv.admin_texts.new_banner }).click();
      await page.getByLabel(sv.admin_texts.name, { exact: true }).fill(name);
      await page.locator("#rubrik-sv").fill("Stopp i natt");
      await page.locator("#text-sv").fill("Brevlådan är **stängd** mellan 02 och 04.");
      await page.getByRole("button", { name: sv.admin_texts.publish, exact: true }).click();
      await page.getByText(sv.admin_texts.not_right).waitFor();
      for (const told of [sv.admin_texts.wrong_title, sv.admin_texts.wrong_text, sv.admin_texts.wrong_until]) {
        await page.getByText(told).first().waitFor();
      }
      assert.equal(await page.locator("#rubrik-sv").inputValue(), "Stopp i natt", "nothing typed is lost");
      if (way.script) await accessible(page, "a text that is not right");
      await page.locator("#rubrik-en").fill("Outage tonight");
      await page.locator("#text-en").fill("The mailbox is closed between 2 and 4.");
      const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
      await page.locator("#till-dag").fill(tomorrow);
      await page.locator("#till-tid").fill("04:00");
      await page.getByRole("button", { name: sv.admin_texts.look, exact: true }).click();
      await page.getByRole("heading", { name: sv.admin_texts.preview }).waitFor();
      assert.equal(await page.locator("article strong", { hasText: "stängd" }).count(), 1);
      if (way.script) await accessible(page, "a text that is looked at");
      await shot(page, `staff-text-${way.script}`);
      const person = await visitor(way);
      await person.page.goto("/om");
      assert.equal(await person.page.locator(".banner", { hasText: "Stopp i natt" }).count(), 0, "not yet");

      await page.getByRole("button", { name: sv.admin_texts.publish, exact: true }).click();
      await page.getByText(sv.admin_texts.said_published).waitFor();
      await person.page.goto("/om");
      await person.page.locator(".banner", { hasText: "Stopp i natt" }).waitFor();
      if (way.script) await accessible(person.page, "a page with service information");
      await login(person.page, people.tolvan);
      await person.page.locator(".banner", { hasText: "Stopp i natt" }).waitFor();
      await shot(person.page, `banner-${way.script}`);
      await inLanguage(person.page, "en", "/inkorg");
      await person.page.locator(".banner", { hasText: "Outage tonight" }).waitFor();

      await page.getByRole("button", { name: sv.admin_texts.take_away, exact: true }).click();
      await page.getByText(sv.admin_texts.said_away).waitFor();
      await person.page.goto("/inkorg");
      assert.equal(await person.page.locator(".banner", { hasText: "Outage tonight" }).count(), 0);
      assert.deepEqual(wrongs, []);
      await person.done();
      await done();
    });

    test("each finds what is theirs, and what is not is said and written down", async () => {
      const { page, done } = await visitor(way);
      await loginStaff(page, people.ivar);
      const rooms = await page.locator("nav.ways-around a").allInnerTexts();
      assert.deepEqual(rooms.map((room) => room.trim()), [sv.admin.start, sv.admin.queue, sv.admin.senders, sv.admin.audit, sv.admin.numbers]);
      await page.goto("/admin/texter");
      await page.getByRole("heading", { level: 1, name: sv.admin.not_allowed }).waitFor();
      if (way.script) await accessible(page, "not allowed");
      await page.goto("/admin/ko");
      await page.getByRole("heading", { level: 1, name: sv.admin.queue }).waitFor();
      if (way.script) await accessible(page, "queue");
      await shot(page, `staff-queue-${way.script}`);
      await page.goto("/admin/granskning?akt=denied-staff");
      const row = page.locator("tbody tr").first();
      assert.match(await row.innerText(), /Ivar Isberg/);
      assert.match(await row.innerText(), /see-texts/);
      await page.getByRole("button", { name: sv.admin_audit.walk }).click();
      await page.getByText(sv.admin_audit.whole, { exact: true }).waitFor();
      if (way.script) await accessible(page, "audit");
      await shot(page, `staff-audit-${way.script}`);
      await logout(page);
      await page.getByText(sv.admin_login.out).waitFor();
      await page.goto("/admin/ko");
      await page.getByRole("heading", { level: 1, name: sv.admin_login.title }).waitFor();
      await done();
    });

    test("a person's login opens nothing there, and staff's no mailbox", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/admin/ko");
      await page.getByRole("heading", { level: 1, name: sv.admin_login.title }).waitFor();
      await page.goto("/inkorg");
      assert.equal(new URL(page.url()).pathname, "/inkorg", "still logged in as a person");
      const staff = await visitor(way);
      await loginStaff(staff.page, people.hanna);
      await staff.page.goto("/inkorg");
      assert.equal(new URL(staff.page.url()).pathname, "/", "sent to log in");
      await staff.done();
      await done();
    });
  });
}

describe("the staff's side", () => {
  test("a local account takes a password and a code, once", async () => {
    const made = await brevlada("staff", "add", "--login", "nodkonto", "--name", "Nödkonto", "--roles", "operations");
    const [, password] = made.match(/password {2}(\S+)/);
    const [, secret] = made.match(/secret {4}(\S+)/);
    const { page, done } = await visitor({ script: false });
    const enter = async (code) => {
      await page.goto("/admin/logga-in/lokal?vidare=/admin/ko");
      await page.getByLabel(sv.admin_login.name).fill("nodkonto");
      await page.getByLabel(sv.admin_login.password).fill(password);
      await page.getByLabel(sv.admin_login.code, { exact: true }).fill(code);
      await page.getByRole("button", { name: sv.admin_login.enter, exact: true }).click();
    };
    await enter("000000");
    await page.getByText(sv.admin_login.wrong).waitFor();
    const code = totp(secret);
    await enter(code);
    await page.getByRole("heading", { level: 1, name: sv.admin.queue }).waitFor();
    await logout(page);
    await enter(code);
    await page.getByText(sv.admin_login.wrong).waitFor();
    const figures = await (await fetch(`${house.ops}/metrics`)).text();
    assert.match(figures, /brevlada_staff_local_logins_total\{outcome="logged_in"\} 1/);
    assert.match(await brevlada("audit", "verify"), /^Whole: \d+ rows/);
    await done();
  });

  test("fits on a phone, in the dark and in English", async () => {
    const pages = {
      hanna: ["/admin", "/admin/tyck-till", "/admin/texter", "/admin/texter/help/hitta", "/admin/texter/skriv?slag=help&namn=hitta"],
      ivar: ["/admin", "/admin/ko", "/admin/granskning", "/admin/siffror", "/admin/avsandare", "/admin/certifikat"],
    };
    for (const [who, addresses] of Object.entries(pages)) {
      for (const [called, look] of Object.entries({ wide: {}, narrow: { width: 320, height: 640, colours: "dark" } })) {
        const { page, wrongs, done } = await visitor(look);
        await loginStaff(page, people[who]);
        for (const address of addresses) {
          await page.goto(address);
          await accessible(page, `${address} ${called}`);
          await noSidewaysScroll(page, `${address} ${called}`);
          assert.equal(await page.locator("h1").count(), 1);
          await shot(page, `staff-${who}${address.split("?")[0].replaceAll("/", "-")}-${called}`);
        }
        await inLanguage(page, "en", "/admin");
        await page.getByRole("heading", { level: 1, name: words.en.admin.start_heading }).waitFor();
        assert.deepEqual(wrongs, []);
        await done();
      }
    }
    const { page, done } = await visitor({ width: 320, height: 640 });
    for (const address of ["/admin/logga-in", "/admin/logga-in?kod=okand&ref=abc", "/admin/logga-in/lokal?fel=fel"]) {
      await page.goto(address);
      await accessible(page, address);
      await noSidewaysScroll(page, address);
    }
    await shot(page, "staff-local-login");
    await done();
  });
});
