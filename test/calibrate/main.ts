import { tables } from "./tables.js";

/** `npm run calibrate`: what the statistics of `bench compare` are worth, as Markdown. Takes some minutes. */
for (const table of tables()) process.stdout.write(`${table}\n`);
