// What an engineer at night asks of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brevlada, house } from "../support/house.mjs";

test("health and metrics answer", async () => {
  for (const address of ["/livez", "/readyz"]) {
    assert.equal((await fetch(`${house.ops}${address}`)).status, 200, address);
  }
  const metrics = await (await fetch(`${house.ops}/metrics`)).text();
  assert.match(metrics, /^# TYPE /m);
  assert.match(metrics, /deliver/i, "deliveries are counted");
});

test("files are counted together, and what nobody has under no name of its own", async () => {
  for (const address of ["/pkg/brevlada.js", "/brevlada.css", "/sw.js", "/utan-nat", "/191212121212", "/pkg/191212121212.js"]) {
    await (await fetch(`${house.web}${address}`)).arrayBuffer();
  }
  const metrics = await (await fetch(`${house.ops}/metrics`)).text();
  for (const counted of ['"/pkg/{file}",status="200"', '"/{file}",status="200"', '"/sw.js",status="200"', '"/utan-nat",status="200"', '"other",status="404"']) {
    assert.ok(metrics.includes(`brevlada_requests_total{route=${counted}}`), counted);
  }
  assert.doesNotMatch(metrics, /191212121212|brevlada\.css/);
});

test("check-config says that all is well, and names what is not", async () => {
  await brevlada("check-config");
  house.environment.BREVLADA__WEB__LISSTEN = "x";
  await assert.rejects(brevlada("check-config"), /lissten/i);
  delete house.environment.BREVLADA__WEB__LISSTEN;
});

test("demonstration keys are refused when people come from elsewhere", async () => {
  const was = house.environment.BREVLADA__WEB__PUBLIC_URL;
  house.environment.BREVLADA__WEB__PUBLIC_URL = "https://brevlada.example.se";
  await assert.rejects(brevlada("check-config"), /demonstration/i);
  house.environment.BREVLADA__WEB__PUBLIC_URL = was;
});

test("every page has the headers that keep it closed", async () => {
  const answer = await fetch(`${house.web}/`);
  assert.equal(answer.status, 200);
  const headers = answer.headers;
  assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(headers.get("content-security-policy"), /script-src[^;]*'unsafe-inline'/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.ok(/frame-ancestors/.test(headers.get("content-security-policy")) || headers.get("x-frame-options"));
  assert.ok(headers.get("referrer-policy"));
});
