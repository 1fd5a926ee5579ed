import { setImmediate as othersTurn } from 'node:timers/promises';
import { printable } from './printable.ts';
import type { ShownLine, ShownRollup, ShownSums } from './shown.ts';

/** What the report of a project tells. */
export interface ProjectReport {
  readonly workspace: string;
  readonly project: { readonly projectId: string; readonly name: string };
  /** Days of the workspace's calendar, both of them whole. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  /** By month and model. */
  readonly rollup: ShownRollup;
}

/** Points; a page is A4, lying. */
const MARGIN = 40;
const BOTTOM = 595 - MARGIN;
const COLUMNS = [
  { title: 'Month', width: 45, align: 'left' },
  { title: 'Provider and model', width: 227, align: 'left' },
  { title: 'Requests', width: 60, align: 'right' },
  { title: 'Input tokens', width: 110, align: 'right' },
  { title: 'Output tokens', width: 110, align: 'right' },
  { title: 'Cached tokens', width: 100, align: 'right' },
  { title: 'US dollars', width: 110, align: 'right' },
] as const;
/** Lines that are written before whoever else asks has his turn: a few milliseconds. */
const LINES_A_TURN = 20;
/** Points between a column's end and the next one. */
const GAP = 8;

/** The report as PDF: the same bytes for the same report. */
export async function* projectPdf(report: ProjectReport): AsyncGenerator<Uint8Array> {
  // Loaded with the first report: who asks for none need not wait for it at the start.
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({
    size: 'A4', layout: 'landscape', margin: MARGIN, lang: 'en',
    info: { Title: printable(report.project.name), Producer: 'Halton Meter Cloud', Creator: 'Halton Meter Cloud', CreationDate: new Date(`${report.to}T00:00:00Z`) },
  });
  await write(document, report);
  document.end();
  yield* document as AsyncIterable<Uint8Array>;
}

async function write(document: PDFKit.PDFDocument, { workspace, project, from, to, timeZone, rollup }: ProjectReport): Promise<void> {
  document.font('Helvetica-Bold').fontSize(18).text(printable(project.name));
  document.font('Helvetica').fontSize(9);
  for (const line of [`Workspace: ${workspace}`, `Project: ${project.projectId}`, `From ${from} to ${to}, both days whole, in the time zone ${timeZone}`]) document.text(printable(line));
  document.moveDown();
  writeRow(document, COLUMNS.map(({ title }) => title), 'Helvetica-Bold');
  for (const [index, line] of rollup.lines.entries()) {
    writeRow(document, [line.start.slice(0, '2026-01'.length), nameOf(line), ...numbersOf(line)], 'Helvetica');
    if (index % LINES_A_TURN === 0) await othersTurn();
  }
  writeRow(document, ['Total', '', ...numbersOf(rollup.total)], 'Helvetica-Bold');
}

function writeRow(document: PDFKit.PDFDocument, cells: readonly string[], font: 'Helvetica' | 'Helvetica-Bold'): void {
  document.font(font).fontSize(8);
  const texts = COLUMNS.map(({ width, align }, index) => ({ text: printable(cells[index] ?? ''), options: { width: width - GAP, align } }));
  const height = Math.max(...texts.map(({ text, options }) => document.heightOfString(text, options)));
  if (document.y + height > BOTTOM) document.addPage();
  const { y } = document;
  let x = MARGIN;
  for (const [index, { text, options }] of texts.entries()) {
    document.text(text, x, y, options);
    x += COLUMNS[index]?.width ?? 0;
  }
  document.x = MARGIN;
  document.y = y + height + 2;
}

function nameOf({ name, group }: ShownLine): string {
  return name ?? group ?? '';
}

function numbersOf({ requests, inputTokens, outputTokens, cachedTokens, costUsd }: ShownSums): readonly string[] {
  return [requests, inputTokens, outputTokens, cachedTokens, costUsd];
}
