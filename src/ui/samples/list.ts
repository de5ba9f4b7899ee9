/** Owns the list of bundled samples and their words. Texts and data lie beside it and load on demand. */
import type { Locale } from "../i18n/words.svelte.ts";
import type { IconName } from "../parts/control/icons.ts";

interface Words {
  readonly title: string;
  readonly short: string;
  readonly text: string;
}
export type SampleId =
  | "sales-to-chart" | "log-detective" | "uptime-check" | "json-reshape" | "data-quality-gate" | "release-checklist" | "config-drift" | "flash-cards" | "retry-lab" | "text-statistics";
export type Sample = { readonly id: SampleId; readonly icon: IconName; readonly aboutMs: number; readonly shape: readonly number[] } & Readonly<Record<Locale, Words>>;

const sample = (id: SampleId, icon: IconName, look: { aboutMs: number; shape: readonly number[] }, words: { en: readonly [string, string, string]; zh: readonly [string, string, string] }): Sample => ({
  id, icon, ...look,
  en: { title: words.en[0], short: words.en[1], text: words.en[2] },
  "zh-CN": { title: words.zh[0], short: words.zh[1], text: words.zh[2] },
});
export const samples: readonly Sample[] = [
  sample("sales-to-chart", "chart", { aboutMs: 4000, shape: [1, 1, 2] }, {
    en: ["Sales CSV to chart", "SQL in the tab, 5 steps", "Import a file, ask a question in SQL, draw a chart"],
    zh: ["从销售 CSV 到图表", "标签页里的 SQL，5 步", "导入文件，用 SQL 提问，画一张图表"],
  }),
  sample("log-detective", "search", { aboutMs: 1000, shape: [1, 1, 1] }, {
    en: ["Find errors in a log", "grep, awk and a spike check", "grep and awk over a log, with a spike check"],
    zh: ["在日志里找错误", "grep、awk 与突增检查", "用 grep 和 awk 分析日志，检查突增"],
  }),
  sample("uptime-check", "globe", { aboutMs: 2000, shape: [1, 1] }, {
    en: ["Is my site up?", "HTTP with retry", "One request with retries. Explains itself when offline"],
    zh: ["我的网站在线吗？", "带重试的 HTTP", "一次带重试的请求，离线时会说明原因"],
  }),
  sample("json-reshape", "json", { aboutMs: 1000, shape: [1, 2, 1] }, {
    en: ["JSON reshape", "jq: filter, group, CSV out", "Filter, group and flatten JSON with jq, and write CSV"],
    zh: ["JSON 变形", "jq：筛选、分组、输出 CSV", "用 jq 筛选、分组、压平 JSON，并写出 CSV"],
  }),
  sample("data-quality-gate", "check", { aboutMs: 1000, shape: [1, 3, 1] }, {
    en: ["Data quality gate", "checks, continue_on, quarantine", "Null, range and unique checks; bad rows go to quarantine"],
    zh: ["数据质量关卡", "检查、continue_on、隔离", "空值、范围与唯一性检查，坏行进入隔离文件"],
  }),
  sample("release-checklist", "hand", { aboutMs: 1000, shape: [2, 1, 1] }, {
    en: ["Release checklist", "checks and your approval", "Two checks, one decision that waits for you, one release note"],
    zh: ["发布检查表", "检查与你的批准", "两项检查，一个等待你的决定，一份发布说明"],
  }),
  sample("config-drift", "split", { aboutMs: 1000, shape: [2, 1, 1] }, {
    en: ["Config drift", "hash, compare, report", "Hash two configurations, show what drifted, keep a report"],
    zh: ["配置漂移", "哈希、比较、报告", "为两份配置计算哈希，找出差异并留下报告"],
  }),
  sample("flash-cards", "file", { aboutMs: 1000, shape: [1, 1] }, {
    en: ["Flash cards", "text in, HTML page out", "Turn a list of words into a page of cards"],
    zh: ["单词卡片", "文本进，HTML 页面出", "把单词表变成一页卡片"],
  }),
  sample("retry-lab", "retry", { aboutMs: 5000, shape: [1, 2, 1] }, {
    en: ["Retry lab", "failures on purpose", "Fails on purpose, tries again, recovers; handlers speak at the end"],
    zh: ["重试实验室", "故意失败", "故意失败、重试、恢复；结束时由处理器收尾"],
  }),
  sample("text-statistics", "code", { aboutMs: 1000, shape: [1, 1, 1] }, {
    en: ["Text statistics", "JavaScript over a text", "Counts words and sentences in JavaScript, draws the top ten"],
    zh: ["文本统计", "用 JavaScript 分析文本", "用 JavaScript 统计词和句子，画出前十名"],
  }),
];
