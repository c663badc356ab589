// Another person's letter is not found: by no address, no form, and no difference between «not yours» and «not there».
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { close, letters, login, visitor, words } from "../support/browser.mjs";

after(close);

describe("another person's letter", () => {
  let owner, stranger, theirs, forms;
  const nobodys = "/brev/01932f00-0000-7000-8000-000000000000";

  before(async () => {
    const file = path.join(house.home, "hemligt.txt");
    writeFileSync(file, "Bara för Tolvan");
    await send({ subject: "Bara för Tolvan", attach: [file] });
    [owner, stranger] = [await visitor({ script: false }), await visitor({ script: false })];
    await login(owner.page, people.tolvan);
    [theirs] = await letters(owner.page);
    await owner.page.goto(theirs);
    forms = await owner.page.locator("main form").evaluateAll((all) => all.map((form) => ({
      action: form.action, fields: Object.fromEntries(new FormData(form)),
    })));
    await login(stranger.page, people.bertil);
    const agree = stranger.page.getByLabel(words.sv.terms.agree);
    if (await agree.isVisible()) {
      await agree.check();
      await stranger.page.getByRole("button", { name: words.sv.terms.open, exact: true }).click();
    }
    await stranger.page.goto("/inkorg");
    assert.equal(new URL(stranger.page.url()).pathname, "/inkorg");
  });
  after(() => Promise.all([owner?.done(), stranger?.done()]));

  /** What is left of a page when what differs by request is taken away: scripts, ids, nonces, times. */
  const bare = (text) => text.replace(/<script[\s\S]*?<\/script>|<!--[\s\S]*?-->|<link[^>]*>/g, "")
    .replace(/[0-9a-f-]{32,36}/g, "").replace(/nonce="[^"]*"|\d\d[.:]\d\d([.:]\d\d)*|datetime="[^"]*"|data-(?:idle|end)="\d+"/g, "");

  for (const part of ["", "/text", "/utskrift", "/bilaga/0/hemligt.txt"]) {
    test(`cannot be had at /brev/…${part}, and looks as if it were not there`, async () => {
      assert.equal((await owner.page.request.get(`${theirs}${part}`)).status(), 200, "the owner has it");
      const other = await stranger.page.request.get(`${theirs}${part}`);
      const none = await stranger.page.request.get(`${nobodys}${part}`);
      assert.equal(other.status(), 404);
      assert.equal(none.status(), 404);
      const [seen, expected] = [await other.text(), await none.text()];
      assert.ok(!seen.includes("Bara för Tolvan"));
      assert.equal(bare(seen), bare(expected));
    });
  }

  test("cannot be changed by its forms", async () => {
    assert.ok(forms.length > 0, "a letter has forms");
    const read = async () => (await owner.page.request.get("/inkorg")).text();
    const before = await read();
    for (const { action, fields } of forms.filter((form) => !/logga-ut|sprak/.test(form.action))) {
      const answer = await stranger.page.request.post(action, { form: fields, headers: { origin: house.web }, maxRedirects: 0 });
      assert.ok(answer.status() < 500, `${action}: ${answer.status()}`);
      assert.ok(!(await answer.text()).includes("Bara för Tolvan"));
    }
    assert.equal(bare(await read()), bare(before), "the owner's inbox is as it was");
  });

  test("what is no form of ours is refused as that, everywhere alike", async () => {
    const paths = [...new Set(forms.map((form) => new URL(form.action).pathname).filter((path) => path.startsWith("/api/")))];
    assert.ok(paths.length > 0, "a letter has forms of server functions");
    for (const path of [...paths, "/api/regel/ny", "/api/kontakt/bekrafta"]) {
      for (const accept of ["text/html", "application/json"]) {
        const headers = { origin: house.web, accept, referer: `${house.web}/inkorg` };
        const post = (body) => owner.page.request.post(path, { headers, maxRedirects: 0, ...body });
        assert.equal((await post({ multipart: { a: "b" } })).status(), 415, `${path} multipart ${accept}`);
        assert.equal((await post({ data: { a: "b" } })).status(), 415, `${path} JSON ${accept}`);
        if (!path.startsWith("/api/brev/")) {
          const nothing = await post({ form: { a: "b" } });
          assert.equal(nothing.status(), 400, `${path} without its fields ${accept}`);
          assert.ok(!nothing.headers().location, "and nothing is told in an address");
        }
      }
    }
  });

  test("is not to be had without a session either", async () => {
    for (const part of ["", "/text", "/bilaga/0/hemligt.txt"]) {
      const answer = await fetch(`${house.web}${theirs}${part}`, { redirect: "manual" });
      assert.notEqual(answer.status, 200, part);
      assert.ok(!(await answer.text()).includes("Bara för Tolvan"));
    }
  });
});
