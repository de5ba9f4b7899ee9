/** Owns the one way our own bugs surface: a broken rule throws its id and the values that broke it. */

export class InvariantError extends Error {
  override readonly name = "InvariantError";
  readonly rule: string;
  readonly values: Readonly<Record<string, unknown>>;
  constructor(rule: string, values: Readonly<Record<string, unknown>>) {
    super(`rule ${rule} is broken: ${JSON.stringify(values)}`);
    this.rule = rule;
    this.values = values;
  }
}

/** Throws when `holds` is false. Only the driver catches: it parks the run as broken and drives the others on. */
export function invariant(
  holds: boolean,
  rule: string,
  values: Readonly<Record<string, unknown>> = {},
): asserts holds {
  if (!holds) throw new InvariantError(rule, values);
}

/** Closes a `switch` over a union: a new member that nobody handles fails to compile. */
export const unreachable = (value: never): never => {
  throw new InvariantError("unreachable", { value });
};
