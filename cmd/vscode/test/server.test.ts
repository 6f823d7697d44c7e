import assert from "node:assert/strict";
import { test } from "node:test";

import manifest from "../package.json";
import { languages, notFound, selector, server } from "../src/server";

test("the server is started with the flags of the settings", () => {
  assert.deepEqual(server({ path: "/opt/cuecompute", flags: ["--policy=p.cue", "tenants/..."] }), {
    command: "/opt/cuecompute",
    args: ["lsp", "--policy=p.cue", "tenants/..."],
  });
});

test("without a path, the server is looked for in PATH", () => {
  assert.equal(server({ path: " ", flags: [] }).command, "cuecompute");
});

test("only files are selected", () => {
  assert.deepEqual(new Set(selector().map((s) => s.scheme)), new Set(["file"]));
});

test("the extension is activated for each language that it has or that another has", () => {
  const own = manifest.contributes.languages.map((l) => l.id);
  for (const language of languages) {
    assert.ok(own.includes(language) || manifest.activationEvents.includes(`onLanguage:${language}`), language);
  }
});

test("settings that choose a program do not come from folders that are not trusted", () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  assert.deepEqual(restricted, ["cuecompute.path", "cuecompute.flags"]);
});

test("a program that is not there is named, with the setting", () => {
  assert.match(notFound("cuecompute", "ENOENT"), /cuecompute\.path/);
});
