/** What days are put together to. */
export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

const DAY = 86_400_000;

/**
 * The day on which the period of a day begins: a week's is its Monday (ISO 8601).
 *
 * @param day by the calendar of a place, as 2026-01-31: days of a calendar are counted the same whether 23 or 25 hours long
 */
export function startOf(day: string, period: Period): string {
  switch (period) {
    case 'day':
      return day;
    case 'week': {
      const at = new Date(`${day}T00:00:00Z`);
      return dayOf(at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY);
    }
    case 'month':
      return `${day.slice(0, -2)}01`;
  }
}

/** How many days there are from one to another, both counted; none or fewer where the other is before it. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY + 1;
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, '2026-01-31'.length);
}
