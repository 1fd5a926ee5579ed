import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `word` was probably meant to be, or undefined where none is near: at most a third of its letters differ. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const folded = word.toLowerCase();
  const best = closest(folded, candidates.map((candidate) => candidate.toLowerCase()));
  const found = candidates.find((candidate) => candidate.toLowerCase() === best);
  return found !== undefined && distance(folded, best) <= Math.floor(best.length / 3) ? found : undefined;
}
