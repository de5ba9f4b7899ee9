/** Owns the options of `set` and `shopt`, their letters and their defaults. */

export const optionLetters: Readonly<Record<string, string>> = {
  allexport: "a", braceexpand: "B", errexit: "e", errtrace: "E", functrace: "T", hashall: "h", histexpand: "H", keyword: "k",
  monitor: "m", noclobber: "C", noexec: "n", noglob: "f", notify: "b", nounset: "u", onecmd: "t", physical: "P", privileged: "p",
  verbose: "v", xtrace: "x",
};
export const wordOptions = [...Object.keys(optionLetters), "emacs", "history", "ignoreeof", "interactive-comments", "nolog", "pipefail", "posix", "vi"].sort();
export const shoptNames = [
  "autocd", "assoc_expand_once", "cdable_vars", "cdspell", "checkhash", "checkjobs", "checkwinsize", "cmdhist", "compat31", "compat32", "compat40",
  "compat41", "compat42", "compat43", "compat44", "complete_fullquote", "direxpand", "dirspell", "dotglob", "execfail", "expand_aliases",
  "extdebug", "extglob", "extquote", "failglob", "force_fignore", "globasciiranges", "globskipdots", "globstar", "gnu_errfmt", "histappend",
  "histreedit", "histverify", "hostcomplete", "huponexit", "inherit_errexit", "interactive_comments", "lastpipe", "lithist", "localvar_inherit",
  "localvar_unset", "login_shell", "mailwarn", "no_empty_cmd_completion", "nocaseglob", "nocasematch", "noexpand_translation", "nullglob",
  "patsub_replacement", "progcomp", "progcomp_alias", "promptvars", "restricted_shell", "shift_verbose", "sourcepath", "varredir_close", "xpg_echo",
] as const;

export class Options {
  errexit = false;
  nounset = false;
  pipefail = false;
  noglob = false;
  noclobber = false;
  noexec = false;
  xtrace = false;
  errtrace = false;
  functrace = false;
  allexport = false;
  posix = false;
  /** Options that are only remembered. */
  private others = new Set<string>(["braceexpand", "hashall", "interactive-comments"]);
  private shopts = new Set<string>([
    "checkwinsize", "cmdhist", "complete_fullquote", "extquote", "force_fignore", "globasciiranges", "globskipdots", "hostcomplete",
    "interactive_comments", "patsub_replacement", "progcomp", "promptvars", "sourcepath",
  ]);
  extglob = false;
  nullglob = false;
  dotglob = false;
  globstar = false;
  nocaseglob = false;
  nocasematch = false;
  failglob = false;
  lastpipe = false;
  expandAliases = false;
  inheritErrexit = false;

  fork(): Options {
    const copy = Object.assign(new Options(), this) as Options;
    copy.shopts = new Set(this.shopts);
    copy.others = new Set(this.others);
    return copy;
  }
  private get flags(): Record<string, boolean> {
    return this as unknown as Record<string, boolean>;
  }
  isOn(name: string): boolean {
    return typeof this.flags[name] === "boolean" ? (this.flags[name] as boolean) : this.others.has(name);
  }
  /** Sets an option by its long name; false when there is none. */
  turn(name: string, on: boolean): boolean {
    if (!wordOptions.includes(name)) return false;
    if (typeof this.flags[name] === "boolean") this.flags[name] = on;
    else if (on) this.others.add(name);
    else this.others.delete(name);
    return true;
  }
  turnLetter(letter: string, on: boolean): boolean {
    for (const [name, known] of Object.entries(optionLetters)) if (known === letter) return this.turn(name, on);
    return false;
  }
  shopt(name: string): boolean | undefined {
    return (shoptNames as readonly string[]).includes(name) ? this.shopts.has(name) : undefined;
  }
  turnShopt(name: string, on: boolean): boolean {
    if (!(shoptNames as readonly string[]).includes(name)) return false;
    if (on) this.shopts.add(name);
    else this.shopts.delete(name);
    const field = { expand_aliases: "expandAliases", inherit_errexit: "inheritErrexit" }[name] ?? name;
    if (typeof this.flags[field] === "boolean") this.flags[field] = on;
    return true;
  }
  /** `$BASHOPTS`. */
  listedShopts(): string {
    return shoptNames.filter((name) => this.shopts.has(name)).join(":");
  }
  /** `$SHELLOPTS`. */
  listed(): string {
    return wordOptions.filter((name) => this.isOn(name)).join(":");
  }
  /** `$-`. */
  letters(extra: string, dash = false): string {
    const order = dash ? "ubaCEVvxsnmIfe" : "abefhkmnptuvxBCEHPT";
    let text = "";
    for (const letter of order) {
      for (const [name, known] of Object.entries(optionLetters)) if (known === letter && this.isOn(name)) text += letter;
    }
    return text + extra;
  }
}
