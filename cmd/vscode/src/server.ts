// What of the extension needs no editor: how the language server is started, and for which files.

/** The settings of the extension. */
export interface Settings {
  path: string;
  flags: string[];
}

/** Command is a program with its arguments. */
export interface Command {
  command: string;
  args: string[];
}

/** server is how the language server is started. */
export function server(settings: Settings): Command {
  const command = settings.path.trim() === "" ? "cuecompute" : settings.path.trim();
  return { command, args: ["lsp", ...settings.flags] };
}

/** languages are those of specs. Documents that are no files have no place in a folder of specs. */
export const languages = ["cue", "yaml", "json"];

/** selector says which documents the language server gets. */
export function selector(): { scheme: string; language: string }[] {
  return languages.map((language) => ({ scheme: "file", language }));
}

/** notFound says what to do about a program that cannot be started. */
export function notFound(command: string, reason: string): string {
  return `${command} cannot be started (${reason}): install cuecompute, or set cuecompute.path to the program`;
}
