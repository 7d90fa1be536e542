/** After − before for each counter, by its name; zeros are left out, and what is new counts from nothing. */
export function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const changes: Record<string, number> = {};
  for (const [name, value] of Object.entries(after)) {
    const change = value - (before[name] ?? 0);
    if (change !== 0) changes[name] = change;
  }
  return changes;
}
