/** Owns the names shown as help on the shell; a test holds them against the shell's own tables. */
export const builtins: readonly string[] = [];
export const programs: readonly string[] = [];
