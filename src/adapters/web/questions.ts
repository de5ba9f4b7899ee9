/** Owns the questions port among the tabs of one browser, by BroadcastChannel. */
import type { Question, Questions } from "../../ports/tab/questions.ts";

type Message =
  | { readonly type: "open"; readonly questions: readonly Question[] }
  | { readonly type: "who" }
  | { readonly type: "refuse"; readonly dag: string; readonly host: string };

export const createQuestions = (name: string): Questions => {
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  const own = new Map<Question, (granted: boolean) => void>();
  const listeners = new Set<(questions: readonly Question[]) => void>();
  let shown: readonly Question[] = [];
  const show = (questions: readonly Question[]): void => {
    shown = questions;
    for (const tell of listeners) tell(shown);
  };
  const publish = (): void => {
    const questions = [...own.keys()];
    channel?.postMessage({ type: "open", questions } satisfies Message);
    show(questions);
  };
  const settle = (which: (question: Question) => boolean, granted: boolean): void => {
    const found = [...own].filter(([question]) => which(question));
    for (const [question, answer] of found) {
      own.delete(question);
      answer(granted);
    }
    if (found.length > 0) publish();
  };
  if (channel !== undefined) {
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === "open") show(data.questions);
      else if (data.type === "refuse") settle((question) => question.dag === data.dag && question.host === data.host, false);
      else if (own.size > 0) publish();
    };
    channel.postMessage({ type: "who" } satisfies Message);
  }
  return {
    ask: (question, signal) =>
      new Promise((resolve) => {
        own.set(question, resolve);
        signal.addEventListener("abort", () => settle((one) => one === question, false), { once: true });
        publish();
      }),
    granted: (isGranted) => settle(isGranted, true),
    refuse: (dag, host) => {
      channel?.postMessage({ type: "refuse", dag, host } satisfies Message);
      settle((question) => question.dag === dag && question.host === host, false);
    },
    listen: (tell) => {
      listeners.add(tell);
      tell(shown);
      return () => void listeners.delete(tell);
    },
  };
};
