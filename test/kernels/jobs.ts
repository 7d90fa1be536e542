/** What is done under each kernel: `name seconds arguments of bench`, as `inside` reads it. */

/** Everything is slow there: a server may take a minute to start. */
const PATIENT = ["--set", "server.readyTimeout=2m", "--trials", "1", "--quiet"];

export interface Job {
  name: string;
  /** It is ended after so long. */
  seconds: number;
  arguments: readonly string[];
}

const FEW = ["--connections", "5", "--duration", "5s"];

export function jobs(claims: readonly string[]): Job[] {
  return [
    { name: "doctor", seconds: 300, arguments: ["doctor"] },
    run("main-job", ["close-vs-keepalive", ...FEW]),
    run("observers", ["/checkout/test/kernels/observers.yaml"]),
    run("cable", ["/checkout/test/kernels/cable.yaml"]),
    ...claims.map((claim) => run(`claim.${claim}`, [`claims/${claim}`])),
  ];
}

function run(name: string, what: readonly string[]): Job {
  return { name, seconds: 600, arguments: ["run", ...what, ...PATIENT, "--output", `/out/${name}.json`] };
}

export function orderOf(list: readonly Job[]): string {
  return list.map(({ name, seconds, arguments: words }) => `${name} ${seconds} ${words.join(" ")}\n`).join("");
}
