import { toldFindings, toldText } from "../findings/told.js";
import type { Finding } from "../findings/types.js";
import type { Warning } from "../result/types.js";
import { count } from "../text/figures.js";
import { toldWarning } from "../warnings/told.js";
import { sayNotice } from "../words/notices.js";
import { counted, term } from "../words/say.js";
import type { LiveNotice, LiveRun } from "./types.js";

/** A notice in words, without a full stop. */
export type ToldNotice = LiveNotice & { text: string };

/** What a run that goes on says in words, in the language of what is being drawn. */
export interface ToldRun {
  notices: ToldNotice[];
  findings: Finding[];
  warnings: Warning[];
}

export function toldRun({
  notices,
  findings,
  warnings,
  scenario,
}: Pick<LiveRun, "notices" | "findings" | "warnings" | "scenario">): ToldRun {
  return {
    notices: notices.map((notice) => ({ ...notice, text: noticeText(notice) })),
    findings: toldFindings(findings, scenario.variants),
    warnings: warnings.map(toldWarning),
  };
}

function noticeText(notice: LiveNotice): string {
  const { step, link } = notice;
  const at = { variant: "", step, link };
  const [from, to] = [term(link?.from ?? ""), term(link?.to ?? "")];
  switch (notice.code) {
    case "ports-half": {
      const { used, ports } = notice.figures;
      return sayNotice("ports-half", { from, to, used: count(used), ports: count(ports) });
    }
    case "ports-scarce":
    case "conntrack-full":
      return toldText(notice.code, notice.figures, at);
    case "ports-exhausted":
      return sayNotice("no-port", { from, to, requests: counted("request", notice.figures.noPort) });
    case "requests-failed": {
      const { failed, ended } = notice.figures;
      return sayNotice("failed", { failed: count(failed), ended: count(ended) });
    }
    case "buckets-overflow": {
      const { host, held, limit } = notice.figures;
      return sayNotice("bucket-limit", { host: term(host), held: count(held), limit: count(limit) });
    }
    case "holder":
      return sayNotice(`${notice.figures.closer}-gathers`);
  }
}
