/** Owns the set of names that exist as commands, filled by the table, so that `which` need not import what imports it. */

const names = new Set<string>(["sh", "bash", "echo", "printf", "test", "[", "true", "false", "pwd", "kill"]);

export const registerNames = (added: Iterable<string>): void => {
  for (const name of added) names.add(name);
};
export const commandNames = (): ReadonlySet<string> => names;
