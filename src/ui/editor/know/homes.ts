/** Owns the gutter that says which steps do not run in this tab, and why. Refuses to know how that is decided. */
import { RangeSet, StateEffect, StateField, type Extension, type Range } from "@codemirror/state";
import { gutter, GutterMarker } from "@codemirror/view";
import type { Badge } from "../../../core/spec/portability.ts";
import { remarkText, rewriteText } from "../../format/words-of.ts";
import { t } from "../../i18n/words.svelte.ts";

export const showHomes = StateEffect.define<readonly Badge[]>();
const shownMax = 500;

class HomeMarker extends GutterMarker {
  readonly badge: Badge;
  constructor(badge: Badge) {
    super();
    this.badge = badge;
  }
  override eq(other: HomeMarker): boolean {
    return other.badge.home === this.badge.home && other.badge.step === this.badge.step;
  }
  override toDOM(): HTMLElement {
    const mark = document.createElement("span");
    mark.className = "cm-home";
    mark.textContent = "◆";
    const remark = this.badge.remarks.find((one) => one.home === this.badge.home);
    const words = `${t("port.why", { step: this.badge.step })}: ${t(`port.${this.badge.home}`)}. ${remark === undefined ? "" : remarkText(remark)}${remark === undefined ? "" : ` ${rewriteText(remark)}`}`.trim();
    mark.title = words;
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", words);
    return mark;
  }
}
const markers = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update: (now, transaction) => {
    const news = transaction.effects.find((effect) => effect.is(showHomes));
    if (news === undefined) return now.map(transaction.changes);
    const ranges: Range<GutterMarker>[] = [];
    for (const badge of (news.value as readonly Badge[]).filter((one) => one.home !== "here").slice(0, shownMax)) {
      if (badge.line >= 1 && badge.line <= transaction.state.doc.lines) ranges.push(new HomeMarker(badge).range(transaction.state.doc.line(badge.line).from));
    }
    return RangeSet.of(ranges, true);
  },
});
export const homesGutter: Extension = [markers, gutter({ class: "cm-homes", markers: (view) => view.state.field(markers) })];
