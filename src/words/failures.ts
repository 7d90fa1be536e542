import type { ErrorCode } from "../errors.js";
import { language } from "../text/language.js";
import { FAILURES as EN } from "./en/failures.js";
import { recognizer } from "./recognized.js";
import { say } from "./say.js";
import { sayer } from "./sayer.js";
import { FAILURES } from "./zh/failures.js";

const recognized = recognizer(EN);
const told = sayer(EN, FAILURES) as (key: string, values: Readonly<Record<string, string>>) => string;

/** By its code, where the sentence itself is not known. */
const ZH: Partial<Record<ErrorCode, string>> = {
  "isolation-not-permitted": "本机不允许建立网络命名空间，bench doctor 会说明怎样解决",
  "lab-failed": "实验环境搭建失败，bench doctor 会说明缺什么",
  "sysctl-refused": "内核不接受实验环境中的某个 sysctl 设置",
  "tool-missing": "缺少所需的程序，请先安装",
  "server-not-ready": "服务端没有及时就绪",
  "server-died": "服务端中途退出",
  "client-died": "客户端中途退出",
  "probe-died": "读取内核数据的进程中途退出",
  "process-lost": "与实验环境中的进程失去联系",
  "nothing-answered": "没有任何请求得到应答",
  "open-files-limit": "可打开的文件数太少，请提高上限：ulimit -n 1024",
  "out-of-resources": "内存、进程数或磁盘空间不足",
  "memory-too-small": "空闲内存不够，请关闭其他程序",
  "not-on-this-platform": "本平台不支持，可以用 --from 从录制结果授课",
};

/**
 * What to do about it in a lesson, a line for each way; one that is not known stays as it is. A lesson runs in labs alone: no
 * way goes without one.
 */
export function remedyInLab(hint: string): string {
  const ways = hint.split("\n").filter((line) => !line.includes("--isolation none"));
  return ways.map((line) => (language() === "en" ? line : (sentence(line) ?? line))).join("\n");
}

function sentence(english: string): string | null {
  const found = recognized(english);
  return found === null ? null : told(found.key, found.values);
}

/** Why something failed, for whoever looks on. In Chinese what is not known has what kind it is of before it. */
export function failure({ code, message }: { code: string; message: string }): string {
  const known = language() === "en" ? null : sentence(message);
  if (known !== null) return known;
  const text = language() === "zh" && Object.hasOwn(ZH, code) ? ZH[code as ErrorCode] : undefined;
  return text === undefined ? message : say("in-brackets", { text, more: message });
}
