import { setTimeout as sleep } from 'node:timers/promises';
import { KnownError } from '../../lib/errors.ts';
import { readTable } from '../../reports/index.ts';
import { tenantPlaybooks } from '../../tenants/index.ts';
import { isGone, post } from '../card/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Action, Answer, Asked, Command } from '../feature.ts';
import { ownerOf, readAsk, USAGE, type Wanted, wantedFrom, wantedOf } from './ask.ts';
import { csvOf } from './csv.ts';
import type { ReportDeps } from './deps.ts';
import { businessesSeen, everywhere } from './everywhere.ts';
import { directMessage, upload } from './files.ts';
import { leadsBehind } from './leads.ts';
import type { Page } from './lines.ts';
import { showPicture } from './picture.ts';
import { CSV, imageBlock, kpiView, LEADS, PERIOD, SHARE, WHOSE, WHOSE_NEW } from './view.ts';

/** As long as this the numbers wait for their picture; then they come alone, and it follows. */
const PICTURE_MS = 2500;
/** Batches of events that are counted before numbers are shown; the workers do the rest. */
const FRESHEN = 2;

/** `/kpi` and its buttons. */
export function kpiFeature(deps: ReportDeps): { commands: Command[]; actions: Record<string, Action> } {
  const { clock, log } = deps;

  async function pageOf(asked: Asked): Promise<Page> {
    const { tenant } = asked;
    const [staff, settings] = await Promise.all([deps.staff.list(tenant.id), deps.tenants.settings(tenant.id)]);
    const playbooks = tenantPlaybooks(deps.playbooks, settings);
    return { business: tenant.name, staff, settings, playbooks, times: timesOf(asked, clock.now()) };
  }

  async function look(asked: Asked, wanted: Wanted) {
    await deps.counting.keepUp(FRESHEN).catch((error) => log.warn({ err: error }, 'numbers are shown as they are'));
    const [page, report] = await Promise.all([
      pageOf(asked),
      deps.reports.read(asked.tenant.id, ownerOf(wanted), wanted.period),
    ]);
    return { page, report, own: wanted.scope === asked.staff.id };
  }

  /** The numbers with their picture; a picture that takes long comes after them. */
  async function show(asked: Asked, wanted: Wanted, replace: { replace?: true }): Promise<void> {
    const { page, report, own } = await look(asked, wanted);
    const drawing = showPicture(deps, asked.slack, report, page);
    const soon = await Promise.race([drawing, sleep(PICTURE_MS, undefined, { ref: false })]);
    await asked.whisper({ ...kpiView(report, wanted, page, soon ?? null, { own, posted: false }), ...replace });
    if (soon !== undefined) return;
    asked.afterwards(async () => {
      const late = await drawing;
      if (late) await asked.whisper({ text: late.alt, blocks: [imageBlock(late)] });
    });
  }

  async function share(asked: Asked, wanted: Wanted): Promise<void> {
    const channel = asked.channelId;
    if (!channel || !(await deps.cards.outlets.usable(asked.tenant.id, channel))) throw notHere();
    const { page, report } = await look(asked, wanted);
    const shown = await showPicture(deps, asked.slack, report, page);
    const { text, blocks = [] } = kpiView(report, fixed(wanted), page, shown, { own: false, posted: true });
    await post(asked.slack, channel, { text, blocks }).catch((error) => {
      throw isGone(error) ? notHere() : error;
    });
  }

  async function sendCsv(asked: Asked, wanted: Wanted): Promise<Answer> {
    const rows = await deps.db.inTenant(asked.tenant.id, (tx) => readTable(tx, ownerOf(wanted), wanted.period));
    if (rows.length === 0)
      return { text: `There is nothing to put into a file: nothing was counted in ${wanted.period.title}.` };
    const { from, to, title } = wanted.period;
    const file = { name: `numbers-${from}-${to}.csv`, title: `Numbers, ${title}`, bytes: Buffer.from(csvOf(rows)) };
    await upload(asked.slack, file, await directMessage(asked.slack, asked.staff.slackUserId));
    return { text: `The file is in your direct messages with LeadRescue: ${file.name}` };
  }

  const action = (run: (asked: Asked, value: string) => Promise<void>): Action => ({ permission: 'kpi.see_own', run });
  const wanted = (asked: Asked, value: string) => wantedFrom(asked, value, clock.now());
  const turn = action((asked, value) => show(asked, wanted(asked, value), { replace: true }));
  return {
    commands: [
      {
        name: '/kpi',
        summary: 'The numbers: drives, replies, deals, answers, opt-outs and returns, against the period before.',
        usage: USAGE,
        permission: 'kpi.see_own',
        async run(asked, text) {
          if (readAsk(text, clock.now(), asked.tenant.zone).scope === 'all') {
            const businesses = await businessesSeen(deps, asked);
            if (businesses.some((id) => id !== asked.tenant.id)) {
              asked.afterwards(async () => asked.whisper(await everywhere(deps, businesses, text)));
              return undefined;
            }
          }
          const asks = wantedOf(asked, text, clock.now());
          asked.afterwards(() => show(asked, asks, {}));
          return undefined;
        },
      },
    ],
    actions: {
      [PERIOD]: turn,
      [WHOSE]: turn,
      [WHOSE_NEW]: action((asked, value) => show(asked, wanted(asked, value), {})),
      [SHARE]: action((asked, value) => share(asked, wanted(asked, value))),
      [CSV]: action(async (asked, value) => asked.whisper(await sendCsv(asked, wanted(asked, value)))),
      [LEADS]: action(async (asked, value) => asked.whisper(await leadsBehind(deps, asked, value))),
    },
  };
}

/** What is posted stays: its buttons mean the same days tomorrow. */
function fixed(wanted: Wanted): Wanted {
  const { from, to } = wanted.period;
  return { ...wanted, value: `${wanted.scope}|${from}..${to}` };
}

function notHere(): KnownError {
  const message =
    'Numbers cannot be posted here. Use one of your own channels that LeadRescue is in: /invite @LeadRescue.';
  return new KnownError('conflict', 'not a channel for numbers', message);
}
