import type { Logger } from '../../lib/logger.ts';
import { drawingOf, type Pictures, type Report } from '../../reports/index.ts';
import type { SlackClient } from '../client.ts';
import { upload, whenKnown } from './files.ts';
import { headlines, leadsName, type Page } from './lines.ts';
import { plainFact, type Shown, spanWords } from './view.ts';

/** Draws a report and puts the picture into Slack. Null when that fails: the numbers are there without it. */
export async function showPicture(
  deps: { pictures: Pictures; log: Logger },
  client: SlackClient,
  report: Report,
  page: Page,
): Promise<Shown | null> {
  try {
    const words = {
      title: `${report.period.title} · ${page.business}`,
      subtitle: spanWords(report),
      leads: leadsName(page.playbooks),
    };
    const bytes = await deps.pictures.draw(drawingOf(report, words));
    const { from, to } = report.period;
    const fileId = await upload(client, { name: `numbers-${from}-${to}.png`, title: words.title, bytes });
    if (!(await whenKnown(client, fileId))) return null;
    return { fileId, alt: altOf(report, page) };
  } catch (error) {
    deps.log.warn({ err: error }, 'a chart could not be shown, the numbers come without it');
    return null;
  }
}

function altOf(report: Report, page: Page): string {
  const facts = headlines(report, page).slice(0, 4).map(plainFact);
  return `${report.period.title}: bars per day of ${leadsName(page.playbooks).toLowerCase()}, replies and deals beside ${report.period.beforeTitle}. ${facts.join('. ')}.`;
}
