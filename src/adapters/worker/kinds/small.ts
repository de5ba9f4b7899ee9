/** Owns the kinds that compute nothing: log, noop, router, and those that only a backend can run. */
import { failed, succeeded, writeText, type Exit, type Kind } from "../kind.ts";

export const log: Kind = async ({ settings, stdout }) => {
  const message = settings["message"];
  if (typeof message !== "string") return failed("log: message is required", 0);
  await writeText(stdout, message.endsWith("\n") ? message : `${message}\n`);
  return succeeded;
};

export const noop: Kind = () => Promise.resolve(succeeded);

/** Prints its routes; each target decides for itself (8.4). */
export const router: Kind = async ({ step, stdout }) => {
  const value = step.router?.value ?? "";
  const lines = (step.router?.routes ?? []).map(({ pattern, targets }) => `  ${pattern} -> [${targets.join(" ")}]\n`);
  await writeText(stdout, `Router evaluating: ${value}\n${lines.join("")}`);
  return succeeded;
};

const needs: Readonly<Record<string, string>> = {
  mail: "an SMTP server", redis: "a raw network connection", ssh: "a raw network connection", sftp: "a raw network connection",
  docker: "a container runtime", container: "a container runtime", k8s: "a Kubernetes cluster", kubernetes: "a Kubernetes cluster",
  harness: "a local command-line agent", s3: "a backend (not built in yet)", chat: "a model provider (not built in yet)",
  agent: "a model provider (not built in yet)",
};
/** A kind that fails at once with its reason. */
export const unsupported = (type: string): Kind => async ({ stderr }) => {
  const need = needs[type];
  const error = need === undefined ? `step type "${type}" is not registered` : `step type "${type}" needs ${need}; it does not run here`;
  await writeText(stderr, `${error}\n`);
  const exit: Exit = { exitCode: 0, error, reason: "unsupported" };
  return exit;
};
export const unsupportedTypes = Object.keys(needs);
