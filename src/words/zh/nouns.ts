import type { EN_NOUNS } from "../en/nouns.js";

/** Each with its measure word. */
export const ZH_NOUNS: Readonly<Record<keyof typeof EN_NOUNS, string>> = {
  claim: "条说法",
  connection: "条连接",
  core: "核",
  expectation: "条预期",
  request: "个请求",
  trial: "轮",
  warning: "条警告",
};

/** Titles and labels of figures, by their English. */
export const ZH_TERMS: Readonly<Record<string, string>> = {
  Trials: "轮数",
  Requests: "请求",
  "per second": "每秒",
  "sent / failed": "发送 / 失败",
  Failed: "失败",
  Rate: "速率",
  "wanted / sent": "要求 / 实际",
  unsent: "未发出",
  Latency: "延迟",
  max: "最大",
  Uncorrected: "未校正延迟",
  Connect: "建连",
  "TLS handshake": "TLS 握手",
  "First byte": "首字节",
  Connections: "连接",
  opened: "新建",
  "Requests per connection": "每条连接的请求数",
  "TIME_WAIT server": "TIME_WAIT 服务端",
  "TIME_WAIT client": "TIME_WAIT 客户端",
  "TIME_WAIT proxy": "TIME_WAIT 代理",
  created: "产生",
  peak: "峰值",
  end: "结束时",
  "Closed first": "主动关闭方",
  client: "客户端",
  server: "服务端",
  proxy: "代理",
  reset: "RST",
  CPU: "CPU",
  "client / server": "客户端 / 服务端",
  Ended: "关闭原因",
};
