/** Owns the set of line icons by the noun or verb they stand for. */
import AlertTriangle from "@lucide/svelte/icons/triangle-alert";
import ArrowDown from "@lucide/svelte/icons/arrow-down-to-line";
import Book from "@lucide/svelte/icons/book";
import Calendar from "@lucide/svelte/icons/calendar";
import Chart from "@lucide/svelte/icons/chart-line";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import ChevronUp from "@lucide/svelte/icons/chevron-up";
import Clock from "@lucide/svelte/icons/clock";
import Cloud from "@lucide/svelte/icons/cloud";
import CloudOff from "@lucide/svelte/icons/cloud-off";
import Code from "@lucide/svelte/icons/code";
import Copy from "@lucide/svelte/icons/copy";
import Database from "@lucide/svelte/icons/database";
import Device from "@lucide/svelte/icons/smartphone";
import Disk from "@lucide/svelte/icons/hard-drive";
import Download from "@lucide/svelte/icons/download";
import Edit from "@lucide/svelte/icons/pencil";
import External from "@lucide/svelte/icons/external-link";
import File from "@lucide/svelte/icons/file-text";
import Globe from "@lucide/svelte/icons/globe";
import Hand from "@lucide/svelte/icons/hand";
import Home from "@lucide/svelte/icons/house";
import Info from "@lucide/svelte/icons/info";
import Json from "@lucide/svelte/icons/braces";
import Key from "@lucide/svelte/icons/key-round";
import Languages from "@lucide/svelte/icons/languages";
import Laptop from "@lucide/svelte/icons/laptop";
import Link from "@lucide/svelte/icons/link";
import List from "@lucide/svelte/icons/list";
import LogOut from "@lucide/svelte/icons/log-out";
import Merge from "@lucide/svelte/icons/square-split-horizontal";
import Minus from "@lucide/svelte/icons/minus";
import Moon from "@lucide/svelte/icons/moon";
import More from "@lucide/svelte/icons/ellipsis";
import Panel from "@lucide/svelte/icons/panel-left";
import Play from "@lucide/svelte/icons/play";
import Plus from "@lucide/svelte/icons/plus";
import Retry from "@lucide/svelte/icons/rotate-ccw";
import Search from "@lucide/svelte/icons/search";
import Server from "@lucide/svelte/icons/server";
import Settings from "@lucide/svelte/icons/sliders-horizontal";
import Stop from "@lucide/svelte/icons/square";
import Split from "@lucide/svelte/icons/split";
import Terminal from "@lucide/svelte/icons/terminal";
import Trash from "@lucide/svelte/icons/trash-2";
import Undo from "@lucide/svelte/icons/undo-2";
import Upload from "@lucide/svelte/icons/upload";
import Users from "@lucide/svelte/icons/users";
import Workflow from "@lucide/svelte/icons/workflow";
import Wrap from "@lucide/svelte/icons/wrap-text";
import X from "@lucide/svelte/icons/x";
import Zoom from "@lucide/svelte/icons/maximize";

export const icons = {
  alert: AlertTriangle, book: Book, calendar: Calendar, chart: Chart, check: Check, clock: Clock, close: X, code: Code, copy: Copy, database: Database,
  disk: Disk, down: ChevronDown, download: Download, edit: Edit, external: External, file: File, fit: Zoom, follow: ArrowDown, globe: Globe, hand: Hand,
  home: Home, info: Info, json: Json, language: Languages, left: ChevronLeft, link: Link, list: List, minus: Minus, more: More, panel: Panel, play: Play, plus: Plus,
  retry: Retry, right: ChevronRight, search: Search, settings: Settings, split: Split, stop: Stop, terminal: Terminal, theme: Moon, trash: Trash, undo: Undo,
  cloud: Cloud, cloudOff: CloudOff, device: Device, key: Key, laptop: Laptop, logOut: LogOut, merge: Merge, server: Server, users: Users,
  up: ChevronUp, upload: Upload, workflow: Workflow, wrap: Wrap,
} as const;
export type IconName = keyof typeof icons;
/** The icon of a step type; a command's where nothing fits better. */
export const kindIcon = (type: string): IconName => {
  const known: Readonly<Record<string, IconName>> = {
    http: "globe", jq: "json", sqlite: "database", postgres: "database", log: "info", noop: "check", dag: "workflow", parallel: "workflow", router: "split", mail: "external", hitl: "hand", approval: "hand", js: "code",
  };
  return known[type] ?? "terminal";
};
