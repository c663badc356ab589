// Logging in through an identity provider that is none of ours: pysaml2 answers in every way it can.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { house, people } from "../support/house.mjs";
import { chooseIdp, close, comeBack, login, visitor, words } from "../support/browser.mjs";

after(close);
const fault = words.sv.login_fault;

/** Goes to pysaml2, is `person` there and lets it answer by `scenario`. */
async function loginBy(page, scenario, person = people.tolvan.number) {
  await page.goto("/");
  await chooseIdp(page, `${house.otherIdp}/metadata`);
  await page.waitForURL((url) => url.origin === house.otherIdp);
  await page.locator('select[name="person"]').selectOption(person);
  await page.locator('select[name="scenario"]').selectOption(scenario);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: "Back to the service" }).click();
  await page.waitForURL((url) => url.origin === house.web);
}

describe("another maker's e-legitimation", () => {
  for (const cipher of ["gcm256", "gcm192", "gcm128", "cbc256", "cbc192", "cbc128"]) {
    test(`logs in with an assertion encrypted by ${cipher}`, async () => {
      const { page, done } = await visitor({ script: false });
      await loginBy(page, `ok-${cipher}`);
      assert.equal(new URL(page.url()).pathname, "/inkorg");
      assert.match(await page.content(), /Tolvan Tolvansson/);
      await done();
    });
  }

  test("logs in when only the response is signed", async () => {
    const { page, done } = await visitor({ script: true });
    await loginBy(page, "assertion-unsigned");
    assert.equal(new URL(page.url()).pathname, "/inkorg");
    await done();
  });

  for (const [scenario, heading] of [
    ["cancel", fault.cancelled], ["loa2", fault.level], ["nopnr", fault.number],
    ["plain", fault.technical], ["3des", fault.technical], ["unsigned", fault.technical], ["sha1", fault.technical],
    ["audience", fault.technical], ["destination", fault.technical], ["inresponseto", undefined],
    ["expired", undefined],
  ]) {
    test(`is refused in plain words: ${scenario}`, async () => {
      const { page, done } = await visitor({ script: false });
      await loginBy(page, scenario);
      assert.notEqual(new URL(page.url()).pathname, "/inkorg");
      if (heading) await page.getByRole("heading", { name: heading }).waitFor();
      assert.doesNotMatch(await page.content(), /Tolvan|19121212/);
      await page.goto("/inkorg");
      assert.doesNotMatch(await page.content(), /Tolvan/, "no session was made");
      await done();
    });
  }

  test("the same answer does not log in twice, nor in another browser", async () => {
    const first = await visitor({ script: false });
    const { page } = first;
    await page.goto("/");
    await chooseIdp(page, `${house.otherIdp}/metadata`);
    await page.locator('select[name="scenario"]').selectOption("ok-gcm256");
    await page.getByRole("button", { name: "Go on" }).click();
    const fields = await page.locator("form").evaluate((form) => ({
      action: form.action, SAMLResponse: form.SAMLResponse.value, RelayState: form.RelayState.value,
    }));

    const other = await visitor({ script: false });
    const stolen = await other.context.request.post(fields.action, {
      form: { SAMLResponse: fields.SAMLResponse, RelayState: fields.RelayState }, maxRedirects: 0,
    });
    assert.notEqual(stolen.headers().location, "/inkorg");
    await other.page.goto("/inkorg");
    assert.doesNotMatch(await other.page.content(), /Tolvan/, "a stolen answer is worth nothing elsewhere");

    await page.getByRole("button", { name: "Back to the service" }).click();
    await page.waitForURL((url) => url.origin === house.web);
    const again = await visitor({ script: false });
    await again.context.addCookies((await first.context.cookies()).filter((cookie) => /login/.test(cookie.name)));
    await again.context.request.post(fields.action, {
      form: { SAMLResponse: fields.SAMLResponse, RelayState: fields.RelayState },
    });
    await again.page.goto("/inkorg");
    assert.doesNotMatch(await again.page.content(), /Tolvan/, "an answer is used once");
    await Promise.all([first.done(), other.done(), again.done()]);
  });
});

describe("what a login leaves behind", () => {
  test("stands in the access log, for the holder to see", async () => {
    const { page, done } = await visitor();
    await login(page, people.tolvan);
    await page.goto("/vem-har-last");
    assert.match(await page.locator("main").innerText(), new RegExp(words.sv.access.logged_in));
    await done();
  });

  test("leads to the page that was asked for", async () => {
    const { page, done } = await visitor({ script: false });
    await login(page, people.tolvan, { from: "/vem-har-last" });
    assert.equal(new URL(page.url()).pathname, "/vem-har-last");
    await done();
  });
});
