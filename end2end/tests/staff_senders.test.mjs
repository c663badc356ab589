// Senders and certificates: who may send, what came, and what ends soon. No recipient and no subject on any of the pages.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import {
  accessible, close, inLanguage, login, loginStaff, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv, en } = words;
const subject = "Beslut som personalen inte ser";

/** The lists, in the room. */
async function room(page) {
  await page.getByRole("link", { name: sv.admin.senders, exact: false }).first().click();
  await page.getByRole("heading", { level: 1, name: sv.admin.senders, exact: true }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/admin/avsandare");
}

for (const way of ways) {
  describe(`senders, ${way.called}`, () => {
    test("a sender is found, with what came from it and by whom", async () => {
      const person = await visitor(way);
      await login(person.page, people.jonna);
      await openMailbox(person.page);
      await send({ to: people.jonna.number, subject });
      await person.done();

      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.ivar);
      await room(page);
      await page.getByLabel(sv.admin_senders.wanted).fill("finns inte alls");
      await page.getByRole("button", { name: sv.admin_senders.search, exact: true }).click();
      await page.getByText(sv.admin_senders.none_found).waitFor();
      await page.getByRole("link", { name: sv.admin_senders.mediators, exact: true }).click();
      await page.getByRole("table", { name: sv.admin_senders.mediators }).waitFor();
      await page.locator(".chips").getByRole("link", { name: sv.admin_senders.senders, exact: true }).click();
      await page.getByRole("table", { name: sv.admin_senders.senders }).waitFor();
      const links = page.locator("section", { has: page.locator("#lista") }).locator("tbody a");
      const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      assert.ok(addresses.length > 0, "the register tells of senders");

      let came = false;
      for (const address of addresses) {
        await page.goto(address);
        await page.getByRole("heading", { name: sv.admin_senders.state }).waitFor();
        assert.ok(await page.getByText(sv.admin_senders.approved, { exact: true }).count(), `${address} is approved`);
        assert.equal(await page.locator("main figcaption").count(), 5, "each number has words");
        // What has nothing to show yet has no picture.
        const pictures = await page.locator("main").getByRole("img").count();
        assert.equal(pictures, 5 - (await page.locator("main figcaption", { hasText: sv.admin_numbers.none }).count()), "and a picture");
        const content = await page.content();
        assert.ok(!content.includes(subject) && !content.includes(people.jonna.number) && !content.includes(people.jonna.name));
        if (content.includes(sv.admin_senders.few) || (await page.getByText(sv.admin_certificates.as_signature).count())) came = true;
        if (came) break;
      }
      assert.ok(came, "one of them has sent the letter");
      if (way.script) await accessible(page, "a sender");
      await shot(page, `staff-sender-${way.script}`);
      const number = new URL(page.url()).pathname.split("/").pop();
      const file = await page.request.get(`/admin/avsandare.csv?nummer=${number}`);
      assert.equal(file.status(), 200);
      const [heads, ...days] = (await file.text()).trim().split("\r\n");
      assert.equal(heads, "day,received,not-here,refused,failed,unread");
      assert.equal(days.length, 30);

      await page.goto("/admin/certifikat");
      await page.getByRole("heading", { level: 1, name: sv.admin_certificates.title, exact: true }).waitFor();
      const held = page.getByRole("table", { name: sv.admin_certificates.held });
      await held.getByText(sv.admin_certificates.for_service).waitFor();
      await held.getByText(sv.admin_certificates.for_provider).first().waitFor();
      await page.getByRole("table", { name: sv.admin_certificates.seen }).getByText(sv.admin_certificates.as_connection).first().waitFor();
      await shot(page, `staff-certificates-${way.script}`);
      await page.goto("/admin/granskning?akt=exported-sender");
      assert.match(await page.locator("tbody tr").first().innerText(), new RegExp(`Ivar Isberg[^]*${number}`));
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("an organisation that nobody knows is said to be so, and a number that is none is not there", async () => {
      const { page, done } = await visitor(way);
      await loginStaff(page, people.ivar);
      await page.goto("/admin/avsandare/162120000142");
      await page.getByText(sv.admin_senders.not_approved).waitFor();
      await page.getByText(sv.admin_senders.no_failures).waitFor();
      await page.getByText(sv.admin_certificates.none_seen).waitFor();
      await page.goto("/admin/avsandare/191212121212");
      await page.getByRole("heading", { level: 1, name: sv.admin.not_found }).waitFor();
      await done();
    });
  });
}

describe("senders", () => {
  test("fit on a phone, in the dark and in English", async () => {
    for (const [called, look] of Object.entries({ narrow: { width: 320, height: 640 }, dark: { colours: "dark" } })) {
      const { page, wrongs, done } = await visitor(look);
      await loginStaff(page, people.ivar);
      await inLanguage(page, "en", "/admin/avsandare");
      await page.getByRole("heading", { level: 1, name: en.admin.senders, exact: true }).waitFor();
      const first = await page.locator("tbody a").first().getAttribute("href");
      for (const address of ["/admin/avsandare", "/admin/avsandare?visa=formedlare", first, "/admin/certifikat"]) {
        await page.goto(address);
        for (const summary of await page.locator("main summary").all()) await summary.click();
        await accessible(page, `${address} ${called}`);
        await noSidewaysScroll(page, `${address} ${called}`);
        await shot(page, `staff-senders-en-${called}${address.replaceAll(/[/?=]/g, "-")}`);
      }
      assert.deepEqual(wrongs, []);
      await done();
    }
  });
});
