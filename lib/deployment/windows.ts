import type { Refusal } from './problems.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** RDS takes no window shorter than this, in minutes (CreateDBInstance, PreferredBackupWindow and PreferredMaintenanceWindow). */
const SHORTEST_WINDOW = 30;

/** A maintenance window of more than this, in minutes, would meet every daily backup window. */
const LONGEST_MAINTENANCE = DAY - SHORTEST_WINDOW;

const TIME = '([01]\\d|2[0-3]):([0-5]\\d)';
const DAY_TIME = `(${DAYS.join('|')}):${TIME}`;

/** The form of a daily backup window, hh:mm-hh:mm. */
export const BACKUP_WINDOW_FORM = new RegExp(`^${TIME}-${TIME}$`);

/** The form of a weekly maintenance window, ddd:hh:mm-ddd:hh:mm. */
export const MAINTENANCE_WINDOW_FORM = new RegExp(`^${DAY_TIME}-${DAY_TIME}$`);

/** A stretch of time that comes again: both in minutes, the start counted from midnight or from Monday midnight. */
interface Window {
  readonly start: number;
  readonly length: number;
}

/** Refuses a daily window that is malformed or shorter than half an hour. */
export function judgeBackupWindow(text: string): readonly Refusal[] {
  const window = backupWindow(text);
  if (window === undefined) {
    return [
      { expected: 'a daily window in UTC of the form hh:mm-hh:mm, with hours from 00 to 23', mend: 'write it like 02:00-03:00' },
    ];
  }
  return judgeShortest(window);
}

/** Refuses a weekly window that is malformed, shorter than half an hour, or so long that no backup window is left. */
export function judgeMaintenanceWindow(text: string): readonly Refusal[] {
  const window = maintenanceWindow(text);
  if (window === undefined) {
    return [
      {
        expected: `a weekly window in UTC of the form ddd:hh:mm-ddd:hh:mm, with the days ${DAYS.join(', ')} in lower case`,
        mend: 'write it like sun:03:30-sun:04:30',
      },
    ];
  }
  if (window.length > LONGEST_MAINTENANCE) {
    return [
      {
        expected: 'at most 23 hours and 30 minutes, since a daily backup window has to find room beside it',
        mend: 'end it within a day of its start (are start and end swapped?)',
      },
    ];
  }
  return judgeShortest(window);
}

/** True where the daily backup meets the weekly maintenance, across midnight and the end of the week too; false if either is malformed. */
export function windowsOverlap(backup: string, maintenance: string): boolean {
  const daily = backupWindow(backup);
  const weekly = maintenanceWindow(maintenance);
  if (daily === undefined || weekly === undefined) return false;
  return DAYS.some((_, day) => meet({ start: day * DAY + daily.start, length: daily.length }, weekly));
}

function judgeShortest({ length }: Window): readonly Refusal[] {
  if (length >= SHORTEST_WINDOW) return [];
  return [
    {
      expected: `at least ${SHORTEST_WINDOW} minutes, the shortest window that RDS takes`,
      mend: `end it ${SHORTEST_WINDOW} minutes or more after its start`,
    },
  ];
}

function backupWindow(text: string): Window | undefined {
  const parts = BACKUP_WINDOW_FORM.exec(text);
  if (parts === null) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute] = parts;
  const start = Number(fromHour) * 60 + Number(fromMinute);
  const end = Number(toHour) * 60 + Number(toMinute);
  return { start, length: onCircle(end - start, DAY) };
}

function maintenanceWindow(text: string): Window | undefined {
  const parts = MAINTENANCE_WINDOW_FORM.exec(text);
  if (parts === null) return undefined;
  const [, fromDay = '', fromHour, fromMinute, toDay = '', toHour, toMinute] = parts;
  const start = DAYS.indexOf(fromDay) * DAY + Number(fromHour) * 60 + Number(fromMinute);
  const end = DAYS.indexOf(toDay) * DAY + Number(toHour) * 60 + Number(toMinute);
  return { start, length: onCircle(end - start, WEEK) };
}

/** Of two windows that meet, one begins inside the other. */
function meet(a: Window, b: Window): boolean {
  return onCircle(b.start - a.start, WEEK) < a.length || onCircle(a.start - b.start, WEEK) < b.length;
}

function onCircle(minutes: number, circle: number): number {
  return (minutes + circle) % circle;
}
