import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

import { notFound, selector, server } from "./server";

let client: LanguageClient | undefined;

/** activate starts the language server, and again when its settings change. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("cuecompute.restart", restart),
    vscode.workspace.onDidChangeConfiguration(async (e) => {
      if (e.affectsConfiguration("cuecompute.path") || e.affectsConfiguration("cuecompute.flags")) {
        await restart();
      }
    }),
  );
  await start();
}

/** deactivate ends the language server. */
export async function deactivate(): Promise<void> {
  await client?.dispose();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("cuecompute");
  const run = server({ path: settings.get("path", "cuecompute"), flags: settings.get("flags", []) });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  client = new LanguageClient(
    "cuecompute",
    "cuecompute",
    { ...run, options: { cwd: folder } },
    { documentSelector: selector() },
  );
  try {
    await client.start();
  } catch (err) {
    client = undefined;
    void vscode.window.showErrorMessage(notFound(run.command, err instanceof Error ? err.message : String(err)));
  }
}
