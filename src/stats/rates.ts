/** How often something happened, and how often it could have: events and requests, say, of one trial. */
export interface Count {
  events: number;
  /** At least 1. */
  chances: number;
}

/**
 * How much more than Poisson's counts scatter where a connection is used again by chance, half the time, before any trial
 * tells: in comparisons of real services with themselves (a pool of Go's that is too small, who of two closes first).
 * Where every request opens a connection, or none does, nothing is left to chance.
 */
const BY_CHANCE = 3;
/** As if so many trials more had told that. */
const BELIEVED = 4;

/** What turns the square root of a small count into a value of nearly constant scatter (Anscombe 1948). */
const ANSCOMBE = 3 / 8;

/**
 * By how many standard deviations the rate of `head` lies above the rate of `base`; negative where it lies below. Counts
 * are taken to scatter as Poisson's do. Where the trials of the two sides scatter more among themselves, the deviation
 * counts for as much less (quasi-likelihood: McCullagh and Nelder 1989, section 4.5): events often come in clusters.
 */
export function deviationsApart(base: readonly Count[], head: readonly Count[]): number {
  const [b, h] = [total(base), total(head)];
  const apart = 2 * (root(h) - root(b));
  return apart / Math.sqrt((1 / h.chances + 1 / b.chances) * dispersion([base, head]));
}

function root({ events, chances }: Count): number {
  return Math.sqrt((events + ANSCOMBE) / chances);
}

/** Pearson's statistic for each degree of freedom, with what is known of such counts beforehand; never less than Poisson's. */
function dispersion(sides: readonly (readonly Count[])[]): number {
  const freedom = sides.reduce((sum, { length }) => sum + length - 1, 0);
  const squares = sides.flatMap((side) => {
    const { events, chances } = total(side);
    const expected = (of: Count): number => (of.chances * events) / chances;
    return events === 0 ? [] : side.map((of) => (of.events - expected(of)) ** 2 / expected(of));
  });
  const undecided = sides.map((side) => {
    const { events, chances } = total(side);
    const rate = Math.min(1, events / chances);
    return 4 * rate * (1 - rate);
  });
  const before = 1 + BY_CHANCE * Math.max(...undecided);
  const sum = BELIEVED * before + squares.reduce((all, square) => all + square, 0);
  return Math.max(1, sum / (BELIEVED + freedom));
}

function total(counts: readonly Count[]): Count {
  return {
    events: counts.reduce((sum, { events }) => sum + events, 0),
    chances: counts.reduce((sum, { chances }) => sum + chances, 0),
  };
}
