/** Owns adding a person in one go: the account with its first password, then the role. A new account may only read until the role is given. */
import type { Commands } from "../../../host/commands.ts";

export interface NewPerson {
  readonly name: string;
  readonly password: string;
  readonly role: string;
}
export const addPerson = async (commands: Pick<Commands, "addUser" | "members" | "setMember">, { name, password, role }: NewPerson): Promise<void> => {
  await commands.addUser(name, password);
  const member = (await commands.members()).find((one) => one.name === name.toLowerCase());
  if (member !== undefined && member.role !== role) await commands.setMember(member.user, role);
};
